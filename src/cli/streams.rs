//! Standard output and error, as the commands are handed them.

use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstream::{AutoStream, ColorChoice};

use super::args::Color;

/// Where results and progress go. A clone writes to the same.
#[derive(Clone)]
pub(super) struct Streams {
    /// Results. Once its reader has gone, what is written is dropped: the
    /// command goes on to its end, and a closed pipe is no error.
    pub(super) out: Out,
    /// Errors, and what is to be known beside the results.
    pub(super) err: Out,
    /// The columns of the terminal that `out` is; none where it is none.
    pub(super) width: Option<usize>,
    /// Whether progress is drawn on standard error.
    pub(super) live: bool,
}

impl Streams {
    /// Where styles are used, and progress is drawn on a terminal, as was asked for.
    pub(super) fn new(color: Color, progress: bool) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let width = terminal_size::terminal_size_of(io::stdout())
            .map(|(terminal_size::Width(columns), _)| usize::from(columns));
        Self {
            out: Out::new(Patient::new(AutoStream::new(io::stdout(), choice))),
            err: Out::new(Patient::new(AutoStream::new(io::stderr(), choice))),
            width,
            live: progress && io::stderr().is_terminal(),
        }
    }
}

/// A writer that several hold, one of whom writes at a time.
#[derive(Clone)]
pub(super) struct Out(Arc<Mutex<dyn Write + Send>>);

impl Out {
    pub(super) fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(writer)))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// Standard output for a page's own bytes: nothing in them is a style.
pub(super) fn bytes_out() -> impl Write {
    Patient::new(io::stdout())
}

/// A writer that drops what nobody reads any more.
struct Patient<W> {
    writer: W,
    gone: bool,
}

impl<W: Write> Patient<W> {
    fn new(writer: W) -> Self {
        Self { writer, gone: false }
    }

    fn unless_gone<T>(&mut self, result: io::Result<T>, dropped: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(dropped)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let result = self.writer.write(bytes);
        self.unless_gone(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let result = self.writer.flush();
        self.unless_gone(result, ())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::Patient;

    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        let mut out = Patient::new(Broken(io::ErrorKind::BrokenPipe));
        assert!(out.write_all(b"text").is_ok());
        assert!(out.gone);
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut out = Patient::new(Broken(io::ErrorKind::StorageFull));
        assert!(out.write_all(b"text").is_err());
    }
}
