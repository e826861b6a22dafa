//! Typing in a program that a command opened, through the command's terminal.

use std::time::Duration;

use tokio::time::Instant;

use super::{Enough, Finished, NEVER, SILENCE, Session, SessionError, Then, Watch};
use crate::record::Output;
use crate::run::Stop;
use crate::run::prompt::waiting_line;
use crate::run::protocol::Request;

/// How often a program is bidden farewell that reads what is typed: another one may be
/// open in it; how long that one's prompt must stand; and how long the program may take to
/// be gone.
const FAREWELLS: u32 = 4;
const FAREWELL: Duration = Duration::from_millis(300);
const PARTING: Duration = Duration::from_secs(10);
/// What has the terminal take the next key as it is (`lnext`, termios(3)).
const AS_IT_IS: &str = "\u{16}";

impl Session {
    /// Whether a command runs whose program waits for what is typed.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Types a text at the prompt of the program that is open, and waits until it is
    /// back; in vain, the program is ended. Ends as [`Ended::Answered`], or as the
    /// program ends with it.
    pub async fn type_in(
        &mut self,
        text: &str,
        watch: Watch<'_>,
        stop: &mut Stop,
    ) -> Result<Finished, SessionError> {
        let began = Instant::now();
        let until = began + NEVER;
        // A tab alone would ask the program to complete a word.
        let keys = text.replace('\t', &format!("{AS_IT_IS}\t")) + "\n";
        self.ask(&Request::Type { bytes: Output(keys.into_bytes()) }, until).await?;
        self.listen((began, until), Some(watch), stop).await
    }

    /// Leaves the program that is open, as a person does with Ctrl-D, or ends it.
    pub async fn leave(&mut self, stop: &mut Stop) -> Result<(), SessionError> {
        const END_OF_TRANSMISSION: &[u8] = b"\x04";
        for _ in 0..FAREWELLS {
            let began = Instant::now();
            let bytes = Output(END_OF_TRANSMISSION.to_vec());
            self.ask(&Request::Type { bytes }, began + SILENCE).await?;
            // What opened another one shows its prompt again.
            let mut enough = |output: &Output, _: bool| match waiting_line(&output.0) {
                Some(_) => Enough::WhenQuiet(FAREWELL),
                None => Enough::NotYet,
            };
            let (then, patience) = (Then::Converse, PARTING);
            let watch = Watch { then, patience, enough: &mut enough };
            let finished = self.listen((began, began + NEVER), Some(watch), stop).await?;
            self.take_as_late(finished)?;
            if !self.open {
                return Ok(());
            }
        }
        let began = Instant::now();
        let mut nothing = |_: &Output, _: bool| Enough::NotYet;
        let (then, patience) = (Then::Interrupt, Duration::ZERO);
        let watch = Watch { then, patience, enough: &mut nothing };
        let finished = self.listen((began, began + NEVER), Some(watch), stop).await?;
        self.take_as_late(finished)
    }

    /// Has what the last call printed come late.
    fn take_as_late(&mut self, mut finished: Finished) -> Result<(), SessionError> {
        let late = self.late_of(self.last);
        late.add_part(&mut finished.output, 0..u64::MAX).map_err(SessionError::Output)
    }
}
