//! How a command that does not return by itself is run.

use crate::lab::directives::{Pattern, Settings};
use crate::lab::words::Script;
use crate::lab::{Opened, Step, without_wrappers};

/// How long a command runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Conduct {
    /// To its end, which comes by itself.
    #[default]
    Whole,
    /// On and on, until the page ends: it forwards or serves. The next step comes
    /// once it is ready.
    Background {
        /// What it prints when it is ready, where the page says so.
        until: Option<Pattern>,
    },
    /// Until its prompt waits: it opens a program that the next steps are typed in.
    Opens,
    /// It is typed in the program that the step on this line opened, until the prompt is
    /// back.
    Typed {
        /// The line, counted from 1.
        line: usize,
    },
    /// Until it has shown what the page shows: it watches or follows. Then it is
    /// interrupted, as a person would with Ctrl-C.
    Watched {
        /// What it must have shown, where the page says so.
        until: Option<Pattern>,
    },
}

impl Conduct {
    /// How a step's command is run, for which the page sets this.
    pub(super) fn of(command: &str, step: &Step, set: Option<&Settings>) -> Self {
        let flags = step.flags;
        match step.inside {
            Some(Opened { line, .. }) => return Self::Typed { line },
            None if step.opens => return Self::Opens,
            None => {}
        }
        let until = set.and_then(|set| set.pattern("until")).cloned();
        let background = set.and_then(|set| set.flag("background"));
        match background {
            Some(true) => Self::Background { until },
            None if flags.blocking && serves(command) => Self::Background { until },
            _ if until.is_some() || flags.blocking => Self::Watched { until },
            _ => Self::Whole,
        }
    }

    /// What is done, as a clause of which the command is the subject; none where it
    /// runs to its end.
    pub fn told(&self) -> Option<String> {
        let told = match self {
            Self::Whole => None,
            Self::Opens => Some("opens the program in which the next steps are typed"),
            Self::Typed { line } => {
                return Some(format!("is typed in the program that line {line} opens"));
            }
            Self::Background { until: None } => Some("runs in the background until the page ends"),
            Self::Background { until: Some(_) } => {
                Some("runs in the background until the page ends; the next step waits for `until`")
            }
            Self::Watched { until: None } => {
                Some("is interrupted once it has shown what the page shows")
            }
            Self::Watched { until: Some(_) } => Some("is interrupted once `until` matches"),
        };
        told.map(str::to_owned)
    }
}

/// Whether a command forwards or serves, so that other commands need it running.
fn serves(command: &str) -> bool {
    const SHOWING: [&str; 10] =
        ["get", "logs", "describe", "exec", "apply", "create", "delete", "run", "top", "events"];
    Script::new(command).commands().iter().filter(|simple| !simple.block).any(|simple| {
        let words: Vec<&str> =
            without_wrappers(&simple.words).iter().map(|word| word.text.as_str()).collect();
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let dashes = arguments.iter().position(|word| *word == "--");
        let own = &arguments[..dashes.unwrap_or(arguments.len())];
        // `get pods -w -n proxy` asks for something else.
        let given = |commands: &[&str]| {
            let at = own.iter().position(|word| commands.contains(word));
            at.is_some_and(|at| !own[..at].iter().any(|word| SHOWING.contains(word)))
        };
        match program.rsplit('/').next().unwrap_or(program) {
            "kubectl" | "k" | "oc" | "kubecolor" | "hubble" => given(&["port-forward", "proxy"]),
            "istioctl" | "linkerd" | "cilium" | "dapr" | "argocd" => {
                given(&["dashboard", "port-forward"])
            }
            "minikube" => given(&["tunnel", "mount", "dashboard", "service"]),
            "docker" | "podman" | "nerdctl" | "docker-compose" => given(&["up"]),
            "npm" | "yarn" | "pnpm" => given(&["start", "dev", "serve"]),
            "python" | "python3" => given(&["http.server", "runserver"]),
            "skaffold" | "tilt" => given(&["dev", "up"]),
            "vault" => given(&["server"]),
            "sleep" => given(&["infinity", "inf"]),
            "flask" | "uvicorn" | "gunicorn" | "nodemon" | "kubeshark" | "ngrok"
            | "cloudflared" => true,
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Conduct, serves};
    use crate::lab::Step;

    #[test]
    fn what_other_commands_need_is_told_from_what_shows_something() {
        for command in [
            "kubectl port-forward service/web 8080:80",
            "sudo -E kubectl -n x port-forward pod/web 80 --address 0.0.0.0",
            "kubectl proxy --port=8001",
            "minikube tunnel",
            "python3 -m http.server 8000",
            "vault server -dev",
            "docker compose up",
            "sleep infinity",
        ] {
            assert!(serves(command), "{command}");
        }
        for command in [
            "kubectl get pods --watch",
            "kubectl logs -f web",
            "kubectl exec web -- kubectl proxy",
            "tail -f /var/log/syslog",
            "watch kubectl get pods",
            "while true; do curl http://web; sleep 1; done",
            "while sleep 1; do kubectl get pods; done",
            "kubectl logs -f proxy",
            "kubectl get pods -w -n proxy",
        ] {
            assert!(!serves(command), "{command}");
        }
    }

    #[test]
    fn what_ends_by_itself_runs_to_its_end() {
        let of = |command: &str, blocking| {
            let flags = crate::lab::Flags { blocking, ..Default::default() };
            Conduct::of(command, &Step { flags, ..Step::default() }, None)
        };
        assert_eq!(of("kubectl get pods", false), Conduct::Whole);
        assert_eq!(of("kubectl get pods -w", true), Conduct::Watched { until: None });
        assert_eq!(of("kubectl proxy", true), Conduct::Background { until: None });
        assert_eq!(of("kubectl proxy &", false), Conduct::Whole);
        assert_eq!(Conduct::Whole.told(), None);
    }
}
