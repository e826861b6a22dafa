//! The `StatefulSet` page, as it is recorded, and a run of it on a small world of
//! made-up pods, claims and services that a test may break.

use std::fmt::Write as _;

use super::{attempt, step};
use crate::compare::{Judgement, Page};
use crate::lab::Step;
use crate::record::{ClaimFact, Facts, PodFact, ServiceFact, Verdict};

/// The page's steps.
pub(super) fn page() -> Vec<Step> {
    let nslookup = |ordinal: usize| {
        format!(
            "kubectl exec -i -t dnsutils -- nslookup app-python-{ordinal}.app-python.default.svc.cluster.local"
        )
    };
    let answer = |ordinal: usize, address: &str| {
        format!(
            "Server:         10.96.0.10\nAddress:        10.96.0.10#53\n\n\
             Name:   app-python-{ordinal}.app-python.default.svc.cluster.local\nAddress: {address}"
        )
    };
    vec![
        step(4, "kubectl get po,sts,svc,pvc", EVERYTHING),
        step(28, "kubectl exec pod/app-python-0 -- cat visits/visits.txt", "16"),
        step(34, "kubectl exec pod/app-python-1 -- cat visits/visits.txt", "20"),
        step(45, "kubectl delete pod app-python-0", "pod \"app-python-0\" deleted"),
        step(52, "kubectl get pvc", CLAIMS),
        step(61, "kubectl exec pod/app-python-0 -- cat visits/visits.txt", "16"),
        step(
            70,
            "kubectl apply -f https://k8s.io/examples/admin/dns/dnsutils.yaml",
            "pod/dnsutils created",
        ),
        step(
            75,
            "kubectl get pods dnsutils",
            "NAME       READY   STATUS    RESTARTS   AGE\ndnsutils   1/1     Running   0          90s",
        ),
        step(80, &nslookup(0), &answer(0, "10.244.0.220")),
        step(91, &nslookup(1), &answer(1, "10.244.0.218")),
    ]
}

const EVERYTHING: &str = "\
NAME                                         READY   STATUS    RESTARTS       AGE
pod/app-python-0                             1/1     Running   0              30s
pod/app-python-1                             1/1     Running   0              30s
pod/helm-hooks-app-python-5b7575787d-8k97x   1/1     Running   4 (3m3s ago)   2d22h
pod/python-app-app-python-67f77f58f8-hj279   1/1     Running   2 (3m3s ago)   7h51m
pod/python-app-app-python-67f77f58f8-q5l6z   1/1     Running   2 (3m3s ago)   7h51m

NAME                          READY   AGE
statefulset.apps/app-python   2/2     30s

NAME                            TYPE        CLUSTER-IP       EXTERNAL-IP   PORT(S)    AGE
service/app-python              ClusterIP   10.98.41.101     <none>        5000/TCP   30s
service/helm-hooks-app-python   ClusterIP   10.102.161.156   <none>        5000/TCP   14d
service/kubernetes              ClusterIP   10.96.0.1        <none>        443/TCP    14d
service/python-app-app-python   ClusterIP   10.103.20.160    <none>        5000/TCP   28h

NAME                                                 STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
persistentvolumeclaim/app-python-data-app-python-0   Bound    pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1   1Gi        RWO            standard       <unset>                 30s
persistentvolumeclaim/app-python-data-app-python-1   Bound    pvc-91bf9a46-18d4-40cc-9215-66e0a984e720   1Gi        RWO            standard       <unset>                 30s";

const CLAIMS: &str = "\
NAME                           STATUS   VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
app-python-data-app-python-0   Bound    pvc-ef4064c4-3d80-4a72-9f5c-28e597a8ffa1   1Gi        RWO            standard       <unset>                 23m
app-python-data-app-python-1   Bound    pvc-91bf9a46-18d4-40cc-9215-66e0a984e720   1Gi        RWO            standard       <unset>                 23m";

