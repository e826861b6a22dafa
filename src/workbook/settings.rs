//! Reads a `labbook.toml`: its form, and that what it names is there.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::WorkbookError;
use super::config::{ClusterConfig, Config, ImageSource, LabConfig, Pull};
use crate::durations;

/// The file's form. What it does not know is an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default)]
    labs: Vec<Spanned<String>>,
    timeout: Option<Spanned<String>>,
    wait: Option<Spanned<String>>,
    #[serde(default)]
    lab: BTreeMap<String, Spanned<LabForm>>,
    #[serde(default)]
    mirrors: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    images: BTreeMap<String, Spanned<ImageForm>>,
    #[serde(default)]
    environment: EnvironmentForm,
    #[serde(default)]
    cluster: ClusterForm,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvironmentForm {
    #[serde(default)]
    pass: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabForm {
    setup: Option<Spanned<String>>,
    cleanup: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageForm {
    archive: Option<String>,
    image: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterForm {
    network: Option<Spanned<String>>,
    #[serde(default)]
    pull: Pull,
}

/// Reads the settings in `bytes`, which are those of the file at `path` in the
/// workbook at `root`.
pub(super) fn read(root: &Path, path: &Path, bytes: Vec<u8>) -> Result<Config, WorkbookError> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            return Err(Settings { root, path, text: &text }.error(valid, "the file is not UTF-8"));
        }
    };
    Settings { root, path, text: &text }.config()
}

struct Settings<'a> {
    root: &'a Path,
    path: &'a Path,
    text: &'a str,
}

