//! States that a page happened to catch on their way to another: an object that
//! is seconds old is as good when it has arrived.

use super::duration;
use super::name;
use super::restarts;
use super::table::{Row, Table};

/// Below this age, in seconds, a state on its way is not the page's lesson.
const YOUNG: u64 = 60;

/// Where an object on its way is to arrive, by the new row that shows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Goal {
    /// How many replicas are wanted.
    wanted: Option<u32>,
    /// Whether its end is to complete, as that of a Job's pod is. A server that
    /// ends at once reads the same, so that nothing but its name tells.
    completes: bool,
}

impl Goal {
    /// Where the object of a new row is to arrive.
    pub(crate) fn of(table: &Table, row: &Row) -> Self {
        let completes = table.kind() == Some("pod")
            && table.name(row).is_some_and(|name| {
                name::of_owner(name).is_some() && name::of_deployment(name).is_none()
            })
            && restarts::of_row(table, row) == 0;
        Self { wanted: wanted(table, row), completes }
    }
}

/// How many replicas a row says are wanted.
fn wanted(table: &Table, row: &Row) -> Option<u32> {
    match table.cell(row, "DESIRED") {
        Some(desired) => desired.parse().ok(),
        None => Some(ratio(table.cell(row, "READY")?)?.1),
    }
}

/// Whether a recorded row shows an object on its way.
pub(crate) fn is_transient(table: &Table, row: &Row) -> bool {
    is_young(table, row)
        && table.columns.iter().zip(&row.cells).any(|(column, cell)| match column.as_str() {
            "STATUS" => is_on_its_way(cell),
            "READY" if cell.contains('/') => ratio(cell).is_some_and(|(ready, all)| ready < all),
            "READY" | "AVAILABLE" | "CURRENT" | "UP-TO-DATE" => {
                matches!((cell.parse::<u32>(), wanted(table, row)), (Ok(now), Some(all)) if now < all)
            }
            "EXTERNAL-IP" => cell == "<pending>",
            _ => false,
        })
}

/// Whether the recorded row shows an object that was going away then: an old one
/// that is still there is stuck, which is the page's lesson.
pub(crate) fn is_leaving(table: &Table, row: &Row) -> bool {
    is_young(table, row) && table.cell(row, "STATUS") == Some("Terminating")
}

fn is_young(table: &Table, row: &Row) -> bool {
    table.cell(row, "AGE").and_then(duration::seconds).is_some_and(|age| age < YOUNG)
}

/// Whether the new cell is where the recorded one was on its way to.
pub(crate) fn has_arrived(column: &str, old: &str, new: &str, goal: Goal) -> bool {
    match column {
        "STATUS" => {
            is_on_its_way(old)
                && old != "Terminating"
                && (matches!(new, "Running" | "Bound" | "Active")
                    || (goal.completes && new == "Completed"))
        }
        "READY" => match (ratio(old), ratio(new)) {
            (Some((_, wanted)), Some((ready, now))) => wanted == now && ready == now,
            _ => arrived_number(old, new, goal),
        },
        "AVAILABLE" | "CURRENT" | "UP-TO-DATE" => arrived_number(old, new, goal),
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

/// A cell such as `1/2`.
pub(crate) fn ratio(cell: &str) -> Option<(u32, u32)> {
    let (part, whole) = cell.split_once('/')?;
    Some((part.parse().ok()?, whole.parse().ok()?))
}

fn arrived_number(old: &str, new: &str, goal: Goal) -> bool {
    matches!(
        (old.parse::<u32>(), new.parse::<u32>()),
        (Ok(old), Ok(new)) if new > old && goal.wanted == Some(new)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printed::normalise::lines;
    use crate::printed::table::{Block, blocks};

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

    fn arrived(column: &str, old: &str, new: &str) -> bool {
        has_arrived(column, old, new, Goal { wanted: Some(3), completes: false })
    }

    #[test]
    fn replicas_have_arrived_when_all_are_there() {
        assert!(arrived("AVAILABLE", "0", "3"));
        assert!(!arrived("AVAILABLE", "0", "1"));
        assert!(!has_arrived("CURRENT", "0", "3", Goal::default()), "nothing says how many");
    }

    #[test]
    fn only_health_is_an_arrival() {
        assert!(arrived("STATUS", "ContainerCreating", "Running"));
        assert!(arrived("READY", "0/2", "2/2"));
        assert!(!arrived("READY", "0/2", "1/2"));
        assert!(!arrived("READY", "0/2", "1/1"));
        assert!(!arrived("STATUS", "ContainerCreating", "CrashLoopBackOff"));
        assert!(!arrived("STATUS", "ContainerCreating", "Completed"));
        assert!(!arrived("STATUS", "Terminating", "Running"));
        assert!(!arrived("STATUS", "CrashLoopBackOff", "Running"));
        assert!(arrived("EXTERNAL-IP", "<pending>", "203.0.113.7"));
    }
}