/// What a run shows. Each field is one thing that a test may break.
#[derive(Debug, Clone)]
pub(super) struct World {
    /// The pods, without `dnsutils`.
    pub(super) pods: Vec<Pod>,
    /// What the `StatefulSet`'s READY reads.
    pub(super) ready: &'static str,
    /// The claims: ordinal, status, volume.
    pub(super) claims: Vec<(usize, &'static str, &'static str)>,
    /// The claims as step 5 sees them.
    pub(super) later_claims: Vec<(usize, &'static str, &'static str)>,
    /// What steps 2, 3 and 6 read.
    pub(super) visits: [&'static str; 3],
    /// What the name server answers for each pod; none is NXDOMAIN.
    pub(super) answers: [Option<&'static str>; 2],
    /// The headers have their columns this much further apart.
    pub(super) wider: usize,
}

/// A pod as kubectl shows it.
#[derive(Debug, Clone)]
pub(super) struct Pod {
    pub(super) name: &'static str,
    pub(super) ready: &'static str,
    pub(super) status: &'static str,
    pub(super) restarts: &'static str,
    /// How often it had been restarted before the first step.
    pub(super) before: u32,
    pub(super) age: &'static str,
    pub(super) ip: &'static str,
}

const FIRST: &str = "pvc-0b9a11f2-7d61-4b5e-8f35-5c8a2f6f0d01";
const SECOND: &str = "pvc-5f0e63cc-19a4-4d0c-a1f7-d3a7e18b2c02";

impl World {
    /// A world in which all is well.
    pub(super) fn healthy() -> Self {
        let pod = |name, ip| Pod {
            name,
            ready: "1/1",
            status: "Running",
            restarts: "0",
            before: 0,
            age: "41s",
            ip,
        };
        let claims = vec![(0, "Bound", FIRST), (1, "Bound", SECOND)];
        Self {
            pods: vec![
                pod("app-python-0", "10.244.0.9"),
                pod("app-python-1", "10.244.0.11"),
                pod("helm-hooks-app-python-6d8bb4c7f9-2w4lt", "10.244.0.4"),
                pod("python-app-app-python-7c9d64c5f4-qz8vj", "10.244.0.6"),
                pod("python-app-app-python-7c9d64c5f4-7bnxk", "10.244.0.5"),
            ],
            ready: "2/2",
            later_claims: claims.clone(),
            claims,
            visits: ["3", "5", "3"],
            answers: [Some("10.244.0.9"), Some("10.244.0.11")],
            wider: 0,
        }
    }

    /// The first pod.
    pub(super) fn first(&mut self) -> &mut Pod {
        &mut self.pods[0]
    }

    /// What the cluster says before the first step.
    pub(super) fn facts(&self) -> Facts {
        let pods = self.pods.iter().map(Pod::fact).collect();
        let claims = self.claims.iter().map(|(ordinal, phase, volume)| ClaimFact {
            namespace: "default".into(),
            name: format!("app-python-data-app-python-{ordinal}"),
            uid: format!("claim-{volume}"),
            phase: (*phase).into(),
            volume: (!volume.is_empty()).then(|| (*volume).into()),
        });
        let service = |name: &str, address: &str| ServiceFact {
            namespace: "default".into(),
            name: name.into(),
            cluster_ip: Some(address.into()),
            endpoints: Vec::new(),
        };
        let services =
            vec![service("app-python", "10.96.14.3"), service("kubernetes", "10.96.0.1")];
        Facts { pods, claims: claims.collect(), services }
    }

    /// Runs the page, each step kept at its first attempt.
    pub(super) fn run(&self) -> Vec<Judgement> {
        let outputs = [
            (self.everything(), 0),
            (self.visits[0].to_owned(), 0),
            (self.visits[1].to_owned(), 0),
            ("pod \"app-python-0\" deleted from default namespace".to_owned(), 0),
            (self.claims_table("", &self.later_claims), 0),
            (self.visits[2].to_owned(), 0),
            ("pod/dnsutils created".to_owned(), 0),
            (
                self.table(
                    &["NAME", "READY", "STATUS", "RESTARTS", "AGE"],
                    &[&["dnsutils", "1/1", "Running", "0", "2s"]],
                ),
                0,
            ),
            self.answer(0),
            self.answer(1),
        ];
        let baseline = self.facts();
        let mut facts = self.facts();
        let mut page = Page::new(&baseline);
        let mut judgements = Vec::new();
        for (index, (step, (output, code))) in super::world::page().iter().zip(outputs).enumerate()
        {
            if index == 4 {
                facts = World { claims: self.later_claims.clone(), ..self.clone() }.facts();
            }
            let attempt = attempt(&output.replace('\n', "\r\n"), code, &facts);
            judgements.push(page.judge(step, &attempt));
            page.keep(step, &attempt);
        }
        judgements
    }

    /// The steps, counted from 1, that differ.
    pub(super) fn different(&self) -> Vec<usize> {
        self.run()
            .iter()
            .enumerate()
            .filter(|(_, judgement)| judgement.verdict == Verdict::Different)
            .map(|(index, _)| index + 1)
            .collect()
    }

    /// What is told first of a step, counted from 1.
    pub(super) fn cause(&self, step: usize) -> String {
        let judgements = self.run();
        let told = &judgements[step - 1].explanation[0];
        assert!(told.line.is_some(), "{told:?}");
        format!("{}: {}", told.kind, told.text)
    }

    fn everything(&self) -> String {
        let pods: Vec<[String; 5]> = self
            .pods
            .iter()
            .map(|pod| {
                [
                    format!("pod/{}", pod.name),
                    pod.ready.into(),
                    pod.status.into(),
                    pod.restarts.into(),
                    pod.age.into(),
                ]
            })
            .collect();
        let pods: Vec<Vec<&str>> =
            pods.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let pods: Vec<&[&str]> = pods.iter().map(Vec::as_slice).collect();
        let service =
            |name, address, port| ["service/", name, "ClusterIP", address, "<none>", port, "41s"];
        let services = [
            service("app-python", "10.96.14.3", "5000/TCP"),
            service("helm-hooks-app-python", "10.96.200.17", "5000/TCP"),
            service("kubernetes", "10.96.0.1", "443/TCP"),
            service("python-app-app-python", "10.96.33.90", "5000/TCP"),
        ]
        .map(|[prefix, name, rest @ ..]| {
            let mut row = vec![format!("{prefix}{name}")];
            row.extend(rest.map(str::to_owned));
            row
        });
        let services: Vec<Vec<&str>> =
            services.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let services: Vec<&[&str]> = services.iter().map(Vec::as_slice).collect();
        [
            self.table(&["NAME", "READY", "STATUS", "RESTARTS", "AGE"], &pods),
            self.table(
                &["NAME", "READY", "AGE"],
                &[&["statefulset.apps/app-python", self.ready, "41s"]],
            ),
            self.table(&["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"], &services),
            self.claims_table("persistentvolumeclaim/", &self.claims),
        ]
        .join("\n")
    }

    fn claims_table(&self, prefix: &str, claims: &[(usize, &str, &str)]) -> String {
        let rows: Vec<(String, &str, &str)> = claims
            .iter()
            .map(|(ordinal, status, volume)| {
                (format!("{prefix}app-python-data-app-python-{ordinal}"), *status, *volume)
            })
            .collect();
        let rows: Vec<[&str; 8]> = rows
            .iter()
            .map(|(name, status, volume)| match *volume {
                "" => [name, *status, "", "", "", "standard", "<unset>", "41s"],
                _ => [name, *status, *volume, "1Gi", "RWO", "standard", "<unset>", "41s"],
            })
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 8]>::as_slice).collect();
        self.table(
            &[
                "NAME",
                "STATUS",
                "VOLUME",
                "CAPACITY",
                "ACCESS MODES",
                "STORAGECLASS",
                "VOLUMEATTRIBUTESCLASS",
                "AGE",
            ],
            &rows,
        )
    }

