//! Tables: what must and what must not make a difference in them.

use super::{attempt, judge, kinds, step};
use crate::compare::Page;
use crate::record::{Facts, PodFact, Verdict};

#[test]
fn new_columns_are_drift_and_lost_values_are_not() {
    let old = "NAME   STATUS   AGE\na      Bound    3s";
    let new =
        "NAME   STATUS   VOLUMEATTRIBUTESCLASS   AGE\na      Bound    <unset>                 3s";
    let judged = judge("kubectl get pvc", old, new);
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Drift, vec!["new-column"]));
    assert_eq!(
        judged.explanation[0].text,
        "there is a new column VOLUMEATTRIBUTESCLASS: kubectl shows it since 1.29"
    );
    assert_eq!(judge("kubectl get pvc", new, old).verdict, Verdict::Drift, "it held nothing");
    let judged = judge("kubectl get pvc", old, "NAME   AGE\na      3s");
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["missing-column"]));
}

#[test]
fn rows_count_and_order_only_where_the_command_sorts() {
    let old = "NAME   AGE\na      3s\nb      3s";
    let new = "NAME   AGE\nb      3s\na      3s";
    assert_eq!(judge("kubectl get x", old, new).verdict, Verdict::Same);
    let judged = judge("kubectl get x --sort-by=.metadata.name", old, new);
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["row-order"]));
    let judged = judge("kubectl get x", old, "NAME   AGE\na      3s\nc      3s");
    assert_eq!(kinds(&judged), ["missing-row", "extra-row"]);
}

#[test]
fn a_broken_age_is_told() {
    let judged = judge("kubectl get x", "NAME   AGE\na      3s", "NAME   AGE\na      <invalid>");
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["type"]));
    assert_eq!(judged.explanation[0].column.as_deref(), Some("AGE"));
}

#[test]
fn an_age_that_the_page_does_not_have_yet_is_drift() {
    let row = |last: &str| {
        format!("NAME   SCHEDULE    LAST SCHEDULE   AGE\na      * * * * *   {last:15} 3m")
    };
    let judged = judge("kubectl get cj", &row("<none>"), &row("50s"));
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Drift, vec!["age"]));
    assert_eq!(judge("kubectl get cj", &row("50s"), &row("<none>")).verdict, Verdict::Different);
}

#[test]
fn a_missing_table_is_told_with_what_came_instead() {
    let judged = judge(
        "kubectl get pods",
        "NAME   AGE\na      3s",
        "No resources found in default namespace.",
    );
    assert_eq!(kinds(&judged), ["missing-table"]);
    assert_eq!(
        judged.explanation[0].new.as_deref(),
        Some("No resources found in default namespace.")
    );
    let judged = judge(
        "kubectl get pods",
        "No resources found in default namespace.",
        "NAME   AGE\na      3s",
    );
    assert_eq!(judged.verdict, Verdict::Different);
}

#[test]
fn young_transients_may_arrive() {
    let row = |ready: &str, status: &str, age: &str| {
        format!(
            "NAME   READY   STATUS              RESTARTS   AGE\na      {ready}     {status:17}   0          {age}"
        )
    };
    let recorded = row("0/1", "ContainerCreating", "5s");
    let arrived = judge("kubectl get pods", &recorded, &row("1/1", "Running", "7s"));
    assert_eq!(
        (arrived.verdict, kinds(&arrived)),
        (Verdict::Drift, vec!["transient", "transient"])
    );
    assert_eq!(
        judge("kubectl get pods", &recorded, &row("0/1", "ContainerCreating", "7s")).verdict,
        Verdict::Same
    );
    assert_eq!(
        judge("kubectl get pods", &recorded, &row("0/1", "ErrImagePull", "7s")).verdict,
        Verdict::Different
    );
    let lesson = row("0/1", "Pending", "5m");
    assert_eq!(
        judge("kubectl get pods", &lesson, &row("1/1", "Running", "7s")).verdict,
        Verdict::Different
    );
}

