//! What programs are known to print, each as a small recogniser: by it an output
//! is told from commands and from files, and paired with its command.

use std::sync::LazyLock;

use regex::RegexSet;

use super::patterns::patterns;

/// One kind of text that programs print.
pub(super) struct Recogniser {
    /// What it is, as a noun phrase.
    pub(super) name: &'static str,
    /// The programs that print it; none where any may.
    pub(super) programs: &'static [&'static str],
    /// How one of its lines looks.
    pattern: &'static str,
    /// Prose and files have such lines too.
    pub(super) is_common: bool,
}

const fn of(
    name: &'static str,
    programs: &'static [&'static str],
    pattern: &'static str,
) -> Recogniser {
    Recogniser { name, programs, pattern, is_common: false }
}

/// A recogniser of lines that prose and files have too.
const fn common(name: &'static str, pattern: &'static str) -> Recogniser {
    Recogniser { name, programs: &[], pattern, is_common: true }
}

/// The names of those that a rule asks for.
pub(super) const OBJECT: &str = "what became of an object";
pub(super) const MANIFEST: &str = "a manifest";
pub(super) const VARIABLES: &str = "variables";
pub(super) const TABLE: &str = "a table";
pub(super) const RELEASE: &str = "a release";
pub(super) const CHART: &str = "what became of a chart";
pub(super) const BUILD: &str = "a build";
pub(super) const FILES: &str = "files";
pub(super) const ERROR: &str = "an error";
pub(super) const VALUE: &str = "a value";
pub(super) const YAML: &str = "YAML";
pub(super) const JSON: &str = "JSON";

const KUBERNETES: &[&str] =
    &["kubectl", "k", "oc", "istioctl", "argo", "kustomize", "kind", "k3d", "microk8s", "k3s"];
const CONTAINERS: &[&str] =
    &["docker", "podman", "nerdctl", "docker-compose", "minikube", "buildah", "kind", "make"];
const FETCH: &[&str] = &["curl", "wget", "kubectl", "k", "http", "grpcurl"];

