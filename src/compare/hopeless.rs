//! Failures that waiting does not mend: the command itself is wrong here.

/// Whether a line says so: a program or a resource type that is not there, or
/// arguments that a program does not know. What may still come about (an object,
/// an answer, a right) is none of them.
pub(crate) fn is_hopeless(line: &str) -> bool {
    let said = without_speaker(line);
    WRONG_ARGUMENTS.iter().chain(NOT_THERE).any(|start| said.starts_with(start))
        || line.starts_with("Error in configuration: context was not found")
        || said.contains(r#"err="required flag(s) "#)
        // The container's own programs.
        || line.contains("executable file not found in $PATH")
        || is_shells(line)
}

/// How cobra (kubectl, helm, docker, kind) and getopt (GNU's and busybox's
/// programs) say that a command line is wrong.
const WRONG_ARGUMENTS: &[&str] = &[
    "unknown flag: ",
    "unknown shorthand flag: ",
    "unknown command ",
    "unknown command: ",
    "invalid argument \"",
    "required flag(s) ",
    "unrecognized option",
    "invalid option -- ",
];

/// What kubectl says of what its configuration, the server or the disk lacks.
const NOT_THERE: &[&str] = &[
    "the path \"",
    "the server doesn't have a resource type",
    "resource mapping not found",
    "current-context is not set",
    "no context exists with the name",
    "context \"",
];

/// The line without `error: ` or the name of the program that says it.
fn without_speaker(line: &str) -> &str {
    match line.split_once(": ") {
        Some((speaker, said)) if !speaker.contains(char::is_whitespace) => said,
        _ => line,
    }
}

/// `bash: x: command not found`, `sh: 1: x: not found`, `bash: syntax error …`.
fn is_shells(line: &str) -> bool {
    let Some((shell, said)) = line.split_once(": ") else {
        return false;
    };
    matches!(shell.rsplit('/').next(), Some("bash" | "sh" | "ash" | "dash"))
        && (said.ends_with(": not found")
            || said.ends_with(": command not found")
            || said.contains("syntax error")
            || said.contains("unexpected EOF while looking for matching"))
}

#[cfg(test)]
mod tests {
    use super::is_hopeless;

    #[test]
    fn what_is_wrong_with_the_command_stays_wrong() {
        for line in [
            "error: unknown flag: --shwo",
            "Error: unknown flag: --shwo",
            "unknown shorthand flag: 'z' in -z",
            "error: unknown command \"gte\" for \"kubectl\"",
            "docker: unknown command: docker gte",
            "error: invalid argument \"x\" for \"--tail\" flag: no number",
            "ls: unrecognized option '--shwo'",
            "grep: invalid option -- 'j'",
            "bash: kubctl: command not found",
            "/bin/sh: 1: kubctl: not found",
            "bash: syntax error near unexpected token `)'",
            "error: the server doesn't have a resource type \"pdos\"",
            "error: the path \"a.yaml\" does not exist",
            "error: context \"dev\" does not exist",
            "exec failed: exec: \"vim\": executable file not found in $PATH: unknown",
        ] {
            assert!(is_hopeless(line), "{line}");
        }
    }

    #[test]
    fn what_may_still_come_about_is_waited_for() {
        for line in [
            "Error from server (NotFound): pods \"a\" not found",
            "Error from server (Forbidden): pods is forbidden",
            "error: unable to upgrade connection: container not found (\"a\")",
            "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout",
            "curl: (7) Failed to connect to a port 80: Connection refused",
            "** server can't find a: NXDOMAIN",
            "bash: a.txt: No such file or directory",
            "context deadline exceeded",
            "No resources found in default namespace.",
        ] {
            assert!(!is_hopeless(line), "{line}");
        }
    }
}
