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