/// The recognisers, the telling ones first.
const RECOGNISERS: &[Recogniser] = &[
    of(
        TABLE,
        &[],
        r"^\s*[A-Z][A-Z0-9_()%/-]*(?: [A-Z0-9_()%/-]+)*(?: {2,}|\t+)[A-Z][A-Z0-9_()%/:-]+(?:[\s(].*)?$",
    ),
    of(TABLE, KUBERNETES, r"^[a-z0-9][\w./-]*\s{2,}\d+/\d+\s{2,}(?:[A-Z]\w+|\d+)\b.*"),
    of("a list of names", KUBERNETES, r"^NAME$"),
    of(
        OBJECT,
        KUBERNETES,
        r#"^\s*[a-z][a-z0-9.-]*(?:/[A-Za-z0-9.:_-]+| "[^"]+") (?:[a-z /-]+ )?(?:created|configured|unchanged|deleted|patched|updated|scaled|labell?ed|annotated|exposed|restarted|edited|evicted|drained|cordoned|uncordoned|tainted|untainted|replaced|autoscaled|paused|resumed|approved|denied|condition met|rolled back|rollback|serverside-applied|force deleted|pruned|resized|upgraded|already cordoned|skipped rollback.*)(?: .*)?$"#,
    ),
    of(
        OBJECT,
        KUBERNETES,
        r#"^(?:Waiting for (?:deployment|daemon ?set|statefulset|\d+ pods|partitioned|rollout).*|(?:deployment|daemon ?set|statefulset|partitioned roll ?out).* (?:successfully rolled out|complete.*)|No resources found.*|Context "[^"]*" (?:modified|created|deleted|renamed).*|Switched to context .*|User "[^"]*" set\.|Cluster "[^"]*" set\.|Property "[^"]*" (?:set|unset)\.|Error from server.*|error: .*|Warning: .*|Unable to connect to the server.*|The connection to the server .*|Defaulted container .*|If you don't see a command prompt.*|Forwarding from .*|Handling connection for .*|Starting to serve on .*|Kubernetes control plane.* is running at .*|deprecated: .*|Flag --\S+ has been deprecated.*)$"#,
    ),
    of(
        "a description",
        KUBERNETES,
        r"^\s*(?:Name|Namespace|Labels|Annotations|Selector|Type|Status|Events|Priority|Node|Data|Controlled By|Containers|Conditions|Volumes|Image ID|Container ID|QoS Class|Replicas|Pod Template|Capacity|Access Modes|StorageClass|Endpoints|Session Affinity):(?:\s.*)?$",
    ),
    of(
        MANIFEST,
        &[],
        r"^\s*(?:- )?(?:apiVersion|kind|metadata|spec|status|creationTimestamp|resourceVersion|uid):(?:\s.*)?$",
    ),
    of(JSON, &[], r#"^\s*(?:[\[{]\s*(?:["{\[}\]].*)?|[\]}],?|"[^"]*"\s*:\s*.*)$"#),
    of(
        RELEASE,
        &["helm", "helmfile", "make"],
        r"^(?:NAME|LAST DEPLOYED|NAMESPACE|STATUS|REVISION|TEST SUITE|NOTES|DESCRIPTION|CHART|VERSION|APP_VERSION|HOOKS|MANIFEST|COMPUTED VALUES|USER-SUPPLIED VALUES):(?: .*)?$",
    ),
    of(
        CHART,
        &["helm", "helmfile"],
        r#"^(?:"[^"]*" (?:has been|already exists).*|release "[^"]*" .*|Release ".*|Hang tight while.*|\.\.\.Successfully got.*|Update Complete.*|Saving \d+ charts?.*|Downloading .* from repo.*|Deleting outdated charts|Successfully packaged.*|==> Linting .*|\[(?:INFO|WARNING|ERROR)\] .*|\d+ chart\(s\) linted.*|Creating \S+|Installed plugin: .*|Rollback was a success.*|\[helm-secrets\].*|Error: .*|Getting updates for.*)$"#,
    ),
    of(
        "a name's addresses",
        &["nslookup", "kubectl", "k", "dig", "host", "getent", "docker"],
        r"^(?:Server|Address|Name|Non-authoritative answer|Address \d+):?(?:\s.*)?$|^;; .*|^;[\w.].*|^\*\* server can't find.*|^\S+ has address .*",
    ),
    of(
        "a transfer",
        FETCH,
        r"^(?:[*<>] .*|[<>*]|HTTP/[\d.]+ \d{3}.*|  % Total .*|\s*\d+\s+[\d.kMG]+\s+\d+ .*|--\d{4}-\d\d-\d\d.*|Resolving .*|Connecting to .*|Saving to: .*|curl: \(\d+\).*|wget: .*|[A-Za-z][A-Za-z-]+: .*;.*)$",
    ),
    of(
        "a page",
        FETCH,
        r"^\s*<(?:!DOCTYPE|!doctype|html|head|body|title|h[1-6]|p|div|meta|/[a-z]+)\b.*",
    ),
    of(
        BUILD,
        CONTAINERS,
        r"^(?:#\d+ .*|\[\+\] Building .*|Step \d+/\d+ .*|Sending build context.*|Successfully (?:built|tagged) .*|\s*=> .*| ---> .*|Using default tag: .*|[\w.-]+: Pulling from .*|(?:[0-9a-f]{12}: )(?:Pull|Already|Download|Verif|Wait|Layer|Mounted|Pushed|Extract).*|Digest: sha256:.*|Untagged: .*|Deleted: sha256:.*|Status: (?:Downloaded|Image) .*|The push refers to .*|Unable to find image .*|sha256:[0-9a-f]{12,}|[0-9a-f]{64})$",
    ),
    of(
        "a repository",
        &["git", "gh"],
        r"^(?:Cloning into .*|remote: .*|Receiving objects: .*|Resolving deltas: .*|Switched to .*|Already (?:on|up to date).*|On branch .*|Your branch .*|commit [0-9a-f]{7,40}.*|\[[\w/.-]+ (?:\(root-commit\) )?[0-9a-f]{7,}\] .*|nothing to commit.*|Initialized empty Git.*|Untracked files:|Changes .*:|\s+(?:modified|new file|deleted): .*|From https?://.*|Unpacking objects: .*|HEAD is now at .*)$",
    ),
    of(
        "a cluster's start",
        &["minikube", "kind", "k3d", "eksctl", "microk8s"],
        r"^\s*[\u{1F300}-\u{1FAFF}\u{2600}-\u{27BF}✓✗✔•❗❌❓⌛🔥].*",
    ),
    of(
        "a log",
        &[],
        r"^(?:[IWEF]\d{4} \d\d:\d\d.*|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d.*|time=.* level=.*|\{?level=.*|\d\d:\d\d:\d\d[.,]?\d* .*|\[\w+\] .*|(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL)\b.*|\d{1,3}(?:\.\d{1,3}){3} - .*|\[\d{4}-.*|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d .*)$",
    ),
    of(
        "a backup",
        &["velero"],
        r#"^(?:(?:Backup|Restore) request|Schedule|Backup storage location) "[^"]*" (?:submitted|created|configured) successfully\..*$|^Run `velero .*` (?:for more details|or `velero .*)\.?$"#,
    ),
    of(TABLE, &[], r"^\s*-{3,}(?: +-{3,})+\s*$|^[+|]-{3,}.*[+|]$"),
    of(TABLE, &[], r"^[A-Z][A-Z0-9()_-]+(?: [A-Z][A-Z0-9()_-]+){2,}$"),
    of(TABLE, KUBERNETES, r"^[a-z0-9][\w.-]* \d+/\d+ [A-Z]\w+ .*"),
    of(
        "a difference",
        &["git", "kubectl", "k", "helm"],
        r"^(?:diff (?:--git a/|-u -N \S*LIVE-).*|index [0-9a-f]{7,}\.\.[0-9a-f]{7,}.*|@@ -\d.*)$",
    ),
    common(
        ERROR,
        r#"^(?:(?:-)?(?:ba|z|a|da|k)?sh: (?:\d+: |line \d+: )?.*|[Ee]rror:? .*|ERROR: .*|fatal: .*|Traceback .*|command terminated with exit code \d+|[Uu]nable to .*|panic: .*|resource mapping not found.*|.* is invalid: .*|for: ".*|.*admission webhook .*|\S+ "[^"]*" (?:not found|already exists|is forbidden.*)|[\w.-]+: (?:command not found|No such file.*|cannot .*|can't .*|permission denied.*|Permission denied.*))$"#,
    ),
    of(
        VARIABLES,
        &["env", "printenv", "kubectl", "k", "docker", "cat", "grep", "export", "set"],
        r"^(?:export )?[A-Z_][A-Z0-9_]*=.*$",
    ),
    of(
        FILES,
        &["ls", "tree", "kubectl", "k", "docker", "find", "du", "helm", "ll"],
        r"^(?:total \d+.*|[bcdlps-][rwxsStT-]{9}[.+@]? .*|[├└│].*|[│ ]+[├└].*|\d+ director(?:y|ies)(?:, \d+ files?)?)$",
    ),
    of(
        "packages",
        &["apt", "apt-get", "apk", "yum", "dnf", "pip", "pip3", "npm", "kubectl", "docker"],
        r"^(?:Reading (?:package|state).*|Building dependency.*|(?:Get|Hit|Ign|Err):\d+ .*|Fetched .*|Setting up .*|Unpacking .*|Selecting previously.*|Processing triggers.*|The following (?:NEW|additional) .*|fetch https?://.*|\(\d+/\d+\) .*|OK: .* MiB in .*|Collecting .*|Requirement already.*|Successfully installed.*|added \d+ packages?.*|\d+ (?:upgraded|packages?).*|E: .*|W: .*|\s*[\w.+-]+ \| \S+ \| https?://.*|\S+ (?:set on|was already (?:not )?set (?:to|on)|already) hold\.?)$",
    ),
    of(
        "a tool's remark",
        &["npm", "yarn", "pnpm", "ansible", "ansible-playbook", "gcc", "make", "docker", "helm"],
        r"^(?:yarn(?: \w+)? v\d+\.\d+.*|npm (?:ERR!|WARN|warn|error|notice|info|http|timing|verb|sill)(?: .*)?|pnpm ERR_.*|ansible[\w-]* \[core .*|gcc \(.*|(?:docker|helm|make|npm|kubectl|terraform) \w+ failed(?: with|:).*)$",
    ),
    of(
        "a secret's path",
        &["vault", "kubectl", "k"],
        r"^(?:Success! .*|=+ [A-Z][\w ]+ =+|Key\s+Value|---\s+-----|Unseal Key \d.*|Initial Root Token.*)$",
    ),
    of(
        "a plan",
        &["terraform", "tofu", "terragrunt", "pulumi"],
        r"^(?:Initializing .*|Terraform .*|Plan: .*|Apply complete!.*|Destroy complete!.*|\S+: (?:Creating|Creation|Refreshing|Destroying|Still|Modif).*|Outputs:|- (?:Finding|Installing|Installed|Using) .*)$",
    ),
    common(
        "a program's version",
        r"^(?:[A-Z][\w ]*[Vv]ersion:? .*|[\w.-]+ version:? (?:v|go)?\d.*|v?\d+\.\d+\.\d+\S*|[\w.-]+ v?\d+\.\d+(?:\.\d+)?\S*(?: \(.*\))?|version\.BuildInfo.*)$",
    ),
    of(
        "a service's state",
        &["systemctl", "service"],
        r"^\s*(?:[●○×] [\w@:.-]+\.(?:service|socket|timer|target|mount).*|Loaded: (?:loaded|not-found|masked) .*|Active: (?:active|inactive|failed|activating) .*|Created symlink .*)$",
    ),
    of(
        "packets",
        &["ping", "kubectl", "k", "docker"],
        r"^(?:PING .*|\d+ bytes from .*|Reply from .*|\d+ packets transmitted.*|--- .* ping statistics ---|rtt min.*|round-trip .*|Pinging .*)$",
    ),
    common(YAML, r#"^\s*(?:- )?["']?[A-Za-z_][\w./-]*["']?:(?:\s.*)?$|^---$"#),
    common(
        VALUE,
        r"^\s*(?:-?\d+(?:\.\d+)?%?|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\d+)?|[0-9a-f]{8}-[0-9a-f]{4}-.*|(?:https?|tcp|redis|postgres(?:ql)?)://\S+|[A-Za-z0-9+/]{16,}={0,2}|true|false|null|<none>|<unset>|ok|OK|yes|no|PONG|healthy|Running|Ready|Pending|Bound)%?\s*$",
    ),
];

static PATTERNS: LazyLock<RegexSet> =
    LazyLock::new(|| patterns(RECOGNISERS.iter().map(|recogniser| recogniser.pattern)));

/// The longest line that is looked at: what programs print of their own is
/// shorter, and patterns cost time by the byte.
const LONGEST: usize = 2_000;

/// What a line is known to be, the most telling first.
pub(super) fn recognise(line: &str) -> Option<&'static Recogniser> {
    // `Labels: <none>`, `word`: nearly all that is recognised has one of these.
    let line = line.trim_end();
    if line.is_empty() || line.len() > LONGEST {
        return None;
    }
    let found = PATTERNS.matches(line).iter().next()?;
    RECOGNISERS.get(found)
}

/// What the first of some lines is known to be, if the lines look like what one
/// of these programs prints.
pub(super) fn printed_by<'a>(
    programs: &[&str],
    lines: impl Iterator<Item = &'a str>,
) -> Option<&'static str> {
    let mut first = lines.filter(|line| !line.trim().is_empty()).take(3);
    first.find_map(|line| {
        let line = line.trim_end();
        PATTERNS.matches(beginning(line)).iter().find_map(|index| {
            let recogniser = RECOGNISERS.get(index)?;
            let fits = recogniser.programs.is_empty()
                || recogniser.programs.iter().any(|program| programs.contains(program));
            fits.then_some(recogniser.name)
        })
    })
}

