//! Tables as kubectl, helm and docker print them: found in an output, and read
//! by the columns of their header.

use super::header::Header;
use super::normalise::Line;
use crate::lab::is_elision;

/// A table of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// The line of the header.
    pub(crate) line: usize,
    /// The columns' names, from left to right.
    pub(crate) columns: Vec<String>,
    /// The rows, from top to bottom.
    pub(crate) rows: Vec<Row>,
    /// Whether the page leaves rows out, and shows `...` in their place.
    pub(crate) elided: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its line.
    pub(crate) line: usize,
    /// A cell a column; empty cells are empty.
    pub(crate) cells: Vec<String>,
}

/// A part of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A table.
    Table(Table),
    /// Lines that are no table; none of them blank.
    Text(Vec<Line>),
}

impl Table {
    /// The index of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The cell of a row under a column; none where the table has no such column.
    pub(crate) fn cell<'a>(&self, row: &'a Row, column: &str) -> Option<&'a str> {
        row.cells.get(self.column(column)?).map(String::as_str)
    }

    /// What the rows name an object of, in kubectl's short form (`pod`,
    /// `statefulset`): by the prefix of their names, or by columns that no other
    /// table has.
    pub(crate) fn kind(&self) -> Option<&str> {
        if let Some(prefix) = self.prefix() {
            return Some(prefix.split_once('.').map_or(prefix, |(kind, _)| kind));
        }
        let has = |names: &[&str]| names.iter().all(|name| self.column(name).is_some());
        [
            ("pod", &["NAME", "READY", "STATUS", "RESTARTS"][..]),
            ("persistentvolumeclaim", &["NAME", "STATUS", "VOLUME", "STORAGECLASS"]),
            ("service", &["NAME", "TYPE", "CLUSTER-IP"]),
            ("replicaset", &["NAME", "DESIRED", "CURRENT", "READY"]),
            ("deployment", &["NAME", "READY", "UP-TO-DATE"]),
            ("node", &["NAME", "STATUS", "ROLES"]),
            ("node", &["NAME", "CPU(cores)", "CPU%"]),
            ("node", &["NAME", "CPU(cores)", "CPU(%)"]),
        ]
        .into_iter()
        .find_map(|(kind, columns)| has(columns).then_some(kind))
    }

    /// The `kind.group` before the names of a table that is one of several.
    pub(crate) fn prefix(&self) -> Option<&str> {
        let name = self.cell(self.rows.first()?, "NAME")?;
        name.split_once('/').map(|(prefix, _)| prefix)
    }

    /// Whether a column holds the names of nodes, which each cluster gives its own.
    pub(crate) fn names_nodes(&self, column: &str) -> bool {
        column == "NODE" || (column == "NAME" && self.kind() == Some("node"))
    }

    /// A row's name without prefix.
    pub(crate) fn name<'a>(&self, row: &'a Row) -> Option<&'a str> {
        let name = self.cell(row, "NAME")?;
        Some(name.split_once('/').map_or(name, |(_, name)| name))
    }

    /// A row's namespace, where the table has that column.
    pub(crate) fn namespace<'a>(&self, row: &'a Row) -> Option<&'a str> {
        self.cell(row, "NAMESPACE")
    }

    /// What a sentence calls a row: its name, or its first cell.
    pub(crate) fn subject<'a>(&self, row: &'a Row) -> &'a str {
        self.cell(row, "NAME").or(row.cells.first().map(String::as_str)).unwrap_or("")
    }
}

/// Splits an output into tables and other text.
pub(crate) fn blocks(lines: &[Line]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text: Vec<Line> = Vec::new();
    let mut open: Option<Header> = None;
    for line in lines {
        if let Some(header) = Header::read(&line.text) {
            flush(&mut text, &mut blocks);
            let columns = header.names().map(str::to_owned).collect();
            blocks.push(Block::Table(Table {
                line: line.number,
                columns,
                rows: Vec::new(),
                elided: false,
            }));
            open = Some(header);
            continue;
        }
        if line.is_blank() {
            open = None;
            continue;
        }
        if let (Some(_), Some(Block::Table(table)), true) =
            (&open, blocks.last_mut(), is_elision(&line.text))
        {
            table.elided = true;
            continue;
        }
        let cells = open.as_ref().and_then(|header| header.cells(&line.text));
        if let (Some(cells), Some(Block::Table(table))) = (cells, blocks.last_mut()) {
            table.rows.push(Row { line: line.number, cells });
        } else {
            open = None;
            text.push(line.clone());
        }
    }
    flush(&mut text, &mut blocks);
    blocks
}

