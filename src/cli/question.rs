//! What the questions share: which results they are asked of, what they are grouped by, and how the key of a group is printed.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, StdoutLock, Write};

use super::database::DatabaseArgs;
use super::exit::Usage;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{SelectionArgs, tell};
use crate::question::{Aspect, Aspects, By, Part};

/// Arguments of every question.
#[derive(Debug, clap::Args)]
pub(super) struct QuestionArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    /// What a row is about: experiment, host, tool, tool-version, arch, vendor, family, model, stepping, microarch, kernel, virt, event,
    /// spelling, class, privilege, label.KEY
    #[arg(long, value_name = "FIELD,...", help_heading = "Answer")]
    by: Option<String>,
    /// Mix numbers that differ in this, which otherwise never share a row: kind, unit, privilege, scope, interval, repeats, together
    #[arg(long, value_name = "ASPECT", value_parser = aspect, help_heading = "Answer")]
    pub(super) mix: Vec<Aspect>,
    /// How to print: the table shows the main columns, csv and json show all
    #[arg(long, value_enum, default_value = "table", help_heading = "Answer")]
    pub(super) format: Format,
    /// Stop after this many rows
    #[arg(long, value_name = "N", help_heading = "Answer")]
    pub(super) limit: Option<usize>,
}

impl QuestionArgs {
    /// What rows are about, unless somebody asked for it otherwise.
    pub(super) fn by(&self, default: impl FnOnce() -> By) -> Result<By, Usage> {
        match &self.by {
            Some(text) => By::read(text).map_err(|reason| Usage(format!("--by {text}: {reason}"))),
            None => Ok(default()),
        }
    }
}

fn aspect(word: &str) -> Result<Aspect, String> {
    let words = Aspect::WORDS.map(|(_, word)| word).join(", ");
    Aspect::from_word(word).ok_or_else(|| format!("there is no such aspect; the aspects are {words}"))
}

/// The key of a row.
pub(super) struct RowKey<'k> {
    /// Values of the fields that are grouped by.
    pub(super) parts: &'k [Part],
    /// What the numbers share.
    pub(super) aspects: &'k Aspects,
    /// The best known name of the event.
    pub(super) name: Option<&'k str>,
    /// Every name of it.
    pub(super) names: String,
}

/// Prints an answer: the key of each row, then its values. What is the same in every row of a table stands above it.
pub(super) struct Answer {
    format: Format,
    rows: Rows<BufWriter<StdoutLock<'static>>>,
}

impl Answer {
    /// Begins an answer of which all keys are known.
    pub(super) fn begin<'k>(
        format: Format,
        by: &By,
        keys: impl Iterator<Item = (&'k [Part], &'k Aspects)> + Clone,
        values: &[Column],
    ) -> io::Result<Self> {
        let mut out = BufWriter::new(io::stdout().lock());
        let parts: Vec<BTreeSet<&Part>> =
            (0..by.fields().len()).map(|at| keys.clone().filter_map(|(parts, _)| parts.get(at)).collect()).collect();
        let shown_parts: Vec<bool> = by.fields().iter().zip(&parts).map(|(_, values)| values.len() > 1).collect();
        let shown_aspects = varying(keys.map(|(_, aspects)| aspects));
        if format == Format::Table {
            above(&mut out, by, &parts)?;
        }
        let mut columns: Vec<Column> = by
            .fields()
            .iter()
            .zip(&shown_parts)
            .map(|(field, shown)| Column::named(field.to_string(), *shown && !is_event(field)))
            .collect();
        columns.push(Column::named("name".to_owned(), true));
        columns.push(Column::detail("names"));
        columns.extend(
            Aspect::WORDS.iter().zip(&shown_aspects).map(|((_, word), shown)| Column::named((*word).to_owned(), *shown)),
        );
        columns.extend_from_slice(values);
        let rows = Rows::begin(format, &columns, out)?;
        Ok(Self { format, rows })
    }

    /// Prints a row.
    pub(super) fn row(&mut self, key: &RowKey<'_>, values: Vec<Cell<'_>>) -> io::Result<()> {
        let mut cells: Vec<Cell<'_>> = key.parts.iter().map(part).collect();
        cells.push(key.name.map_or(Cell::Empty, Cell::from));
        cells.push(Cell::from(key.names.as_str()));
        cells.extend(self.aspects(key.aspects));
        cells.extend(values);
        self.rows.row(&cells)
    }

    fn aspects<'k>(&self, aspects: &'k Aspects) -> [Cell<'k>; 7] {
        let text = |text: &'k Option<std::rc::Rc<str>>| text.as_deref().map_or(Cell::Empty, Cell::from);
        let together = match (self.format, &aspects.together) {
            // A table has no room for the names.
            (Format::Table, Some(events)) => Cell::Int(events.split(',').count().try_into().unwrap_or(i64::MAX)),
            _ => text(&aspects.together),
        };
        [
            aspects.kind.as_str().into(),
            text(&aspects.unit),
            text(&aspects.privilege),
            aspects.scope.as_str().into(),
            Cell::from(if aspects.interval { "yes" } else { "no" }),
            aspects.repeats.into(),
            together,
        ]
    }

    /// Ends the answer.
    pub(super) fn finish(self) -> io::Result<()> {
        self.rows.finish()
    }
}

fn part(part: &Part) -> Cell<'_> {
    match part {
        Part::Unknown => Cell::Empty,
        Part::Text(text) => Cell::from(text.as_ref()),
        Part::Number(number) => Cell::Int(*number),
        Part::Event(event) => Cell::Text(event.to_string().into()),
    }
}

/// The column `name` tells people more than the code of an event.
fn is_event(field: &crate::store::query::selection::Field) -> bool {
    *field == crate::store::query::selection::Field::Event
}

/// Which aspects are not the same everywhere.
fn varying<'k>(mut all: impl Iterator<Item = &'k Aspects>) -> Vec<bool> {
    let mut found = vec![false; Aspect::WORDS.len()];
    let Some(first) = all.next() else { return found };
    for other in all {
        for aspect in first.differences(other) {
            found[aspect as usize] = true;
        }
    }
    found
}

/// What all rows share, in one line above them.
fn above(out: &mut impl Write, by: &By, parts: &[BTreeSet<&Part>]) -> io::Result<()> {
    let one = |values: &BTreeSet<&Part>| values.first().filter(|_| values.len() == 1).map(ToString::to_string);
    let shared: Vec<String> = by
        .fields()
        .iter()
        .zip(parts)
        .filter(|(field, _)| !is_event(field))
        .filter_map(|(field, values)| Some(format!("{field} {}", one(values).filter(|text| !text.is_empty())?)))
        .collect();
    if shared.is_empty() { Ok(()) } else { writeln!(out, "{}\n", super::escape::escaped(&shared.join(", "))) }
}

/// Says that there is nothing to answer from, and why that is no error.
pub(super) fn tell_empty(selection: &impl std::fmt::Display) {
    tell(&format!("no result is {selection}: the answer is empty"));
}