/// As much of a line as is looked at.
fn beginning(line: &str) -> &str {
    let end = (0..=LONGEST.min(line.len())).rev().find(|at| line.is_char_boundary(*at));
    &line[..end.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::{printed_by, recognise};

    #[test]
    fn what_programs_print_is_recognised() {
        for (line, name) in [
            ("NAME    READY   STATUS    RESTARTS   AGE", "a table"),
            ("CONTAINER ID   IMAGE     COMMAND", "a table"),
            ("NAME\tNAMESPACE\tREVISION", "a table"),
            ("deployment.apps/web created", "what became of an object"),
            ("pod \"web-0\" deleted from default namespace", "what became of an object"),
            ("Error from server (NotFound): pods \"a\" not found", "what became of an object"),
            ("Name:         web-0", "a description"),
            ("apiVersion: v1", "a manifest"),
            ("{\"visits\": 1}", "JSON"),
            ("LAST DEPLOYED: Thu May  7 15:52:00 2026", "a release"),
            ("Server:\t\t10.96.0.10", "a name's addresses"),
            ("* Connected to a (10.0.0.1) port 80", "a transfer"),
            ("<!DOCTYPE html>", "a page"),
            ("#1 [internal] load build definition", "a build"),
            ("Cloning into 'a'...", "a repository"),
            ("😄  minikube v1.32.0 on Ubuntu", "a cluster's start"),
            ("I0101 10:00:00.000 1 main.go:1] x", "a log"),
            ("bash: foo: command not found", "an error"),
            ("MY_PASSWORD=x", "variables"),
            ("drwxr-xr-x 2 root root 4096 Jan 1 00:00 a", "files"),
            ("● nginx.service - A web server", "a service's state"),
            ("42", "a value"),
            ("go version go1.21 linux/amd64", "a program's version"),
        ] {
            assert_eq!(recognise(line).map(|found| found.name), Some(name), "{line}");
        }
    }

    #[test]
    fn commands_are_no_output() {
        for line in [
            "kubectl get pods",
            "helm install a b",
            "docker run --rm a",
            "cat <<EOF",
            "for i in 1 2; do",
            "curl http://a:80",
            "./deploy.sh",
        ] {
            assert_eq!(recognise(line).map(|found| found.name), None, "{line}");
        }
    }

    #[test]
    fn a_programs_output_is_its_own() {
        let table = "NAME   READY\nweb-0  1/1";
        assert_eq!(printed_by(&["kubectl"], table.lines()), Some("a table"));
        let release = "LAST DEPLOYED: today";
        assert_eq!(printed_by(&["helm"], release.lines()), Some("a release"));
        assert_eq!(printed_by(&["git"], release.lines()), None);
    }
}