fn flush(text: &mut Vec<Line>, blocks: &mut Vec<Block>) {
    if !text.is_empty() {
        blocks.push(Block::Text(std::mem::take(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printed::normalise::lines;

    fn tables(text: &str) -> Vec<Table> {
        blocks(&lines(text, 1))
            .into_iter()
            .map(|block| match block {
                Block::Table(table) => table,
                Block::Text(lines) => panic!("{lines:?}"),
            })
            .collect()
    }

    #[test]
    fn several_tables_are_read_by_their_headers() {
        let found = tables(
            "NAME        READY   STATUS    RESTARTS       AGE\n\
             pod/app-0   1/1     Running   4 (3m3s ago)   2d22h\n\
             \n\
             NAME                   READY   AGE\n\
             statefulset.apps/app   2/2     30s\n",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].rows[0].cells,
            ["pod/app-0", "1/1", "Running", "4 (3m3s ago)", "2d22h"]
        );
        assert_eq!((found[0].kind(), found[1].kind()), (Some("pod"), Some("statefulset")));
        assert_eq!(found[1].prefix(), Some("statefulset.apps"));
        assert_eq!(found[1].name(&found[1].rows[0]), Some("app"));
        assert_eq!((found[1].line, found[1].rows[0].line), (4, 5));
    }

    #[test]
    fn empty_cells_are_found_under_the_header() {
        let found = tables(
            "NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\n\
             data   Pending                                      standard       5s\n",
        );
        assert_eq!(found[0].rows[0].cells, ["data", "Pending", "", "", "", "standard", "5s"]);
        assert_eq!(found[0].cell(&found[0].rows[0], "ACCESS MODES"), Some(""));
    }

    #[test]
    fn a_table_of_names_alone_and_one_with_tabs() {
        assert_eq!(tables("NAME\na\nb")[0].rows.len(), 2);
        let helm = tables("NAME \tREVISION\tSTATUS  \nweb  \t1       \tdeployed\n");
        assert_eq!(helm[0].rows[0].cells, ["web", "1", "deployed"]);
    }

    #[test]
    fn a_page_that_lost_its_blanks_is_read_by_words() {
        let found = tables(
            "NAME READY STATUS RESTARTS AGE\napp-0 1/1 Running 4 (3m3s ago) 2d22h\n\n\
             NAME   READY   RESTARTS   AGE\na-rather-long-name 1/1   4 (3m ago)  5s",
        );
        let cells = ["app-0", "1/1", "Running", "4 (3m3s ago)", "2d22h"];
        assert_eq!(found[0].rows[0].cells, cells);
        let cells = ["a-rather-long-name", "1/1", "4 (3m ago)", "5s"];
        assert_eq!(found[1].rows[0].cells, cells);
        let claim = "NAME STATUS ACCESS MODES AGE\ndata Bound RWO 3s";
        assert_eq!(tables(claim)[0].columns[2], "ACCESS MODES");
    }

    #[test]
    fn rows_may_be_left_out() {
        let table = &tables("NAME   AGE\n...\na      3s\n...")[0];
        assert!(table.elided);
        assert_eq!(table.rows.len(), 1);
    }

    #[test]
    fn an_error_under_a_table_is_text() {
        let found = blocks(&lines(
            "NAME   READY   AGE\na      1/1     3s\nError from server (NotFound): x  y",
            1,
        ));
        assert!(matches!(&found[1], Block::Text(lines) if lines[0].number == 3), "{found:?}");
    }

    #[test]
    fn capitals_alone_are_no_header() {
        for text in ["ERROR", "HTTP/1.1 200 OK", "A B C", "Name:   x", "OK  done"] {
            assert!(matches!(blocks(&lines(text, 1))[0], Block::Text(_)), "{text}");
        }
    }
}
