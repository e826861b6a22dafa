//! What a page's own commands may do stays in the lab's sandbox.

use std::fs;

use labbook::record::Verdict;

use super::outside::{Outside, disk, hunt};
use super::turns;
use super::workbook::Workbook;

#[test]
fn what_a_page_changes_changes_in_its_sandbox_only() {
    let _turn = turns::one();
    let mut outside = Outside::new();
    let (file, folder) = (outside.file_in_etc(), outside.folder().to_owned());
    let (file, folder, disk, hunt) =
        (file.display(), folder.display(), disk(), hunt(outside.name()));
    let workbook = Workbook::of_page(
        &format!(
            r#"# What a page may do

```console
$ echo written > {file} && cat {file}
written
$ rm -r {folder} && [ ! -e {folder} ] && echo removed
removed
$ {hunt}
found: nothing
$ mknod disk b {disk} && head -c 512 disk > sector
mknod: disk: Operation not permitted
$ date -s "@$(date +%s.%N)" > /dev/null
date: cannot set date: Operation not permitted
```
"#
        ),
        "kubectl version\n",
    );
    let outcome = workbook.run(&["run", "lab.md", "--format", "json"]).ends_with(0);
    outcome.lab().passes();
    outside.is_unharmed();
}

#[test]
fn a_page_that_kills_every_process_that_it_sees_harms_nothing_outside() {
    let _turn = turns::one();
    let mut outside = Outside::new();
    // It kills only where it is certain not to see this machine's processes.
    let this = fs::read_link("/proc/self/ns/pid").expect("the kernel has PID namespaces");
    let (this, name) = (this.display(), outside.name().to_owned());
    let workbook = Workbook::of_page(
        &format!(
            r#"# What a page may do

```console
$ [ "$(readlink /proc/self/ns/pid)" != "{this}" ] && echo apart
apart
$ [ "$(readlink /proc/self/ns/pid)" != "{this}" ] && ! grep -qx {name} /proc/[0-9]*/comm && kill -KILL -1
$ kubectl get service kubernetes -o name
service/kubernetes
```
"#
        ),
        "kubectl version\n",
    );
    let outcome = workbook.run(&["run", "lab.md", "--format", "json"]);
    outside.is_unharmed();
    let lab = outcome.lab();
    assert!(lab.steps[0].passed(), "{outcome}");
    assert_ne!(lab.steps[1].verdict, Verdict::NotRun, "{outcome}");
    assert!(lab.steps[2].passed(), "the cluster is as before\n{outcome}");
}
