//! The bytes of a page's file, or why they are none.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a page. Those that people write have a thousandth of it; all of
/// a larger one would be held in memory several times.
const MOST_BYTES: u64 = 32 << 20;

/// Why a file's bytes are no page. Each is a fragment that follows the file's name.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageFileError {
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("is no page: it is {0}, and a page is a file")]
    NoFile(&'static str),
    #[error("is no page: it has {bytes} bytes, and a page has at most {MOST_BYTES}")]
    TooLarge { bytes: u64 },
    #[error(
        "is no page: it is a binary file (byte {at} is a control character), and a page is Markdown"
    )]
    Binary { at: usize },
    #[error("is UTF-16, which is not read: save it as UTF-8")]
    Utf16,
    #[error("was written to while it was read: try again when that has ended")]
    Changed,
}

/// Reads a page. Any text is one, in whatever encoding bytes above 127 are, and a
/// stray control character does not make it a binary file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, PageFileError> {
    // Before it is opened: that would wait for somebody to write into a pipe.
    check_kind(&fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    let before = file.metadata()?;
    check_kind(&before)?;
    let too_large = |bytes| Err(PageFileError::TooLarge { bytes });
    if before.len() > MOST_BYTES {
        return too_large(before.len());
    }
    let mut bytes = Vec::new();
    file.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if is_longer(&bytes, MOST_BYTES) {
        return too_large(file.metadata()?.len());
    }
    let after = file.metadata()?;
    if before.modified()? != after.modified()? || is_longer(&bytes, after.len()) {
        return Err(PageFileError::Changed);
    }
    check_text(&bytes)?;
    Ok(bytes)
}

fn is_longer(bytes: &[u8], length: u64) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|bytes| bytes > length)
}

fn check_kind(metadata: &Metadata) -> Result<(), PageFileError> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = if metadata.is_dir() { "a directory" } else { "a pipe, a socket or a device" };
    Err(PageFileError::NoFile(kind))
}

/// A file is binary where more than ten of its bytes, and one in a hundred, are
/// control characters that no text and no terminal's transcript has.
fn check_text(bytes: &[u8]) -> Result<(), PageFileError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(PageFileError::Utf16);
    }
    let is_control = |byte: &&u8| matches!(byte, 0..=6 | 14..=26 | 28..=31);
    let count = bytes.iter().filter(is_control).count();
    if count > 10 && count > bytes.len() / 100 {
        let at = bytes.iter().position(|byte| is_control(&byte)).unwrap_or_default() + 1;
        return Err(PageFileError::Binary { at });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{PageFileError, check_text, read};

    #[test]
    fn text_with_stray_bytes_is_a_page() {
        for page in [&b""[..], b"a\0b", b"\x1b[1ma\x1b[0m\x08\x07\r\n", b"\xff\xfa\xc3("] {
            assert!(check_text(page).is_ok(), "{page:?}");
        }
        let binary = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0";
        assert!(matches!(check_text(binary), Err(PageFileError::Binary { at: 5 })));
        assert!(matches!(check_text(b"\xff\xfea\0"), Err(PageFileError::Utf16)));
    }

    #[test]
    fn only_a_file_is_a_page() {
        let why = |path: &str| read(path.as_ref()).expect_err("it is none").to_string();
        assert_eq!(
            why("/dev/zero"),
            "is no page: it is a pipe, a socket or a device, and a page is a file"
        );
        assert_eq!(why("/"), "is no page: it is a directory, and a page is a file");
        assert_eq!(why("/none"), "cannot be read: No such file or directory (os error 2)");
    }

    #[test]
    fn a_large_file_is_not_read() {
        let file = tempfile::NamedTempFile::new().expect("there is room for a file");
        file.as_file().set_len(100 << 20).expect("it takes no room");
        let error = read(file.path()).expect_err("it is too large");
        assert!(matches!(error, PageFileError::TooLarge { bytes: 104_857_600 }));
    }
}
