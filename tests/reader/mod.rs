//! The reader on pages that nobody would write: its laws, and bad input.

mod laws;

use proptest::prelude::*;

/// Pieces of pages: fences, prompts, commands, what they print, bytes that are no text.
const PIECES: [&[u8]; 73] = [
    b"```\n",
    b"```sh\n",
    b"```console\n",
    b"~~~~\n",
    b"```{{exec}}\n",
    b"````text\n",
    b"\t```bash\n",
    b"\n",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"    ",
    b"> ",
    b"- ",
    b"1. ",
    b"$ ",
    b"# ",
    b"% ",
    b"PS C:\\> ",
    b"user@host:~$ ",
    b"/ # ",
    b">>> ",
    b"mysql> ",
    b"kubectl get pods",
    b"kubectl apply -f x.yaml",
    b"kubectl exec -it a -- sh",
    b"ls \\",
    b"cat <<EOF",
    b"EOF",
    b"for i in 1 2; do",
    b"done",
    b"'",
    b"\"",
    b"$(",
    b"${",
    b"`",
    b"| ",
    b"&& ",
    b"# a comment",
    b"NAME   READY   STATUS   AGE",
    b"web-0  1/1     Running  3s",
    b"pod/web created",
    b"Error from server (NotFound): x",
    b"...",
    b"{\"a\": 1}",
    b"apiVersion: v1",
    b"Output:",
    b"<details>\n",
    b"</details>\n",
    b"<!-- labbook: skip = \"x\" -->\n",
    b"<!--",
    b"-->",
    b"---\n",
    b"\xef\xbb\xbf",
    b"\xe2\x80\x8b",
    b"\xc2\xa0",
    b"\xe3\x80\x80",
    b"lab> ",
    b"COMMAND: ",
    b"sudo ",
    b" <<E ",
    b"```powershell\n",
    b"docker rm a\n",
    b"docker run -d b\n",
    b"curl http://a\n",
    b"0123456789ab\n",
    b"`\n",
    b"\xff",
    b"\0",
    b"\x1b[1m",
    b"\xe2\x80\x9c",
];

fn page() -> impl Strategy<Value = Vec<u8>> {
    let pieces = proptest::sample::select(&PIECES[..]);
    proptest::collection::vec(pieces, 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_laws_of_the_reader_hold_for_pages(page in page()) {
        laws::hold(&page);
    }

    #[test]
    fn the_laws_of_the_reader_hold_for_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        laws::hold(&bytes);
    }
}

/// Reads a page that nobody would write. A quadratic way does not come to its end.
fn returns(page: &str) {
    laws::hold(page.as_bytes());
}

#[test]
fn containers_of_any_depth_are_read() {
    let lazy = "a\n".repeat(50_000);
    for marker in [">", "> ", "- ", "1. ", "> - ", "-\t"] {
        returns(&format!("{} a\n{lazy}", marker.repeat(10_000)));
        returns(&format!("{}```\n{lazy}```\n", marker.repeat(10_000)));
    }
    returns(&"- ".repeat(100_000));
    let quoted = format!("{}```\n", ">".repeat(100));
    returns(&quoted.repeat(2_000));
}

#[test]
fn brackets_of_any_depth_are_read() {
    for open in [
        "$(",
        "((",
        "( ",
        "<(",
        "${",
        "`",
        "{ ",
        "if ",
        "'",
        "\"",
        "<<E ",
        "\\a",
        "[",
        "![",
        "*a **b ",
        "kubectl exec -- ",
    ] {
        let deep = open.repeat(10_000);
        returns(&format!(
            "{deep}\n\n```sh\nls {deep}\n{deep}\n```\n\n```console\n$ ls {deep}\na\n```\n"
        ));
    }
}

#[test]
fn pages_of_any_size_are_read() {
    returns(&"```sh\nls\n```\n".repeat(10_000));
    returns(&"```console\n$ ls\na\n".repeat(10_000));
    returns(&"a\n\n    ```sh\n    ls\n".repeat(10_000));
    returns(&(3..1_000).rev().map(|marks| "`".repeat(marks) + "\n").collect::<String>());
    returns(&format!("```\n$ ls\n{}\n```\n", "a ".repeat(200_000)));
    returns(&format!("```sh\nls {}\n```\n", "a ".repeat(50_000)));
    returns(&"\n".repeat(1_000_000));
}
