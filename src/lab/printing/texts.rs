//! What files and addresses hold, by their names: commands, or surely none.

use super::Printing;
use crate::lab::known::is_listed;
use crate::lab::words::Word;

/// Whether a file's name says that it holds data: what it holds is not typed at a
/// shell.
pub(in crate::lab) fn holds_no_commands(path: &str) -> bool {
    const DATA: &str = "\
        yaml yml json xml html csv log out conf cfg ini toml properties crt pem key pub pid db sql css";
    const KEPT: &str = "hosts hostname passwd group fstab os-release issue motd mtab exports";
    const SCRIPTS: &str = "sh bash zsh ps1 bat cmd md";
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    // What the system or an application keeps there; not `~/bin/run`.
    let kept = ["/proc/", "/sys/", "/data/", "/mnt/", "/var/log/"]
        .iter()
        .any(|start| path.starts_with(start));
    // The words of processes are commands.
    if matches!(name, "cmdline" | "environ") {
        return false;
    }
    match extension {
        Some(extension) => is_listed(DATA, &extension) || kept && !is_listed(SCRIPTS, &extension),
        None => kept || is_listed(KEPT, name),
    }
}

/// Whether a file's name says that a shell reads it.
pub(in crate::lab) fn is_a_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hidden = name.starts_with('.')
        && ["rc", "profile", "_history", "aliases"].iter().any(|end| name.ends_with(end));
    hidden
        || name == "Makefile"
        || [".sh", ".bash", ".zsh", ".ps1"].iter().any(|end| name.ends_with(end))
}

/// What curl or wget prints: nothing where it saves a file, and no script where
/// it asks a service at a port of its own.
pub(super) fn fetch_printing(name: &str, arguments: &[&Word]) -> Printing {
    let short = |text: &str, letters: &[char]| {
        text.strip_prefix('-')
            .is_some_and(|flags| !flags.starts_with('-') && flags.contains(letters))
    };
    let mut texts = arguments.iter().map(|word| word.text.as_str());
    let saves = if name == "curl" {
        texts
            .clone()
            .any(|text| matches!(text, "--output" | "--remote-name") || short(text, &['o', 'O']))
    } else {
        !texts.clone().any(|text| short(text, &['O']) || text.starts_with("--output-document"))
    };
    let asks_service = texts.any(|text| {
        let address = text.split_once("://").map_or(text, |(_, address)| address);
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let port = host.rsplit_once(':').map_or("", |(_, port)| port);
        let numbered = port.starts_with('$') || port.bytes().all(|byte| byte.is_ascii_digit());
        !port.is_empty() && numbered && !text.starts_with('-') && !path.contains('.')
    });
    // What a browser would show is no script either.
    let asks_page = !arguments.iter().any(|word| may_be_a_script(&word.text));
    if saves || asks_service || asks_page { Printing::Report } else { Printing::Unknown }
}

/// Whether what stands at an address may be a script: by its name, or because it
/// is asked for as a file of a repository.
fn may_be_a_script(address: &str) -> bool {
    let path = address.split_once("://").map_or(address, |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let host = path.split('/').next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let said = ["install", "setup", "script", "get", "init", "bootstrap", "completion", "raw"];
    !address.starts_with('-')
        && ([".sh", ".bash", ".zsh", ".ps1", ".txt", ".py", ".md"]
            .iter()
            .any(|end| name.ends_with(end))
            || path.contains('/') && said.iter().any(|word| name.starts_with(word))
            || host.starts_with("get.")
            || host.starts_with("raw.")
                && ![".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)))
}
