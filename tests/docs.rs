//! Holds docs/schema.md against the migrations: every table, view and column is documented, in order, and nothing else. And the README
//! and docs/ndjson.md against the formats that are read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Columns by table or view.
type Relations = BTreeMap<String, Vec<String>>;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The SQL of the migrations of one store, oldest first.
fn migrations(store: &str) -> String {
    let entries = fs::read_dir(package().join("migrations").join(store)).expect("migrations of a store");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("a migration").path()).collect();
    folders.sort();
    let read = |folder: &PathBuf| fs::read_to_string(folder.join("up.sql")).expect("a migration has an up.sql");
    let views = fs::read_to_string(package().join("migrations/views.sql")).expect("the views");
    folders.iter().map(read).chain([views]).collect()
}

/// The tables and views that migrations create.
fn created(sql: &str) -> Relations {
    let plain = sql.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    let mut relations = Relations::new();
    for statement in plain.split(';').map(str::trim) {
        if let Some(table) = statement.strip_prefix("CREATE TABLE ") {
            let (name, body) = table.split_once(" (").expect("a table has columns");
            let is_column = |item: &&str| !["PRIMARY", "CHECK", "UNIQUE", "FOREIGN"].iter().any(|word| item.starts_with(word));
            let columns = split_outside_brackets(body).into_iter().filter(is_column).filter_map(|item| item.split(' ').next());
            relations.insert(name.to_owned(), columns.map(str::to_owned).collect());
        } else if let Some((name, column)) =
            statement.strip_prefix("ALTER TABLE ").and_then(|change| change.split_once(" ADD COLUMN "))
        {
            let columns = relations.get_mut(name).expect("an altered table was created before");
            columns.extend(column.split(' ').next().map(str::to_owned));
        } else if let Some((name, column)) =
            statement.strip_prefix("ALTER TABLE ").and_then(|change| change.split_once(" DROP COLUMN "))
        {
            relations.get_mut(name).expect("an altered table was created before").retain(|known| known != column);
        } else if let Some(view) = statement.strip_prefix("CREATE VIEW ") {
            let (name, body) = view.split_once(" AS\nSELECT ").expect("a view selects");
            let (columns, _) = body.split_once("\nFROM ").expect("a view selects from something");
            let named = |item: &str| item.rsplit([' ', '.']).next().map(str::to_owned);
            relations.insert(name.to_owned(), split_outside_brackets(columns).into_iter().filter_map(named).collect());
        }
    }
    relations
}

/// The items of a list whose items may hold commas in brackets; ends at a bracket that was not opened.
fn split_outside_brackets(list: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => {
                items.push(list[start..at].trim());
                return items;
            }
            ')' => depth -= 1,
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(list[start..].trim());
    items
}

/// The headings of the third level and the first column of the table below each.
fn documented(text: &str) -> Relations {
    let mut relations = Relations::new();
    let mut current: Option<&mut Vec<String>> = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            current = Some(relations.entry(name.to_owned()).or_default());
        } else if let (Some(columns), Some(row)) = (current.as_mut(), line.strip_prefix("| ")) {
            let name = row.split(' ').next().unwrap_or_default();
            if name != "column" {
                columns.push(name.to_owned());
            }
        }
    }
    relations
}

/// The order of the columns of a view is part of what is promised; that of a table may differ between the stores.
fn in_order(name: &str, columns: &[String]) -> Vec<String> {
    let mut columns = columns.to_vec();
    if !name.starts_with("v_") {
        columns.sort_unstable();
    }
    columns
}

#[test]
fn the_documentation_names_every_column_of_both_stores() {
    let text = fs::read_to_string(package().join("docs/schema.md")).expect("docs/schema.md");
    for store in ["sqlite", "postgres"] {
        let created = created(&migrations(store));
        assert!(created.len() > 10, "{store}: {} tables and views", created.len());
        for (name, columns) in &documented(&text) {
            let (wanted, found) = (in_order(name, columns), created.get(name).map(|columns| in_order(name, columns)));
            assert_eq!(Some(wanted), found, "{store}: {name}");
        }
        assert_eq!(documented(&text).len(), created.len(), "{store}: {:?}", created.keys());
    }
}

#[test]
fn columns_are_found_in_tables_and_views() {
    let sql = "-- a\nCREATE TABLE t (\n    a INT CHECK (a IN (1, 2)),\n    b TEXT,\n    PRIMARY KEY (a, b)\n) WITHOUT ROWID;\n\
               CREATE VIEW v AS\nSELECT t.a, COALESCE(t.b, '') AS c,\n       CASE t.a WHEN 0 THEN 'x' END AS d\nFROM t;";
    let expected = [("t", vec!["a", "b"]), ("v", vec!["a", "c", "d"])];
    let found = created(sql);
    assert_eq!(
        found.iter().map(|(name, columns)| (name.as_str(), columns.iter().map(String::as_str).collect())).collect::<Vec<_>>(),
        expected
    );
}

/// The names between backticks in the first cell of each row of the table below a heading.
fn first_cells(text: &str, heading: &str) -> Vec<String> {
    let section = text.split_once(heading).expect("the heading").1;
    let table = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    table.filter_map(|row| Some(row.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect()
}

#[test]
fn every_format_that_is_read_is_named_to_readers_and_programs() {
    let text = |file: &str| fs::read_to_string(package().join(file)).expect(file);
    let mut read: Vec<&str> = prc_etl::parse::FORMATS.iter().map(|format| format.name).collect();
    read.sort_unstable();
    let mut named = first_cells(&text("README.md"), "## What it reads");
    named.sort_unstable();
    assert_eq!(named, read, "README.md");
    let fields = text("docs/ndjson.md");
    let row = fields.lines().find(|line| line.starts_with("| format |")).expect("the field `format`");
    let mut listed: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
    listed.sort_unstable();
    assert_eq!(listed, read, "docs/ndjson.md");
}
