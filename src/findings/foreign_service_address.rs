//! Service addresses outside the page's own service range.

use std::net::Ipv4Addr;

use super::shown::Shown;
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::table::Row;

pub(super) static FINDING: Finding = Finding {
    id: "foreign-service-address",
    severity: Severity::Warning,
    summary: "\
A service has an address that its cluster could not give it. The service `kubernetes`, which the \
page shows, has the first address of the range, and a range has at most 2²⁰ addresses: where \
`kubernetes` has `10.96.0.1`, all others lie in `10.96.0.0/12`. So the output was typed, changed, \
or put together from two clusters.",
    example: "\
```console
$ kubectl get svc
NAME         TYPE        CLUSTER-IP     EXTERNAL-IP   PORT(S)   AGE
kubernetes   ClusterIP   10.96.0.1      <none>        443/TCP   2d
web          ClusterIP   192.168.14.7   <none>        80/TCP    30s
```
",
    instead: "\
```console
$ kubectl get svc
NAME         TYPE        CLUSTER-IP     EXTERNAL-IP   PORT(S)   AGE
kubernetes   ClusterIP   10.96.0.1      <none>        443/TCP   2d
web          ClusterIP   10.103.14.7    <none>        80/TCP    30s
```
",
    find: Some(find),
};

/// A service's address on the page.
struct Seen<'a> {
    row: &'a Row,
    column: usize,
    name: &'a str,
    address: Ipv4Addr,
}

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let services: Vec<Seen<'_>> = shown
        .tables
        .iter()
        .filter(|at| at.table.kind() == Some("service"))
        .filter_map(|at| Some((&at.table, at.table.column("CLUSTER-IP")?)))
        .flat_map(|(table, column)| {
            table.rows.iter().filter_map(move |row| {
                let address = row.cells[column].parse().ok()?;
                Some(Seen { row, column, name: table.name(row)?, address })
            })
        })
        .collect();
    let mut firsts = services.iter().filter(|seen| seen.name == "kubernetes");
    // Two of them are two clusters.
    let Some(first) = firsts.next().filter(|first| {
        first.address.octets()[3] == 1 && firsts.all(|other| other.address == first.address)
    }) else {
        return Vec::new();
    };
    let range = Range::from_first(first.address);
    let outside = services.iter().filter(|seen| !range.holds(seen.address));
    outside
        .map(|seen| {
            let (first_line, address) = (first.row.line, seen.address);
            let mut diagnostic = FINDING
                .at(
                    place::cell(shown.document, seen.row, seen.column),
                    format!(
                        "the address {address} of the service `{}` is outside the cluster's range, \
                         {}/{} at most",
                        seen.name, range.start, range.bits
                    ),
                )
                .help("show what the command printed, as it printed it");
            let first_text = first.address.to_string();
            if let Some(span) = place::in_line(shown.document, first_line, &first_text) {
                diagnostic = diagnostic.related(span, "the range begins here");
            }
            diagnostic
        })
        .collect()
}

/// The widest range of services that may begin with an address.
struct Range {
    start: Ipv4Addr,
    bits: u32,
}

impl Range {
    /// kube-apiserver takes the first address for itself, and no range wider
    /// than `/12`.
    fn from_first(first: Ipv4Addr) -> Self {
        let start = u32::from(first) - 1;
        let bits = (32 - start.trailing_zeros()).max(12);
        Self { start: Ipv4Addr::from(start), bits }
    }

    fn holds(&self, address: Ipv4Addr) -> bool {
        (u32::from(address) ^ u32::from(self.start)) >> (32 - self.bits) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[foreign-service-address]: the address 192.168.14.7 of the service `web` is outside the cluster's range, 10.96.0.0/12 at most
         --> lab.md:5:26
          |
        4 | kubernetes   ClusterIP   10.96.0.1      <none>        443/TCP   2d
          |                          --------- the range begins here
        5 | web          ClusterIP   192.168.14.7   <none>        80/TCP    30s
          |                          ^^^^^^^^^^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn addresses_of_one_range_and_of_two_clusters_are_none() {
        for session in [
            "\
$ kubectl get svc
NAME         TYPE        CLUSTER-IP       EXTERNAL-IP   PORT(S)   AGE
kubernetes   ClusterIP   10.96.0.1        <none>        443/TCP   2d
a            ClusterIP   10.111.255.254   <none>        80/TCP    3s
b            ClusterIP   None             <none>        80/TCP    3s
c            ClusterIP   fd00::5          <none>        80/TCP    3s
",
            "\
$ kubectl get svc
NAME         TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE
kubernetes   ClusterIP   10.43.0.1     <none>        443/TCP   2d
$ kubectl get svc
NAME         TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE
kubernetes   ClusterIP   10.96.0.1     <none>        443/TCP   2d
a            ClusterIP   10.98.7.2     <none>        80/TCP    3s
",
            "\
$ kubectl get svc
NAME   TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE
a      ClusterIP   192.168.7.2   <none>        80/TCP    3s
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }

    #[test]
    fn a_range_ends_where_its_address_does() {
        let outside = |first: &str, other: &str| {
            let range = super::Range::from_first(first.parse().expect("an address"));
            !range.holds(other.parse().expect("an address"))
        };
        assert!(outside("10.96.0.1", "10.95.255.255") && outside("10.96.0.1", "10.112.0.1"));
        assert!(outside("10.43.0.1", "10.44.0.1") && !outside("10.43.0.1", "10.43.255.1"));
        assert!(
            outside("10.152.183.1", "10.152.184.1") && !outside("10.152.183.1", "10.152.183.200")
        );
    }
}