#[test]
fn what_stays_on_its_way_is_no_drift() {
    let sets = |row: &str| format!("NAME   DESIRED   CURRENT   READY   AGE\nweb    {row}");
    let verdict = |old: &str, new: &str| judge("kubectl get all", old, new).verdict;
    assert_eq!(
        verdict(&sets("3         0         0       1s"), &sets("3         3         3       9s")),
        Verdict::Drift
    );
    assert_eq!(
        verdict(&sets("3         0         0       1s"), &sets("3         3         1       9s")),
        Verdict::Different
    );
    let deployments =
        |row: &str| format!("NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    {row}");
    let young = deployments("0/3     0            0           1s");
    assert_eq!(
        verdict(&young, &deployments("3/3     3            3           9s")),
        Verdict::Drift
    );
    assert_eq!(
        verdict(&young, &deployments("0/3     3            1           9s")),
        Verdict::Different
    );
    let pod = |name: &str, status: &str| {
        format!(
            "NAME         READY   STATUS              RESTARTS   AGE\n{name}   0/1     {status:17}   0          5s"
        )
    };
    let completes = |name: &str| verdict(&pod(name, "ContainerCreating"), &pod(name, "Completed"));
    assert_eq!(completes("pi-x8k2d  "), Verdict::Drift, "a Job made it");
    assert_eq!(completes("server    "), Verdict::Different);
    let judged =
        judge("kubectl get pods", &pod("web-0     ", "Pending"), &pod("web-0     ", "Completed"));
    assert!(!judged.hopeless);
}

#[test]
fn only_a_young_pod_is_on_its_way_out() {
    let row = |age: &str| {
        format!(
            "NAME   READY   STATUS        RESTARTS   AGE\na      1/1     Running       0          3m\nb      1/1     Terminating   0          {age}"
        )
    };
    let gone = "NAME   READY   STATUS    RESTARTS   AGE\na      1/1     Running   0          3m";
    assert_eq!(judge("kubectl get pods", &row("20s"), gone).verdict, Verdict::Drift);
    assert_eq!(judge("kubectl get pods", &row("45m"), gone).verdict, Verdict::Different);
}

#[test]
fn the_rows_of_nodes_follow_where_pods_ran() {
    let pods = |node: &str| {
        format!(
            "NAME   READY   STATUS    RESTARTS   NODE\na      1/1     Running   0          {node}"
        )
    };
    let nodes = |first: &str, second: &str| {
        format!(
            "NAME       STATUS   ROLES           AGE\n{first:10} Ready    <none>          3m\n{second:10} Ready    <none>          3m"
        )
    };
    let facts = Facts::default();
    let mut page = Page::new(&facts);
    page.keep(
        &step(1, "kubectl get pods -o wide", &pods("minikube")),
        &attempt(&pods("labbook"), 0, &facts),
    );
    let recorded = step(9, "kubectl get nodes", &nodes("minikube", "other"));
    let verdict = |new: &str| page.judge(&recorded, &attempt(new, 0, &facts)).verdict;
    assert_eq!(verdict(&nodes("z", "labbook")), Verdict::Same);
    assert_eq!(verdict(&nodes("y", "z")), Verdict::Different);
    let fewer: Vec<_> = nodes("labbook", "z").lines().take(2).map(str::to_owned).collect();
    assert_eq!(verdict(&fewer.join("\n")), Verdict::Different);
}

#[test]
fn replicas_find_their_best_partners() {
    let old = "\
NAME                   READY   STATUS             RESTARTS   IP           NODE
web-67f77f58f8-hj279   1/1     Running            0          10.0.0.1     node-a
web-67f77f58f8-q5l6z   0/1     ImagePullBackOff   0          10.0.0.2     node-b
web-5b7575787d-8k97x   1/1     Running            0          10.0.0.3     node-a";
    let new = "\
NAME                   READY   STATUS             RESTARTS   IP           NODE
web-7c9d64c5f4-2w4lt   1/1     Running            0          10.1.0.9     z
web-6d8bb4c7f9-qz8vj   0/1     ImagePullBackOff   0          10.1.0.8     y
web-6d8bb4c7f9-7bnxk   1/1     Running            0          10.1.0.7     z";
    let judged = judge("kubectl get pods -o wide", old, new);
    assert_eq!(judged.verdict, Verdict::Same, "{:?}", judged.explanation);
    let one_template = new.replace("7c9d64c5f4", "6d8bb4c7f9");
    assert_eq!(judge("kubectl get pods -o wide", old, &one_template).verdict, Verdict::Different);
}

