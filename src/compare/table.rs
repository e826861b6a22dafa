//! Tables as kubectl, helm and docker print them: found in an output, and read
//! by the columns of their header.

use super::normalise::Line;

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
            (
                "persistentvolumeclaim",
                &["NAME", "STATUS", "VOLUME", "STORAGECLASS"],
            ),
            ("service", &["NAME", "TYPE", "CLUSTER-IP"]),
            ("replicaset", &["NAME", "DESIRED", "CURRENT", "READY"]),
            ("deployment", &["NAME", "READY", "UP-TO-DATE"]),
        ]
        .into_iter()
        .find_map(|(kind, columns)| has(columns).then_some(kind))
    }

    /// The `kind.group` before the names of a table that is one of several.
    pub(crate) fn prefix(&self) -> Option<&str> {
        let name = self.cell(self.rows.first()?, "NAME")?;
        name.split_once('/').map(|(prefix, _)| prefix)
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
        self.cell(row, "NAME")
            .or(row.cells.first().map(String::as_str))
            .unwrap_or("")
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
            let columns = header
                .columns
                .iter()
                .map(|(name, _)| name.clone())
                .collect();
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
        if let (Some(_), Some(Block::Table(table)), "..." | "…") =
            (&open, blocks.last_mut(), line.text.trim())
        {
            table.elided = true;
            continue;
        }
        let cells = open.as_ref().and_then(|header| header.cells(&line.text));
        if let (Some(cells), Some(Block::Table(table))) = (cells, blocks.last_mut()) {
            table.rows.push(Row {
                line: line.number,
                cells,
            });
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

/// The header of a table: each column's name and the character at which it starts.
struct Header {
    columns: Vec<(String, usize)>,
    /// Whether one blank parts its columns, as where a page lost the others.
    narrow: bool,
}

/// Column names of kubectl with a blank in them.
const TWO_WORDS: [&str; 10] = [
    "ACCESS MODES",
    "RECLAIM POLICY",
    "NOMINATED NODE",
    "READINESS GATES",
    "NODE SELECTOR",
    "LAST SEEN",
    "FIRST SEEN",
    "LAST SCHEDULE",
    "CREATED AT",
    "APP VERSION",
];

impl Header {
    /// Reads a line as a header: column names in capitals, two or more blanks or
    /// a tab apart. One name alone is a header only where it is `NAME`, and one
    /// blank parts columns only after a first column that kubectl begins with.
    fn read(line: &str) -> Option<Self> {
        let mut found = segments(line);
        let narrow =
            found.len() == 1 && (line.starts_with("NAME ") || line.starts_with("NAMESPACE "));
        if narrow {
            found = words(line, |before, word| {
                TWO_WORDS.contains(&format!("{before} {word}").as_str())
            });
        }
        let named = found.iter().all(|(name, _)| is_column_name(name));
        let enough = found.len() > 1 || found.first().is_some_and(|(name, _)| *name == "NAME");
        let columns = found
            .into_iter()
            .map(|(name, start)| (name.to_owned(), start))
            .collect();
        (named && enough).then_some(Self { columns, narrow })
    }

    /// The cells of a row; none where the line is no row of this table. Where
    /// the row has as many cells as there are columns they follow in order;
    /// otherwise some are empty, and the places under the header decide.
    fn cells(&self, line: &str) -> Option<Vec<String>> {
        if line.starts_with("error:") || line.starts_with("Error ") {
            return None;
        }
        let found = segments(line);
        let in_order = |found: Vec<(&str, usize)>| {
            found.into_iter().map(|(cell, _)| cell.to_owned()).collect()
        };
        if found.len() == self.columns.len() {
            return Some(in_order(found));
        }
        if found.len() < 2 && !self.narrow {
            return None;
        }
        let at = |start: usize| self.columns.partition_point(|(_, at)| *at <= start).max(1) - 1;
        if !found
            .iter()
            .all(|(_, start)| self.columns[at(*start)].1 == *start)
            || self.narrow
        {
            // Not laid out under the header: by words, `2 (3m ago)` being one.
            let words = words(line, |_, word| word.starts_with('(') || word.ends_with(')'));
            if words.len() == self.columns.len() {
                return Some(in_order(words));
            }
        }
        if found.len() < 2 {
            return None;
        }
        let mut cells = vec![String::new(); self.columns.len()];
        for (cell, start) in found {
            let place = &mut cells[at(start)];
            if !place.is_empty() {
                place.push_str("  ");
            }
            place.push_str(cell);
        }
        Some(cells)
    }
}

/// The words of a line, each with the character at which it starts; a word that
/// `joins` the part before it is one with it.
fn words(line: &str, joins: impl Fn(&str, &str) -> bool) -> Vec<(&str, usize)> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    let mut part = 0..0;
    for word in line.split_whitespace() {
        let from = part.end + line[part.end..].find(word).unwrap_or(0);
        let end = from + word.len();
        match found.last_mut() {
            Some(last) if joins(last.0, word) => {
                part.end = end;
                last.0 = &line[part.clone()];
            }
            _ => {
                part = from..end;
                found.push((word, line[..from].chars().count()));
            }
        }
    }
    found
}

/// The parts of a line between tabs or runs of two and more blanks, each with
/// the character at which it starts.
fn segments(line: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let mut start: Option<(usize, usize)> = None;
    let mut blanks = 0_usize;
    let mut end = 0;
    for (index, (at, char)) in line.char_indices().enumerate() {
        if char == ' ' || char == '\t' {
            blanks += if char == '\t' { 2 } else { 1 };
            continue;
        }
        if blanks > 1
            && let Some((from, column)) = start.take()
        {
            found.push((&line[from..end], column));
        }
        start.get_or_insert((at, index));
        blanks = 0;
        end = at + char.len_utf8();
    }
    if let Some((from, column)) = start {
        found.push((&line[from..end], column));
    }
    found
}

/// A column's name: capitals, digits and a little punctuation, with a unit in
/// parentheses perhaps (`CPU(cores)`, `PORT(S)`).
fn is_column_name(name: &str) -> bool {
    let (word, unit) = name
        .split_once('(')
        .map_or((name, None), |(word, unit)| (word, Some(unit)));
    word.starts_with(|char: char| char.is_ascii_uppercase())
        && word.len() > 1
        && word.bytes().all(|byte| {
            byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -_/%.".contains(&byte)
        })
        && unit.is_none_or(|unit| unit.ends_with(')'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::normalise::lines;

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
        assert_eq!(
            (found[0].kind(), found[1].kind()),
            (Some("pod"), Some("statefulset"))
        );
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
        assert_eq!(
            found[0].rows[0].cells,
            ["data", "Pending", "", "", "", "standard", "5s"]
        );
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
        assert!(
            matches!(&found[1], Block::Text(lines) if lines[0].number == 3),
            "{found:?}"
        );
    }

    #[test]
    fn capitals_alone_are_no_header() {
        for text in ["ERROR", "HTTP/1.1 200 OK", "A B C", "Name:   x", "OK  done"] {
            assert!(
                matches!(blocks(&lines(text, 1))[0], Block::Text(_)),
                "{text}"
            );
        }
    }
}
