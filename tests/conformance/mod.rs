//! The conformance suite of sessions: one table of behaviours, a page each with what must
//! come out, that every kind of session passes.
//!
//! `cargo test --test labbook conformance` runs it, and with `LABBOOK_BEHAVIOUR=WORD` only
//! the behaviours whose names hold that word. A kind that does not have a behaviour stands
//! in the behaviour's own entry, with the reason.

mod blocking;
mod ends;
mod input;
mod output;
mod processes;
mod runner;
mod state;
mod syntax;
mod typed;
mod unrun;

use std::collections::BTreeSet;

use runner::Tried;

use crate::support::install_shell;

/// What a page's commands do in a session.
pub(crate) struct Behaviour {
    /// A sentence, without its end.
    name: &'static str,
    /// A page. The language of its fences is `SHELL`, and `PORT` a port that is free.
    page: &'static str,
    /// A line a step, as [`runner::told`] gives it; `…` stands for anything.
    comes: &'static [&'static str],
    /// The kinds of session that it does not hold for, and why.
    not: &'static [(Kind, &'static str)],
}

/// A kind of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// bash, whose commands have pipes.
    Bash,
    /// bash, whose commands have a terminal.
    Terminal,
    /// dash, whose commands have pipes.
    Dash,
    /// zsh, whose commands have pipes.
    Zsh,
}

impl Kind {
    /// The language of a fence whose commands run so.
    fn language(self) -> &'static str {
        match self {
            Self::Bash | Self::Terminal => "bash",
            Self::Dash => "dash",
            Self::Zsh => "zsh",
        }
    }

    /// What a page begins with so that its commands run so.
    fn preamble(self) -> &'static str {
        match self {
            Self::Terminal => "<!-- labbook:page tty = true -->\n",
            Self::Bash | Self::Dash | Self::Zsh => "",
        }
    }
}

/// The whole table.
fn behaviours() -> Vec<&'static Behaviour> {
    let rooms: [&'static [Behaviour]; 9] = [
        state::TABLE,
        syntax::TABLE,
        ends::TABLE,
        output::TABLE,
        input::TABLE,
        processes::TABLE,
        blocking::TABLE,
        typed::TABLE,
        unrun::TABLE,
    ];
    rooms.into_iter().flatten().collect()
}

/// Runs what holds for a kind of session, and says of which behaviours another thing came.
fn every_behaviour_of(kind: Kind) {
    let word = std::env::var("LABBOOK_BEHAVIOUR").unwrap_or_default();
    let behaviours = behaviours().into_iter().filter(|one| {
        one.name.contains(&word) && !one.not.iter().any(|(without, _)| *without == kind)
    });
    let tried = runner::try_all(kind, &behaviours.collect::<Vec<_>>());
    let failed: Vec<String> = tried.iter().filter_map(Tried::failure).collect();
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), tried.len(), failed.join("\n"));
}

#[test]
fn bash_with_pipes() {
    every_behaviour_of(Kind::Bash);
}

#[test]
fn bash_with_a_terminal() {
    every_behaviour_of(Kind::Terminal);
}

#[test]
fn dash_with_pipes() {
    install_shell("dash");
    every_behaviour_of(Kind::Dash);
}

#[test]
fn zsh_with_pipes() {
    install_shell("zsh");
    every_behaviour_of(Kind::Zsh);
}

#[test]
fn the_table_says_each_thing_once_and_why_it_does_not_hold() {
    let behaviours = behaviours();
    let names: BTreeSet<&str> = behaviours.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), behaviours.len(), "each has a name of its own");
    assert!(behaviours.len() >= 60, "{} behaviours", behaviours.len());
    for Behaviour { name, page, comes, not } in behaviours {
        assert!(page.contains("```SHELL") && !comes.is_empty(), "{name}");
        assert!(not.iter().all(|(_, why)| why.split(' ').count() > 2), "{name}: say why");
    }
}
