//! Why a page cannot be read or planned: described here, found where pages are
//! looked for. No page has any of it by its text alone.

use super::Finding;
use crate::lab::Severity::Error;

pub(super) static UNREADABLE: Finding = Finding {
    id: "unreadable",
    severity: Error,
    summary: "\
A page, or a directory of pages, cannot be read: it is not there, it is no text, or its path is \
no UTF-8. The other pages are checked all the same.",
    example: "",
    instead: "",
    find: None,
};

pub(super) static SETTINGS: Finding = Finding {
    id: "settings",
    severity: Error,
    summary: "\
The [`labbook.toml`](workbook.md) of the page's workbook is wrong: a key that there is not, or a \
value of another form. It is shown at its place in that file.",
    example: "",
    instead: "",
    find: None,
};

pub(super) static MIRROR_FILE: Finding = Finding {
    id: "mirror-file",
    severity: Error,
    summary: "\
A command names a URL that `[mirrors]` of [`labbook.toml`](workbook.md) has read from a file, \
and there is no such file in the mirror, or the URL leads out of it. Add the file, or read the \
URL itself with `--online`.",
    example: "",
    instead: "",
    find: None,
};