impl Settings<'_> {
    fn config(&self) -> Result<Config, WorkbookError> {
        let form: Form = toml::from_str(self.text).map_err(|error| {
            self.error(error.span().map_or(0, |span| span.start), error.message())
        })?;
        let defaults = Config::default();
        let mut config = Config {
            timeout: self.duration(form.timeout.as_ref(), defaults.timeout)?,
            wait: self.duration(form.wait.as_ref(), defaults.wait)?,
            cluster: ClusterConfig {
                network: self.network(form.cluster.network)?,
                pull: form.cluster.pull,
            },
            ..Config::default()
        };
        for pattern in form.labs {
            self.inside(pattern.get_ref(), pattern.span())?;
            if let Err(error) = super::pages::glob(pattern.get_ref()) {
                return Err(self.error(pattern.span().start, &error.to_string()));
            }
            config.labs.push(pattern.into_inner());
        }
        for name in form.environment.pass {
            if let Some(fault) = super::variables::fault(name.get_ref()) {
                return Err(self.error(name.span().start, &fault));
            }
            config.pass.push(name.into_inner());
        }
        for (page, lab) in form.lab {
            // `./lab.md` is the page that is called `lab.md`.
            let path = self.existing("page", &page, lab.span(), Path::is_file)?;
            let page = path.iter().filter_map(|part| part.to_str()).collect::<Vec<_>>().join("/");
            let lab = lab.into_inner();
            let setup = self.script("setup script", lab.setup)?;
            let cleanup = self.script("cleanup script", lab.cleanup)?;
            config.lab.insert(page, LabConfig { setup, cleanup });
        }
        for (prefix, directory) in form.mirrors {
            if !prefix.contains("://") {
                let message = format!(
                    "expected the beginning of a URL, such as \"https://k8s.io/examples/\", found {prefix:?}"
                );
                return Err(self.error(directory.span().start, &message));
            }
            let path = self.existing(
                "mirror's directory",
                directory.get_ref(),
                directory.span(),
                Path::is_dir,
            )?;
            config.mirrors.insert(prefix, path);
        }
        for (name, image) in form.images {
            let source = self.image(&name, &image)?;
            config.images.insert(name, source);
        }
        Ok(config)
    }

    fn duration(
        &self,
        value: Option<&Spanned<String>>,
        default: Duration,
    ) -> Result<Duration, WorkbookError> {
        let Some(value) = value else {
            return Ok(default);
        };
        let duration = durations::parse(value.get_ref()).filter(|duration| !duration.is_zero());
        duration.ok_or_else(|| {
            let message = format!(
                "expected a duration such as \"60s\", \"5m\" or \"1m30s\", found {:?}",
                value.get_ref()
            );
            self.error(value.span().start, &message)
        })
    }

    fn network(&self, value: Option<Spanned<String>>) -> Result<Option<String>, WorkbookError> {
        let Some(value) = value else { return Ok(None) };
        if is_network(value.get_ref()) {
            return Ok(Some(value.into_inner()));
        }
        let message = format!(
            "expected an IPv4 network from /8 to /30 by its first address, such as \"10.213.0.0/16\", found {:?}",
            value.get_ref()
        );
        Err(self.error(value.span().start, &message))
    }

    fn image(&self, name: &str, image: &Spanned<ImageForm>) -> Result<ImageSource, WorkbookError> {
        let span = image.span();
        match image.get_ref() {
            ImageForm { archive: Some(archive), image: None } => self
                .existing("image archive", archive, span, Path::is_file)
                .map(ImageSource::Archive),
            ImageForm { archive: None, image: Some(recipe) } => {
                let path = self.existing("image directory", recipe, span.clone(), Path::is_dir)?;
                self.existing("image file", &format!("{recipe}/image.toml"), span, Path::is_file)?;
                Ok(ImageSource::Recipe(path))
            }
            _ => {
                let message =
                    format!("expected one of `archive` and `image` for the image {name:?}");
                Err(self.error(span.start, &message))
            }
        }
    }

    fn script(
        &self,
        what: &str,
        value: Option<Spanned<String>>,
    ) -> Result<Option<PathBuf>, WorkbookError> {
        value
            .map(|value| self.existing(what, value.get_ref(), value.span(), Path::is_file))
            .transpose()
    }

    /// A path from the root that is there and is what it should be.
    fn existing(
        &self,
        what: &str,
        value: &str,
        span: Range<usize>,
        is_right: impl Fn(&Path) -> bool,
    ) -> Result<PathBuf, WorkbookError> {
        let relative = self.inside(value, span.clone())?;
        let path = self.root.join(&relative);
        let wrong = |message: String| Err(self.error(span.start, &message));
        match std::fs::canonicalize(&path) {
            Ok(real) if !real.starts_with(self.root) => {
                wrong(format!("the {what} {value:?} leads out of the workbook"))
            }
            Ok(real) if is_right(&real) => Ok(relative),
            Ok(_) => wrong(format!(
                "the {what} {value:?} is of the wrong kind: a file or a directory in place of the other"
            )),
            Err(error) => wrong(format!("the {what} {value:?} cannot be read: {error}")),
        }
    }

    /// A path that stays in the workbook by its text.
    fn inside(&self, value: &str, span: Range<usize>) -> Result<PathBuf, WorkbookError> {
        let path = Path::new(value);
        let inside =
            path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if inside && !value.is_empty() {
            return Ok(path
                .components()
                .filter(|part| matches!(part, Component::Normal(_)))
                .collect());
        }
        let message = format!(
            "expected a path inside the workbook, from {}, found {value:?}",
            self.root.display()
        );
        Err(self.error(span.start, &message))
    }

    fn error(&self, offset: usize, message: &str) -> WorkbookError {
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        WorkbookError::Settings {
            path: self.path.to_owned(),
            line,
            column,
            message: message.trim_end().to_owned(),
        }
    }
}

/// Whether a text is an IPv4 block that can be cut into /30s.
fn is_network(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let (Ok(address), Ok(length)) = (address.parse::<Ipv4Addr>(), length.parse::<u32>()) else {
        return false;
    };
    (8..=30).contains(&length) && address.to_bits() << length == 0
}
