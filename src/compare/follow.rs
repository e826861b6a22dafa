//! Commands follow the page's identities: a recorded name in a later command is
//! replaced by the one that stands for it in this run.

use super::bindings::Bindings;
use super::value::{Piece, Space, Type, pieces};

/// The command with each whole token that is bound replaced; none where that
/// changes nothing. Plain numbers are never replaced.
pub(crate) fn follow(bindings: &Bindings, command: &str) -> Option<String> {
    let mut followed = String::with_capacity(command.len());
    let found = pieces(command);
    for (index, piece) in found.iter().enumerate() {
        let value = match piece {
            Piece::Value(Type::Identity(space), value) => bound(bindings, space, value),
            Piece::Value(..) => None,
            Piece::Text(word) => bound(bindings, &Space::Pod, word)
                .or_else(|| {
                    bound(bindings, &Space::Node, word).filter(|_| names_node(&found[..index]))
                })
                .or_else(|| {
                    bound(bindings, &Space::NodePort, word)
                        .filter(|_| follows_host(&found[..index]))
                })
                .or_else(|| bound(bindings, &Space::Container, word)),
        };
        followed.push_str(value.unwrap_or(piece.as_str()));
    }
    (followed != command).then_some(followed)
}

fn bound<'b>(bindings: &'b Bindings, space: &Space, value: &str) -> Option<&'b str> {
    bindings.new_of(space, value).map(|bound| bound.value.as_str())
}

/// Whether what stands before is a place for a node's name: nodes are often
/// called like the program that made them (`minikube`).
fn names_node(before: &[Piece<'_>]) -> bool {
    let last: String = before.iter().rev().take(4).rev().map(Piece::as_str).collect();
    ["node/", "nodes/", "no/", "node ", "nodes ", "no ", "nodeName=", "drain ", "cordon "]
        .iter()
        .any(|start| last.ends_with(start))
}

/// Whether what stands before is `HOST:`.
fn follows_host(before: &[Piece<'_>]) -> bool {
    match before {
        [.., host, colon] => {
            colon.as_str() == ":"
                && host.as_str().ends_with(|char: char| char.is_ascii_alphanumeric() || char == ']')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings() -> Bindings {
        let mut bindings = Bindings::default();
        for (space, old, new) in [
            (Space::Pod, "app-67f77f58f8-hj279", "app-5b7575787d-8k97x"),
            (Space::Pod, "kube-proxy-x8k2d", "kube-proxy-zz9fd"),
            (Space::TemplateHash, "67f77f58f8", "5b7575787d"),
            (
                Space::Uid,
                "ef4064c4-3d80-4a72-9f5c-28e597a8ffa1",
                "11111111-3d80-4a72-9f5c-28e597a8ffa1",
            ),
            (Space::Address, "10.244.0.220", "10.244.0.7"),
            (Space::Node, "minikube", "labbook"),
            (Space::NodePort, "31234", "30999"),
            (Space::Number("cat x".into()), "16", "37"),
        ] {
            bindings.bind(&space, old, new, 1).expect("free");
        }
        bindings
    }

    #[test]
    fn whole_names_and_addresses_are_followed() {
        for (command, followed) in [
            (
                "kubectl logs pod/app-67f77f58f8-hj279 -f",
                "kubectl logs pod/app-5b7575787d-8k97x -f",
            ),
            ("kubectl delete pod kube-proxy-x8k2d", "kubectl delete pod kube-proxy-zz9fd"),
            ("kubectl get rs app-67f77f58f8", "kubectl get rs app-5b7575787d"),
            (
                "kubectl get pv pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1",
                "kubectl get pv pvc-11111111-3d80-4a72-9f5c-28e597a8ffa1",
            ),
            ("curl http://10.244.0.220:5000/", "curl http://10.244.0.7:5000/"),
            ("curl localhost:31234/x", "curl localhost:30999/x"),
            ("kubectl drain minikube", "kubectl drain labbook"),
        ] {
            assert_eq!(follow(&bindings(), command).as_deref(), Some(followed), "{command}");
        }
    }

    #[test]
    fn numbers_parts_and_programs_stay() {
        for command in [
            "echo 16",
            "sleep 31234",
            "minikube ssh",
            "curl 10.244.0.22",
            "kubectl logs my-app-67f77f58f8-hj279x",
            "kubectl get pods",
        ] {
            assert_eq!(follow(&bindings(), command), None, "{command}");
        }
    }
}
