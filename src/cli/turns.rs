//! What labs that run at once print. Each lab's comes whole, in the order of the pages:
//! of the one whose turn it is as it happens, of those after it when it is theirs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::progress::{Board, Progress};
use super::streams::{Out, Streams};

/// Whose turn it is, and what the others have said meanwhile.
pub(super) struct Turns {
    shared: Arc<Mutex<Shared>>,
    /// The columns of the terminal.
    width: Option<usize>,
    board: Board,
}

struct Shared {
    streams: Streams,
    board: Board,
    current: usize,
    /// By the places of the labs in their order.
    said: BTreeMap<usize, Said>,
    failed: Option<io::Error>,
}

/// What a lab has said and nobody has been shown.
#[derive(Default)]
struct Said {
    parts: Vec<(To, Vec<u8>)>,
    ended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Out,
    Err,
}

impl Turns {
    /// The first turn is that of the lab at 0.
    pub(super) fn new(streams: &Streams) -> Self {
        let board = Board::new(streams.live);
        let shared = Shared {
            streams: streams.clone(),
            board: board.clone(),
            current: 0,
            said: BTreeMap::new(),
            failed: None,
        };
        Self { shared: Arc::new(Mutex::new(shared)), width: streams.width, board }
    }

    /// The turn of the lab at `index`, which has every place before it begun.
    pub(super) fn of(&self, index: usize) -> Turn {
        let to = |to| Out::new(Writer { shared: Arc::clone(&self.shared), index, to });
        let streams = Streams {
            out: to(To::Out),
            err: to(To::Err),
            width: self.width,
            live: self.board.is_live(),
        };
        Turn { streams, shared: Arc::clone(&self.shared), index, board: self.board.clone() }
    }

    /// An error where something could not be printed after the lab that said it had ended.
    pub(super) fn end(self) -> io::Result<()> {
        lock(&self.shared).failed.take().map_or(Ok(()), Err)
    }
}

/// A lab's turn: it ends when this is dropped, however the lab does.
pub(super) struct Turn {
    /// What is written here is shown in its turn, where it is flushed or at the end.
    pub(super) streams: Streams,
    shared: Arc<Mutex<Shared>>,
    index: usize,
    board: Board,
}

impl Turn {
    /// A line of progress, which names the lab where it is one of several at once.
    pub(super) fn progress(&self, name: Option<&str>) -> Progress {
        self.board.line(name)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut shared = lock(&self.shared);
        shared.said.entry(self.index).or_default().ended = true;
        if let Err(error) = shared.go_on() {
            shared.failed.get_or_insert(error);
        }
    }
}

/// A stream of one lab.
struct Writer {
    shared: Arc<Mutex<Shared>>,
    index: usize,
    to: To,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut shared = lock(&self.shared);
        let parts = &mut shared.said.entry(self.index).or_default().parts;
        match parts.last_mut() {
            Some((to, part)) if *to == self.to => part.extend_from_slice(bytes),
            _ => parts.push((self.to, bytes.to_vec())),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut shared = lock(&self.shared);
        if shared.current == self.index { shared.show() } else { Ok(()) }
    }
}

impl Shared {
    /// Shows what the lab whose turn it is has said so far.
    fn show(&mut self) -> io::Result<()> {
        let Some(said) = self.said.get_mut(&self.current) else { return Ok(()) };
        let parts = mem::take(&mut said.parts);
        if parts.is_empty() {
            return Ok(());
        }
        let Streams { out, err, .. } = &mut self.streams;
        self.board.aside(|| {
            for (to, part) in parts {
                match to {
                    To::Out => out.write_all(&part)?,
                    To::Err => {
                        // What came before it is seen before it.
                        out.flush()?;
                        err.write_all(&part)?;
                    }
                }
            }
            out.flush()
        })
    }

    /// Ends the turns of labs that have ended, up to one that goes on.
    fn go_on(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        loop {
            result = result.and(self.show());
            if !self.said.get(&self.current).is_some_and(|said| said.ended) {
                return result;
            }
            self.said.remove(&self.current);
            self.current += 1;
        }
    }
}

/// A lab that panics leaves what it said as it is.
fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use super::{Streams, Turns};
    use crate::cli::streams::Out;

    /// Both streams in one text, each write in its place.
    #[derive(Clone, Default)]
    struct Seen(Arc<Mutex<String>>);

    impl Write for Seen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").push_str(&String::from_utf8_lossy(bytes));
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seen {
        fn streams(&self) -> Streams {
            let out = || Out::new(self.clone());
            Streams { out: out(), err: out(), width: None, live: false }
        }

        fn text(&self) -> String {
            self.0.lock().expect("no panic").clone()
        }
    }

    #[test]
    fn what_is_said_comes_in_the_order_of_the_labs() {
        let seen = Seen::default();
        let turns = Turns::new(&seen.streams());
        let (mut first, mut second, mut third) = (turns.of(0), turns.of(1), turns.of(2));
        let say = |to: &mut Out, text: &str| {
            to.write_all(text.as_bytes()).and_then(|()| to.flush()).expect("it can be written");
        };
        say(&mut third.streams.out, "3 ");
        drop(third);
        say(&mut second.streams.err, "2 ");
        assert_eq!(seen.text(), "");
        say(&mut first.streams.out, "1 ");
        assert_eq!(seen.text(), "1 ", "the first is seen at once");
        first.streams.err.write_all(b"1 ").expect("it is kept");
        assert_eq!(seen.text(), "1 ", "but not before it is flushed");
        drop(first);
        assert_eq!(seen.text(), "1 1 2 ", "then the second has its turn");
        say(&mut second.streams.out, "2 ");
        assert_eq!(seen.text(), "1 1 2 2 ");
        drop(second);
        assert_eq!(seen.text(), "1 1 2 2 3 ");
        turns.end().expect("nothing failed");
    }

    #[test]
    fn what_cannot_be_shown_at_last_is_an_error_at_last() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let streams = Streams { out: Out::new(Full), ..Seen::default().streams() };
        let turns = Turns::new(&streams);
        let (mut first, mut second) = (turns.of(0), turns.of(1));
        write!(second.streams.out, "2").expect("it is kept");
        write!(first.streams.out, "1").expect("it is kept");
        assert!(first.streams.out.flush().is_err(), "the lab itself hears of it");
        drop(first);
        drop(second);
        assert_eq!(turns.end().map_err(|error| error.kind()), Err(io::ErrorKind::StorageFull));
    }
}
