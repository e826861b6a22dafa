//! Pages whose fences are for several shells.

use labbook::plan::Effect;
use labbook::plan::Interpreter::{self, Bash, Dash, Sh, Zsh};
use labbook::record::{Event, Verdict};

use super::{Bench, story};
use crate::support::install_shell;

fn bench(steps: &[(Interpreter, &str, Option<&str>)]) -> Bench {
    for (interpreter, ..) in steps {
        install_shell(interpreter.program());
    }
    steps.iter().fold(Bench::new(), |bench, (interpreter, text, output)| {
        bench.step(text, *output).but(|step| {
            step.interpreter = *interpreter;
            step.effect = Effect::Changes;
        })
    })
}

/// What each attempt printed.
fn printed(events: &[Event]) -> Vec<String> {
    let attempts = events.iter().filter_map(|event| match event {
        Event::AttemptEnded(attempt) => Some(attempt.output.text().into_owned()),
        _ => None,
    });
    attempts.collect()
}

#[tokio::test]
async fn directory_and_variables_go_from_shell_to_shell() {
    let bench = bench(&[
        (Bash, "A=plain; export B='it'\"'\"'s \\ $x'; unset HOME; f() { echo f; }", None),
        (Bash, "C=$'two\\nlines'; declare -i n=3; readonly r=1; mkdir d; cd d", None),
        (Sh, "echo $A; echo \"$B\"; echo \"$C\" $n $r ${PWD##*/} ${HOME-gone} $0", None),
        (Sh, "env | grep -c '^[ABC]='; f", None),
        (Sh, "A=other; unset C; D='-n'; export D; cd ..; mkdir \"e ' f\"; cd \"e ' f\"", None),
        (
            Zsh,
            "echo $A ${C-gone} $r ${D} ${PWD##*/} ${ZSH_VERSION:+zsh}; n=4; g() { echo g; }",
            None,
        ),
        (Bash, "echo $A ${C-gone} $n $D ${PWD##*/}; f; echo ${BASH_VERSION:+bash} ${UID}", None),
        (Zsh, "g; cd /", None),
        (Dash, "pwd; echo $n $A", None),
    ]);
    let (result, events) = bench.run().await;
    result.expect("it runs");
    assert_eq!(
        printed(&events)[2..],
        [
            "plain\nit's \\ $x\ntwo\nlines 3 1 d gone sh\n",
            "1\nsh: 1: eval: f: not found\n",
            "",
            "other gone 1 -n e ' f zsh\n",
            "other gone 4 -n e ' f\nf\nbash 0\n",
            "g\n",
            "/\n4 other\n",
        ]
    );
}

#[tokio::test]
async fn each_shell_is_one_session_that_outlives_errors() {
    for shell in [Bash, Sh, Dash, Zsh] {
        let bench = bench(&[
            (shell, "x=1; alias say='echo said'; exec 3>kept", None),
            (shell, "say ${nope:?never}; echo unseen", None),
            (shell, "set -u; echo $nothing; echo unseen", None),
            (shell, "set +u; fi", None),
            (shell, "false; sleep 1000 & jobs=$!", None),
            (shell, "say $x $?; echo kept >&3; cat kept; kill $jobs", None),
            (shell, "exit 7", None),
            (shell, "echo on", None),
        ]);
        let (result, events) = bench.run().await;
        let verdicts = result.expect("it runs").steps;
        let printed = printed(&events);
        assert!(!printed.concat().contains("unseen"), "{shell}: {printed:?}");
        assert_eq!(printed[5], "said 1 0\nkept\n", "{shell}: {printed:?}");
        assert_eq!(printed[7], "on\n", "{shell}");
        assert_eq!(verdicts[7], Verdict::Ran, "{shell}: {:?}", story(&events));
    }
}

#[tokio::test]
async fn a_shell_that_is_not_there_is_told_and_the_others_run() {
    // The lab stands on an overlay.
    let bench = bench(&[
        (Bash, "rm -f $(type -ap zsh)", None),
        (Zsh, "echo never", None),
        (Bash, "echo on", Some("on")),
    ]);
    let (result, events) = bench.run().await;
    let verdicts = result.expect("it runs").steps;
    assert_eq!(verdicts, [Verdict::Ran, Verdict::NotRun, Verdict::Same], "{:?}", story(&events));
    assert!(story(&events).contains(&"ended NotRun no-shell".to_owned()), "{:?}", story(&events));
}

#[tokio::test]
async fn what_an_exit_trap_prints_at_the_end_is_late_output() {
    for shell in [Bash, Sh, Zsh] {
        let bench = bench(&[(shell, "trap 'echo bye' EXIT", None), (shell, "echo hi", Some("hi"))]);
        let (result, events) = bench.run().await;
        assert_eq!(result.expect("it runs").steps, [Verdict::Ran, Verdict::Same]);
        let story = story(&events);
        assert!(story.contains(&"late 1 \"bye\\n\"".to_owned()), "{shell}: {story:?}");
    }
}

#[tokio::test]
async fn history_has_the_commands_of_the_page() {
    for (shell, history) in [
        (Bash, "    1  echo one\n    2  echo $?\n    3  fc -l; history\n"),
        (Zsh, "    1  echo one\n    2  echo $?\n"),
    ] {
        let bench = bench(&[
            (shell, "echo one", None),
            (shell, "echo $?", None),
            (shell, "fc -l; history", None),
        ]);
        let (result, events) = bench.run().await;
        result.expect("it runs");
        let printed = printed(&events);
        assert!(printed[2].contains(history), "{shell}: {printed:?}");
        assert!(!printed[2].contains("printf"), "no line of labbook's: {printed:?}");
    }
}
