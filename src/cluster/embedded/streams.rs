//! The pipes between a cluster's owner and its first process.

use std::path::Path;
use std::process::Child;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout};

use super::EmbeddedError;
use super::protocol::{Order, Progress};

/// The standard streams of a sandbox, which its first process speaks through.
pub(super) struct Streams {
    /// The sandbox lives for as long as this is open.
    pub(super) orders: ChildStdin,
    /// A message a line.
    pub(super) words: Lines<BufReader<ChildStdout>>,
    errors: ChildStderr,
}

impl Streams {
    /// Takes the streams of the process that makes the sandbox.
    pub(super) fn take(boot: &mut Child) -> Result<Self, EmbeddedError> {
        let failed = |error| EmbeddedError::io("read from", Path::new("the sandbox"), error);
        let missing = || failed(std::io::Error::other("its streams are not piped"));
        let orders = boot.stdin.take().ok_or_else(missing)?;
        let words = boot.stdout.take().ok_or_else(missing)?;
        let errors = boot.stderr.take().ok_or_else(missing)?;
        let words = ChildStdout::from_std(words).map_err(failed)?;
        Ok(Self {
            orders: ChildStdin::from_std(orders).map_err(failed)?,
            words: BufReader::new(words).lines(),
            errors: ChildStderr::from_std(errors).map_err(failed)?,
        })
    }

    /// Says something to the first process.
    pub(super) async fn order(&mut self, order: &Order) -> Result<(), EmbeddedError> {
        let failed = |error| EmbeddedError::io("write to", Path::new("the sandbox"), error);
        let mut line = serde_json::to_vec(order).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.orders.write_all(&line).await.map_err(failed)
    }

    /// The next message; an error where the sandbox ended.
    pub(super) async fn next(&mut self) -> Result<Progress, EmbeddedError> {
        if let Ok(Some(line)) = self.words.next_line().await {
            return serde_json::from_str(&line).map_err(|error| EmbeddedError::Start {
                why: format!("the first process said {line:?}: {error}"),
            });
        }
        let mut words = String::new();
        let _ = self.errors.read_to_string(&mut words).await;
        Err(EmbeddedError::Start {
            why: if words.is_empty() { "it was ended".to_owned() } else { words.trim().to_owned() },
        })
    }
}
