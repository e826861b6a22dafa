//! What a page's own commands may do stays in the lab's sandbox.

use std::fs;

use labbook::record::Verdict;

use super::outside::{Attempt, Outside};
use super::turns;
use super::workbook::Workbook;

#[test]
fn what_a_page_changes_changes_in_its_sandbox_only() {
    let _turn = turns::one();
    let mut outside = Outside::new();
    let mut page = String::from("# What a page may do\n\n```console\n");
    for Attempt { script, contained, .. } in outside.attempts("") {
        page.extend(["$ ", &script, "\n", contained, "\n"]);
    }
    // It is set to what it is, where that is allowed.
    page += r#"$ date -s "@$(date +%s.%N)" 2>&1 | grep -o 'Operation not permitted'
Operation not permitted
```
"#;
    let workbook = Workbook::of_page(&page, "kubectl version\n");
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
