//! The examples that each command's `--help` ends with.

pub(super) const MAIN: &str = "\
A lab is a Markdown page: prose, commands, and what they printed. It needs no
annotation. Start with

  labbook check lab.md    what would be run and compared
  labbook run lab.md      run it on a Kubernetes cluster made for it
  labbook verify          do all labs of this workbook still work?

Exit codes: 0 the same result · 1 internal error · 2 usage · 3 the page is at
fault · 4 nothing to run or nothing checked · 5 the cluster, the setup or a tool
is not there · 10 a lab differs · 130 interrupted";

pub(super) const RUN: &str = "\
Each lab gets a fresh embedded cluster, unless --cluster or --context names
another. The current context of your kubeconfig is never used unasked.

What a run leaves is in labbook-out/RUN/, and labbook-out/latest points to it:
the page again with its new outputs, the record, and a summary.

Examples:
  labbook run labs/statefulset              one lab, on a fresh cluster
  labbook run --install                     all labs, on a machine with nothing installed
  labbook run lab.md --keep=on-failure      look at the cluster when it went wrong
  labbook run lab.md --update               the page itself gets the new outputs
  labbook run lab.md --context staging      on a cluster of yours";

pub(super) const VERIFY: &str = "\
Runs as `labbook run` does, always on a fresh cluster, and changes no file of
the workbook. The exit code is the answer: 0 the same, 10 a lab differs.

Examples:
  labbook verify                            all labs of the workbook
  labbook verify --jobs 2                   two at once, each on its own cluster
  labbook verify labs/statefulset --format json";

pub(super) const RENDER: &str = "\
The page must be the one that was run, apart from its outputs: where it changed
since, labbook says so and ends with exit code 3.

Example:
  labbook render labbook-out/latest/labs/statefulset/lab.record.jsonl --output report.md";

pub(super) const CHECK: &str = "\
Of one page each command that would be run is shown, with the lines that its
output is compared with, and the setup, mirrors and images that labbook.toml
names; of several pages a line each. What is wrong is drawn over the page.

Exit code 3 where there is an error, 4 where nothing would be run or compared.

Examples:
  labbook check lab.md
  labbook check --explain lab.md            why a fence is run, or is not
  labbook check labs --deny warnings        a page with a warning is at fault, too
  labbook check --format github             annotations, in a workflow on GitHub
  labbook check - <lab.md                   a page on standard input";

pub(super) const PUBLISH: &str = "\
Copies the record to `lab.record.jsonl` beside its page `lab.md`: the only record
that the book reads. Only a run with the same result is published.

Example:
  labbook run labs/statefulset && labbook publish labbook-out/latest";

pub(super) const BOOK: &str = "\
The book is the manual in book/ and a chapter for each lab, with the outputs of
its published record and their status at the top. No lab is run: where a record
is missing or older than its page, the build fails and says what to run.

Example:
  labbook book build --dest public";

pub(super) const CLUSTER: &str = "\
An embedded cluster is real Kubernetes on this host, without a container engine:
its components are built once from their sources, and run in namespaces of their
own. It needs Linux, root, and Go for the first build.

Examples:
  labbook cluster doctor                    what this machine lacks
  labbook cluster up dev                    a cluster that stays up
  labbook run lab.md --cluster embedded:dev
  kubectl --kubeconfig <(labbook cluster kubeconfig dev) get nodes
  labbook cluster down dev";

pub(super) const BUILD: &str = "\
Takes some minutes the first time, and nothing after that. What is built is kept in
~/.cache/labbook, or in the directory that LABBOOK_CACHE names.

What is there already is not built again. Where stand-ins for public images are in
use, their registries are asked once more, and images that can be pulled take the
stand-ins' place; at a cluster's start no registry is asked.

Examples:
  labbook cluster build                     before the machine goes offline
  labbook cluster build --pull=always       every public image, or an error
  labbook cluster build --refresh           after the distribution's security updates";

pub(super) const UP: &str = "\
Returns when the cluster can be used: the API server and the node are ready, DNS
answers, the default StorageClass and service account are there.

Examples:
  labbook cluster up                        a cluster called default
  labbook cluster up dev --timings          another, and where the time went
  labbook run lab.md --cluster embedded:dev";

pub(super) const DOWN: &str = "\
Examples:
  labbook cluster down dev
  labbook cluster down --all                also what a killed labbook left behind";

pub(super) const LIST: &str = "\
Example:
  labbook cluster list";

pub(super) const KUBECONFIG: &str = "\
Your own kubeconfig is not touched.

Example:
  labbook cluster kubeconfig dev > dev.yaml
  kubectl --kubeconfig dev.yaml get nodes";

pub(super) const LOAD: &str = "\
For images that a lab always needs, [images] in labbook.toml is the better place.

Example:
  docker save app:1.0 > app.tar && labbook cluster load dev app.tar";

pub(super) const LOGS: &str = "\
Examples:
  labbook cluster logs dev                  which logs there are
  labbook cluster logs dev kubelet";

pub(super) const IMAGES: &str = "\
A stand-in has the name of a public image, and was built on this machine from the
distribution's packages; a run's record says where one was used. A workbook adds
its own under [images] in labbook.toml.

Example:
  labbook cluster images";

pub(super) const DOCTOR: &str = "\
A line each: ok, warning or missing, and under it the command that mends it. Ends
with exit code 5 where something is missing.

Examples:
  labbook cluster doctor
  labbook cluster doctor --install          install what is missing";
