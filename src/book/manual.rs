//! The sources that mdBook is given: a copy of the workbook's `book/` with a
//! place for each lab, and the files that the labs' pages show.

use std::fs;
use std::io;
use std::path::Path;

use super::{BookError, Chapter};

/// The line of `SUMMARY.md` that the labs' chapters take the place of; without
/// one they come last.
const LABS: &str = "<!-- labs -->";
/// What stands where a lab's text will be put.
const PLACE: &str = "This chapter is written from the lab's record.\n";

/// Copies the manual to `sources` and lists the chapters in its summary.
pub(super) fn prepare(root: &Path, chapters: &[Chapter], sources: &Path) -> Result<(), BookError> {
    let manual = root.join("book");
    if manual.join("book.toml").is_file() {
        copy(&manual, sources)?;
    } else {
        write(&sources.join("book.toml"), "[book]\ntitle = \"Labs\"\n")?;
    }
    let src = sources.join(source_folder(sources)?);
    let summary = src.join("SUMMARY.md");
    let listed = match fs::read_to_string(&summary) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => "# Summary\n".to_owned(),
        Err(error) => return Err(BookError::io("read", &summary)(error)),
    };
    write(&summary, &list(&listed, chapters))?;
    for chapter in chapters {
        write(&src.join(&chapter.page), PLACE)?;
        for file in &chapter.files {
            let (from, to) = (root.join(file), src.join(file));
            let folder = to.parent().unwrap_or(&src);
            fs::create_dir_all(folder).map_err(BookError::io("make", folder))?;
            fs::copy(&from, &to).map_err(BookError::io("copy", &from))?;
        }
    }
    Ok(())
}

/// `book.src` of the book's settings.
fn source_folder(sources: &Path) -> Result<std::path::PathBuf, BookError> {
    let path = sources.join("book.toml");
    let config = mdbook_driver::config::Config::from_disk(&path)
        .map_err(|error| BookError::Mdbook { message: format!("book.toml: {error:#}") })?;
    Ok(config.book.src)
}

/// The summary with a line for each lab that it does not list itself.
fn list(summary: &str, chapters: &[Chapter]) -> String {
    let lines: Vec<String> = chapters
        .iter()
        .filter(|chapter| !summary.contains(&format!("({})", link(&chapter.page))))
        .map(|chapter| format!("- [{}]({})", name(&chapter.title), link(&chapter.page)))
        .collect();
    let lines = lines.join("\n");
    if summary.contains(LABS) {
        return summary.replacen(LABS, &lines, 1);
    }
    if lines.is_empty() {
        return summary.to_owned();
    }
    format!("{}\n\n# Labs\n\n{lines}\n", summary.trim_end())
}

/// A path as the target of a link: mdBook reads `%20` and the like.
fn link(page: &str) -> String {
    page.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// A title as the text of a link, one line without signs that Markdown acts on.
fn name(title: &str) -> String {
    let mut safe = String::new();
    for symbol in title.chars() {
        if matches!(symbol, '[' | ']' | '\\' | '*' | '_' | '`' | '<' | '&') {
            safe.push('\\');
        }
        safe.push(if symbol.is_control() { ' ' } else { symbol });
    }
    safe
}

/// Copies a directory's files, links followed; what an earlier build left in
/// `book/book` is no source, nor is what begins with a dot.
fn copy(from: &Path, to: &Path) -> Result<(), BookError> {
    for entry in fs::read_dir(from).map_err(BookError::io("read", from))? {
        let entry = entry.map_err(BookError::io("read", from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name().to_string_lossy().starts_with('.') || path.join(super::MARKER).exists()
        {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(BookError::io("read", &path))?;
        if metadata.is_dir() {
            fs::create_dir_all(&target).map_err(BookError::io("make", &target))?;
            copy(&path, &target)?;
        } else if metadata.is_file() {
            fs::copy(&path, &target).map_err(BookError::io("copy", &path))?;
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), BookError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(BookError::io("make", parent))?;
    }
    fs::write(path, text).map_err(BookError::io("write", path))
}