#[test]
fn a_later_table_holds_the_pairs_of_an_earlier_one() {
    let facts = Facts::default();
    let mut page = Page::new(&facts);
    let table = |rows: &[(&str, &str)]| {
        let rows: Vec<String> = rows
            .iter()
            .map(|(name, status)| format!("{name}   1/1     {status}   0          3m"))
            .collect();
        format!("NAME                   READY   STATUS    RESTARTS   AGE\n{}", rows.join("\n"))
    };
    let old = table(&[("web-67f77f58f8-hj279", "Running"), ("web-67f77f58f8-q5l6z", "Running")]);
    let new = table(&[("web-7c9d64c5f4-2w4lt", "Running"), ("web-7c9d64c5f4-7bnxk", "Running")]);
    let first = step(1, "kubectl get pods", &old);
    page.keep(&first, &attempt(&new, 0, &facts));
    assert_eq!(
        page.follow("kubectl delete pod web-67f77f58f8-q5l6z").as_deref(),
        Some("kubectl delete pod web-7c9d64c5f4-7bnxk")
    );
    // The second pod was deleted and replaced; the first stayed.
    let second = step(
        9,
        "kubectl get pods",
        &table(&[("web-67f77f58f8-hj279", "Running"), ("web-67f77f58f8-zz999", "Running")]),
    );
    let honest = table(&[("web-7c9d64c5f4-sssss", "Running"), ("web-7c9d64c5f4-2w4lt", "Running")]);
    assert_eq!(page.judge(&second, &attempt(&honest, 0, &facts)).verdict, Verdict::Same);
    let broken = table(&[("web-7c9d64c5f4-sssss", "Running"), ("web-7c9d64c5f4-7bnxk", "Running")]);
    let judged = page.judge(&second, &attempt(&broken, 0, &facts));
    assert_eq!(judged.verdict, Verdict::Different);
    assert!(
        judged.explanation[0].text.contains("(web-7c9d64c5f4-2w4lt in this run)"),
        "{:?}",
        judged.explanation
    );
}

#[test]
fn node_ports_are_bound_and_own_ports_are_not() {
    let row = |ports: &str| {
        format!("NAME   TYPE       CLUSTER-IP   PORT(S)\nweb    NodePort   10.96.0.7    {ports}")
    };
    let same = judge("kubectl get svc", &row("80:31234/TCP"), &row("80:30999/TCP"));
    assert_eq!(same.verdict, Verdict::Same, "{:?}", same.explanation);
    for other in ["81:31234/TCP", "80/TCP", "80:31234/UDP", "80:31234/TCP,443:30001/TCP"] {
        assert_eq!(
            judge("kubectl get svc", &row("80:31234/TCP"), &row(other)).verdict,
            Verdict::Different,
            "{other}"
        );
    }
}

#[test]
fn a_name_that_was_typed_stands_for_a_generated_one() {
    let row = |name: &str| {
        format!("NAME   READY   STATUS    RESTARTS   AGE\n{name}   1/1     Running   0          3m")
    };
    let facts = Facts::default();
    let mut page = Page::new(&facts);
    let recorded = step(1, "kubectl get pods", &row("web-6d8a9c7e5b-x1k0p"));
    let printed = attempt(&row("web-7c9d64c5f4-2w4lt"), 0, &facts);
    assert_eq!(page.judge(&recorded, &printed).verdict, Verdict::Same);
    page.keep(&recorded, &printed);
    let followed = page.follow("kubectl delete pod web-6d8a9c7e5b-x1k0p");
    assert_eq!(followed.as_deref(), Some("kubectl delete pod web-7c9d64c5f4-2w4lt"));
    let other =
        judge("kubectl get pods", &row("web-6d8a9c7e5b-x1k0p"), &row("api-7c9d64c5f4-2w4lt"));
    assert_eq!(other.verdict, Verdict::Different);
}

