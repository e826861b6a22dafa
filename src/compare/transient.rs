//! States that a page happened to catch on their way to another: an object that
//! is seconds old is as good when it has arrived.

use super::duration;
use super::table::{Row, Table};

/// Below this age, in seconds, a state on its way is not the page's lesson.
const YOUNG: u64 = 60;

/// Whether a recorded row shows an object on its way.
pub(crate) fn is_transient(table: &Table, row: &Row) -> bool {
    let young = table.cell(row, "AGE").and_then(duration::seconds).is_some_and(|age| age < YOUNG);
    young
        && table.columns.iter().zip(&row.cells).any(|(column, cell)| match column.as_str() {
            "STATUS" => is_on_its_way(cell),
            "READY" => ratio(cell).is_some_and(|(ready, wanted)| ready < wanted),
            "AVAILABLE" | "CURRENT" | "UP-TO-DATE" => cell == "0",
            "EXTERNAL-IP" => cell == "<pending>",
            _ => false,
        })
}

/// Whether the row shows an object that is going away.
pub(crate) fn is_leaving(table: &Table, row: &Row) -> bool {
    table.cell(row, "STATUS") == Some("Terminating")
}

/// Whether the new cell is where the recorded one was on its way to.
pub(crate) fn has_arrived(column: &str, old: &str, new: &str) -> bool {
    match column {
        "STATUS" => {
            is_on_its_way(old)
                && old != "Terminating"
                && matches!(new, "Running" | "Completed" | "Bound" | "Active")
        }
        "READY" => match (ratio(old), ratio(new)) {
            (Some((_, wanted)), Some((ready, now))) => wanted == now && ready == now,
            _ => arrived_number(old, new),
        },
        "AVAILABLE" | "CURRENT" | "UP-TO-DATE" => arrived_number(old, new),
        "VOLUME" | "CAPACITY" | "ACCESS MODES" => old.is_empty() && !new.is_empty(),
        "IP" | "NODE" => old == "<none>" && new != "<none>",
        "EXTERNAL-IP" => old == "<pending>" && super::value::address(new),
        _ => false,
    }
}

fn is_on_its_way(status: &str) -> bool {
    matches!(
        status,
        "Pending" | "ContainerCreating" | "PodInitializing" | "Terminating" | "NotReady"
    ) || status.strip_prefix("Init:").and_then(ratio).is_some()
}

fn ratio(cell: &str) -> Option<(u32, u32)> {
    let (part, whole) = cell.split_once('/')?;
    Some((part.parse().ok()?, whole.parse().ok()?))
}

fn arrived_number(old: &str, new: &str) -> bool {
    matches!((old.parse::<u32>(), new.parse::<u32>()), (Ok(old), Ok(new)) if new > old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::normalise::lines;
    use crate::compare::table::{Block, blocks};

    fn transient(row: &str) -> bool {
        let text = format!("NAME    READY   STATUS              RESTARTS   AGE\n{row}");
        match &blocks(&lines(&text, 1))[0] {
            Block::Table(table) => is_transient(table, &table.rows[0]),
            Block::Text(lines) => panic!("{lines:?}"),
        }
    }

    #[test]
    fn only_young_objects_are_on_their_way() {
        assert!(transient("app-0   0/1     ContainerCreating   0          5s"));
        assert!(transient("app-0   0/1     Init:0/2            0          5s"));
        assert!(transient("app-0   1/1     Terminating         0          59s"));
        assert!(!transient("app-0   1/1     Running             0          5s"));
        assert!(!transient("app-0   0/1     Pending             0          5m"));
        assert!(
            transient("app-0   0/1     CrashLoopBackOff    3          50s"),
            "its READY may arrive"
        );
    }

    #[test]
    fn only_health_is_an_arrival() {
        assert!(has_arrived("STATUS", "ContainerCreating", "Running"));
        assert!(has_arrived("READY", "0/2", "2/2"));
        assert!(!has_arrived("READY", "0/2", "1/2"));
        assert!(!has_arrived("READY", "0/2", "1/1"));
        assert!(!has_arrived("STATUS", "ContainerCreating", "CrashLoopBackOff"));
        assert!(!has_arrived("STATUS", "Terminating", "Running"));
        assert!(!has_arrived("STATUS", "CrashLoopBackOff", "Running"));
        assert!(has_arrived("EXTERNAL-IP", "<pending>", "203.0.113.7"));
    }
}
