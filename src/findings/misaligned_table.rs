//! Tables whose cells do not stand under their headers.

use std::collections::BTreeSet;

use super::shown::{Shown, ShownTable, lines};
use super::{Finding, place};
use crate::lab::{Diagnostic, Severity};
use crate::printed::header::{Header, segments};
use crate::printed::normalise::Line;
use crate::printed::table::Row;

/// How many columns a cell may stand away from its header: who changes a digit or
/// two of an output seldom moves the rest.
const LET_PASS: usize = 2;

/// The least blanks between two of kubectl's columns.
const GAP: usize = 3;

pub(super) static FINDING: Finding = Finding {
    id: "misaligned-table",
    severity: Severity::Warning,
    summary: "\
A row of one of kubectl's tables has a cell that begins far from its column's name. kubectl lays \
each column out under its header, so that something was typed or changed after it was printed: often \
a name that was made longer. One or two columns are let pass, and a long cell that was shortened, \
with the three blanks after it; tables with rows left out, printed row by row (`--watch`), with tabs, \
or with one blank between their columns are not meant, nor are rows with empty cells.",
    example: "\
```console
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
my-web-server   1/1     Running   0          30s
```
",
    instead: "\
```console
$ kubectl get pods
NAME            READY   STATUS    RESTARTS   AGE
my-web-server   1/1     Running   0          30s
```
",
    find: Some(find),
};

/// The parts of a line, each with its column.
type Segments<'a> = Vec<(&'a str, usize)>;

fn find(shown: &Shown<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let whole = |at: &&ShownTable| !at.watched && !at.table.elided && at.table.columns.len() > 1;
    for at in shown.tables.iter().filter(whole) {
        let lines = lines(&shown.lab.steps[at.step].outputs[at.output]);
        let first = lines.first().map_or(0, |line| line.number);
        let line = |number: usize| lines.get(number - first);
        let Some(header) = line(at.table.line).filter(|header| is_laid_out(header)) else {
            continue;
        };
        let columns = segments(&header.text);
        let rows = at.table.rows.iter().filter_map(|row| {
            let cells =
                line(row.line).filter(|line| is_plain(line)).map(|line| segments(&line.text));
            Some((row, cells.filter(|cells| cells.len() == columns.len())?))
        });
        let (rows, cells): (Vec<&Row>, Vec<Segments<'_>>) = rows.unzip();
        let cuts = cuts(&cells, &columns);
        let mut rows = rows.into_iter().zip(&cells);
        let first = rows.find_map(|(row, cells)| Some((row, moved(cells, &columns, &cuts)?)));
        if let Some((row, column)) = first {
            let name = columns[column].0;
            let mut diagnostic = FINDING
                .at(
                    place::cell(shown.document, row, column),
                    format!("this cell does not begin under its header {name}"),
                )
                .help("show what the command printed, as it printed it");
            if let Some(span) = place::in_line(shown.document, at.table.line, name) {
                diagnostic = diagnostic.related(span, "the header");
            }
            found.push(diagnostic);
        }
    }
    found
}

/// For each column, how far to the left cells were drawn by one before them that
/// was shortened, as people do with names of hosts: it keeps its distance to the
/// next.
fn cuts(rows: &[Segments<'_>], columns: &[(&str, usize)]) -> Vec<BTreeSet<usize>> {
    let mut cuts = vec![BTreeSet::new(); columns.len()];
    for cells in rows {
        for (index, pair) in cells.windows(2).enumerate().take(columns.len().saturating_sub(1)) {
            let [(text, start), (_, next)] = *pair else { continue };
            let column = columns[index + 1].1;
            if next == start + text.chars().count() + GAP && next < column {
                cuts[index + 1].insert(column - next);
            }
        }
    }
    cuts
}

/// The first cell that does not begin under its header, where none before it was
/// shortened by as much, in this row or in another.
fn moved(
    cells: &[(&str, usize)],
    columns: &[(&str, usize)],
    cuts: &[BTreeSet<usize>],
) -> Option<usize> {
    let mut cut = 0;
    cells.iter().zip(columns).zip(cuts).position(|(((_, cell), (_, column)), cuts)| {
        let fits = |cut: usize| (cell + cut).abs_diff(*column) <= LET_PASS;
        if !fits(cut) {
            let least = column.saturating_sub(cell + LET_PASS);
            cut = cuts.range(least..).next().copied().unwrap_or(cut);
        }
        !fits(cut)
    })
}

/// Whether a header's columns are parted as kubectl parts them, with three
/// blanks at least: a page may have lost some.
fn is_laid_out(header: &Line) -> bool {
    is_plain(header)
        && Header::read(&header.text).is_some()
        && segments(&header.text)
            .windows(2)
            .all(|pair| pair[1].1 >= pair[0].1 + pair[0].0.chars().count() + GAP)
}

/// Whether each character takes one column.
fn is_plain(line: &Line) -> bool {
    line.text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::FINDING;
    use crate::findings::tests::{drawn, ids_of};

    #[test]
    fn it_is_drawn() {
        insta::assert_snapshot!(drawn(FINDING.id, FINDING.example), @r"
        warning[misaligned-table]: this cell does not begin under its header READY
         --> lab.md:4:17
          |
        3 | NAME    READY   STATUS    RESTARTS   AGE
          |         ----- the header
        4 | my-web-server   1/1     Running   0          30s
          |                 ^^^
          |
          = help: show what the command printed, as it printed it
        ");
    }

    #[test]
    fn tables_as_kubectl_and_pages_have_them_are_none() {
        for session in [
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS     AGE
web-0   1/1     Running   1 (5s ago)   3m
web-10  1/1     Running   0            3m
",
            "\
$ kubectl get pods
  NAME    READY   STATUS    RESTARTS   AGE
  web-0   1/1     Running   0          3m
",
            "\
$ kubectl get pvc
NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data   Pending                                      standard       5s
",
            "\
$ kubectl get pods
NAME READY STATUS RESTARTS AGE
a-rather-long-name 1/1 Running 0 3m
",
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
...
my-web-server   1/1     Running   0          30s
",
            "\
$ kubectl get pods --watch
NAME    READY   STATUS    RESTARTS   AGE
web-0   0/1     ContainerCreating   0          3s
",
            "\
$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
größe-0   1/1     Running   0          3m
",
            // Long cells that the author shortened.
            "\
$ kubectl get services -o wide
NAME   TYPE           CLUSTER-IP      EXTERNAL-IP                              PORT(S)        AGE   SELECTOR
web    LoadBalancer   10.96.151.201   abc.elb.example.com   80:30385/TCP   17s   app=web
db     LoadBalancer   10.0...   a1b2c3...   80:30386/TCP   17s   app=db
",
            // One that was wrapped.
            "\
$ kubectl get services -o wide
NAME   TYPE           CLUSTER-IP      EXTERNAL-IP                              PORT(S)        AGE   SELECTOR
web    LoadBalancer   10.96.151.201   a1b2c3d4e5f6.eu-central-1.
elb.example.com   80:30385/TCP   17s   app=web
",
        ] {
            assert!(!ids_of(session).contains(&FINDING.id), "{session}");
        }
    }
}
