//! What a page asks its shell of the command before: to keep that costs time, and is
//! done where a page does ask.

use super::Plan;

/// Names of what a pipeline's parts ended with, in bash and in zsh.
const PARTS: [&str; 2] = ["PIPESTATUS", "pipestatus"];

impl Plan {
    /// Whether a command of the page reads the last argument of the command before (`$_`),
    /// or what the parts of its pipeline ended with.
    pub(crate) fn asks_of_the_command_before(&self) -> bool {
        let steps = self.steps.iter().map(|planned| &planned.command);
        let hidden = self.hidden_setup.iter().chain(&self.hidden_cleanup);
        let hidden = hidden.map(|hidden| &hidden.command);
        steps.chain(hidden).any(|command| asks(command))
    }
}

fn asks(command: &str) -> bool {
    let reads_last = |rest: &str| {
        let name = rest.strip_prefix('{').unwrap_or(rest);
        let after = name.strip_prefix('_').map(|rest| rest.chars().next());
        after.is_some_and(|next| !next.is_some_and(|next| next.is_alphanumeric() || next == '_'))
    };
    PARTS.iter().any(|name| command.contains(name))
        || command.match_indices('$').any(|(at, _)| reads_last(&command[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_reads_it_asks() {
        for command in ["cd $_", "cd \"$_\"", "cd ${_}", "echo ${_##*/}", "echo ${PIPESTATUS[1]}"] {
            assert!(asks(command), "{command}");
        }
        for command in ["echo $_x", "echo ${_x}", "echo $__", "echo $x_", "echo _ $", "a | b"] {
            assert!(!asks(command), "{command}");
        }
    }
}
