//! curl and wget: the flags with which they change neither a server nor a file.

use super::arguments::{Arguments, Valued};
use crate::lab::is_listed;
use crate::lab::words::Word;

/// Flags of curl that change neither the server nor a file.
pub(super) fn curl(words: &[&Word]) -> bool {
    const FLAGS: &str = "\
        4 6 A H I L N S X f g i k m o s u v w # cacert compressed connect-timeout connect-to \
        fail head header include insecure location max-time no-buffer no-progress-meter output \
        request resolve retry show-error silent user verbose write-out";
    let long = [
        "cacert",
        "connect-timeout",
        "connect-to",
        "header",
        "max-time",
        "output",
        "request",
        "resolve",
        "retry",
        "user",
        "write-out",
    ];
    let arguments = Arguments::new(words, Valued { short: "AHXmouw", long: &long }, usize::MAX);
    arguments.flags.iter().all(|(name, _)| is_listed(FLAGS, name))
        && arguments
            .values(&["X", "request"])
            .all(|method| matches!(method, "GET" | "HEAD" | "OPTIONS"))
        && arguments.values(&["o", "output"]).all(|file| matches!(file, "-" | "/dev/null"))
}

/// wget writes a file unless it is told where to.
pub(super) fn wget(words: &[&Word]) -> bool {
    const FLAGS: &str = "\
        O S T U q t header no-check-certificate output-document quiet server-response spider \
        timeout tries";
    let long = ["header", "output-document", "timeout", "tries"];
    let arguments = Arguments::new(words, Valued { short: "OTUt", long: &long }, usize::MAX);
    let mut files = arguments.values(&["O", "output-document"]).peekable();
    let told = files.peek().is_some() || arguments.has(&["spider"]);
    told && files.all(|file| matches!(file, "-" | "/dev/null"))
        && arguments.flags.iter().all(|(name, _)| is_listed(FLAGS, name))
}
