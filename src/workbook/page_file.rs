//! The bytes of a page on disk, or why the file is none.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How much of a file is looked at to tell a page from a program or a picture.
const LOOKED_AT: usize = 64 * 1024;

/// The most bytes of a page. What people write has a thousandth of that; more would
/// be held in memory several times over.
const MOST_BYTES: usize = 32 << 20;

/// Why a file is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageFileError {
    /// The system cannot read it.
    #[error("cannot read the page: {0}")]
    Unreadable(#[from] io::Error),
    /// It is a directory, a pipe or a device.
    #[error("this is no page: it is no file")]
    NoFile,
    /// It is text in an encoding of which nothing can be read byte by byte.
    #[error("this is no page: it is text in UTF-16; save it as UTF-8")]
    Utf16,
    /// It is a program, a picture, an archive.
    #[error("this is no page: it is a binary file, and a page is Markdown")]
    Binary,
    /// It is larger than any page.
    #[error("this is no page: it has more than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    /// What was read may be a part of the old page and a part of the new one.
    #[error("it was written to while it was read; try again when that has ended")]
    Changed,
}

/// The bytes of the page at a path. A pipe is not waited for.
pub fn read_page(path: &Path) -> Result<Vec<u8>, PageFileError> {
    if !fs::metadata(path)?.is_file() {
        return Err(PageFileError::NoFile);
    }
    let mut file = File::open(path)?;
    let before = file.metadata()?;
    let bytes = all(&mut file)?;
    let after = file.metadata()?;
    let same = before.len() == after.len() && before.modified()? == after.modified()?;
    if same { text(bytes) } else { Err(PageFileError::Changed) }
}

/// The bytes of a page that is handed over, such as on standard input.
pub fn read_page_from(reader: impl Read) -> Result<Vec<u8>, PageFileError> {
    text(all(reader)?)
}

fn all(reader: impl Read) -> Result<Vec<u8>, PageFileError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    reader.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > MOST_BYTES { Err(PageFileError::TooLarge) } else { Ok(bytes) }
}

/// Bytes that may be a page. A few that are no text make no binary file of it:
/// outputs hold what terminals print, and pages have been through many hands.
fn text(bytes: Vec<u8>) -> Result<Vec<u8>, PageFileError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(PageFileError::Utf16);
    }
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    if start.contains(&0) && no_text(start) * 5 > start.len() {
        return Err(PageFileError::Binary);
    }
    Ok(bytes)
}

/// How many bytes are neither UTF-8 nor printed.
fn no_text(bytes: &[u8]) -> usize {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().bytes().filter(control).count() + chunk.invalid().len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{PageFileError, read_page, read_page_from};
    use std::path::Path;

    fn said(bytes: &[u8]) -> Option<PageFileError> {
        read_page_from(bytes).err()
    }

    #[test]
    fn a_page_may_hold_bytes_that_are_no_text() {
        let mut page = b"# A page\n\n```\nprinted: \0\x1b[0m\xff\xfe\n```\n".repeat(2);
        assert!(said(&page).is_none());
        page.extend([0xC0; 80]);
        assert!(matches!(said(&page), Some(PageFileError::Binary)));
        assert!(said("страница".repeat(9).as_bytes()).is_none());
        assert!(said(&[0xD3; 100]).is_none(), "another encoding has no NUL");
    }

    #[test]
    fn what_is_larger_than_any_page_is_not_read_to_its_end() {
        let endless = std::io::repeat(b'a');
        assert!(matches!(read_page_from(endless), Err(PageFileError::TooLarge)));
        let file = tempfile::NamedTempFile::new().expect("there is room for a file");
        file.as_file().set_len(100 << 20).expect("it takes no room");
        assert!(matches!(read_page(file.path()), Err(PageFileError::TooLarge)));
    }

    #[test]
    fn what_is_no_page_is_told_apart() {
        assert!(matches!(said(b"\x7fELF\x02\0\0\0$ ls\n"), Some(PageFileError::Binary)));
        assert!(matches!(said(b"\xff\xfe#\0 \0A\0"), Some(PageFileError::Utf16)));
        let of = |path: &str| read_page(Path::new(path)).expect_err("it is no page").to_string();
        assert_eq!(of("/"), "this is no page: it is no file");
        assert_eq!(of("/dev/zero"), "this is no page: it is no file");
        assert!(of("/none.md").starts_with("cannot read the page: No such file"));
    }
}