    fn answer(&self, ordinal: usize) -> (String, i32) {
        let name = format!("app-python-{ordinal}.app-python.default.svc.cluster.local");
        let server = ";; Got recursion not available from 10.96.0.10\nServer:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n";
        match self.answers[ordinal] {
            Some(address) => (format!("{server}Name:\t{name}\nAddress: {address}\n"), 0),
            None => (
                format!(
                    "{server}** server can't find {name}: NXDOMAIN\n\ncommand terminated with exit code 1\n"
                ),
                1,
            ),
        }
    }

    /// A table as kubectl's printer lays it out.
    fn table(&self, columns: &[&str], rows: &[&[&str]]) -> String {
        let width = |at: usize| {
            rows.iter().map(|row| row[at].len()).chain([columns[at].len()]).max().unwrap_or(0)
                + 3
                + self.wider
        };
        let mut text = String::new();
        for row in std::iter::once(&columns).chain(rows) {
            for (at, cell) in row.iter().enumerate() {
                let width = if at + 1 == row.len() { 0 } else { width(at) };
                write!(text, "{cell:width$}").expect("a string takes it");
            }
            text.push('\n');
        }
        text
    }
}

impl Pod {
    fn fact(&self) -> PodFact {
        let in_set = self.name.len() == "app-python-0".len();
        PodFact {
            namespace: "default".into(),
            name: self.name.into(),
            uid: format!("uid-{}", self.name),
            ip: Some(self.ip.into()),
            hostname: in_set.then(|| self.name.into()),
            subdomain: in_set.then(|| "app-python".into()),
            ready: self.ready == "1/1",
            restarts: self.before,
            ..PodFact::default()
        }
    }
}