#[test]
fn pods_of_a_daemon_set_are_paired_over_the_page() {
    let row = |name: &str| {
        format!(
            "NAME                   READY   STATUS    RESTARTS   AGE\npod/{name}   1/1     Running   0          3m"
        )
    };
    let facts = Facts::default();
    let mut page = Page::new(&facts);
    let recorded = step(1, "kubectl get pods,svc", &row("kube-proxy-x8k2d"));
    let printed = attempt(&row("kube-proxy-zz9fd"), 0, &facts);
    assert_eq!(page.judge(&recorded, &printed).verdict, Verdict::Same);
    page.keep(&recorded, &printed);
    assert_eq!(page.judge(&recorded, &printed).verdict, Verdict::Same);
    let replaced = page.judge(&recorded, &attempt(&row("kube-proxy-bbbbb"), 0, &facts));
    assert_eq!(replaced.verdict, Verdict::Different);
}

#[test]
fn rows_that_the_page_leaves_out_are_not_missed() {
    let old = "NAME   AGE\n...\nb      3s\n...";
    let new = "NAME   AGE\na      3s\nb      3s\nc      3s";
    assert_eq!(judge("kubectl get x", old, new).verdict, Verdict::Same);
    let judged = judge("kubectl get x", old, "NAME   AGE\na      3s");
    assert_eq!(kinds(&judged), ["missing-row"]);
}

#[test]
fn a_cell_that_the_page_cuts_is_compared_as_far_as_it_goes() {
    let old = "NAME   MESSAGE\na      Pulled th...\nb      ...";
    let new = "NAME   MESSAGE\na      Pulled the image\nb      Done";
    assert_eq!(judge("kubectl get x", old, new).verdict, Verdict::Same);
    let other = "NAME   MESSAGE\na      Failed\nb      Done";
    assert_eq!(kinds(&judge("kubectl get x", old, other)), ["cell"]);
}

#[test]
fn two_tables_are_not_taken_for_each_other() {
    let pods = "NAME   READY   STATUS    RESTARTS   AGE\na-0    1/1     Running   0          3s";
    let sets = "NAME   READY   AGE\na      1/1     3s";
    let judged = judge("kubectl get pods; kubectl get sts", &format!("{pods}\n{sets}"), sets);
    assert_eq!(kinds(&judged), ["missing-table"]);
}

#[test]
fn what_a_table_shows_is_held_against_the_cluster() {
    let row = |ip: &str| {
        format!(
            "NAME   READY   STATUS    RESTARTS   AGE   IP\na-0    1/1     Running   0          3s    {ip}"
        )
    };
    let pod = PodFact {
        namespace: "x".into(),
        name: "a-0".into(),
        uid: "u".into(),
        ip: Some("10.244.0.5".into()),
        ready: true,
        ..PodFact::default()
    };
    let facts = Facts { pods: vec![pod], ..Facts::default() };
    let recorded = step(1, "kubectl get pods -o wide", &row("10.244.9.9"));
    let page = Page::new(&facts);
    assert_eq!(
        page.judge(&recorded, &attempt(&row("10.244.0.5"), 0, &facts)).verdict,
        Verdict::Same
    );
    let judged = page.judge(&recorded, &attempt(&row("10.244.0.6"), 0, &facts));
    assert_eq!((judged.verdict, kinds(&judged)), (Verdict::Different, vec!["fact"]));
    assert!(!judged.hopeless);
    let mut facts = facts;
    facts.pods[0].ready = false;
    let judged = page.judge(&recorded, &attempt(&row("10.244.0.5"), 0, &facts));
    assert_eq!(kinds(&judged), ["fact"]);
}
