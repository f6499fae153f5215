//! Goes through the lines of a text: headers, then a table, then perhaps another report.

use std::borrow::Cow;

use hashbrown::HashSet;

use super::cells::{Broken, begins_row};
use super::clean::{Clean, Damage, Span};
use super::header::{self, Stated};
use super::headless::{self, Guess};
use super::messages::{self, Message};
use super::pending::Pending;
use super::rows::Rows;
use super::summary::Summary;
use super::symbols::Symbols;
use super::titles::{self, Columns};
use crate::model::Report;
use crate::parse::number::is_digits;
use crate::parse::oprofile::profile::Profile;

/// Lines that one line of the tool may have been wrapped into.
const MOST_WRAPPED: usize = 8;

/// How often the columns of a table without titles are looked for, each time from one row further down: a look goes through all of it.
const MOST_GUESSES: u32 = 16;

/// Rows whose columns could not be told.
#[derive(Default)]
struct Untold {
    /// Where they end.
    end: usize,
    guesses: u32,
}

/// The table that is being read.
enum Table<'a> {
    None,
    Summary(Summary<'a>),
    Symbols(Symbols<'a>),
}

/// Reads a text.
pub(super) struct Reader<'a> {
    lines: &'a [Clean<'a>],
    at: usize,
    profile: Profile,
    pending: Pending,
    table: Table<'a>,
    /// Whether a report was begun whose table is still to come.
    begun: bool,
    /// Whether the line above belongs to the table: only then a broken row is one.
    inside: bool,
    untold: Untold,
}

impl<'a> Reader<'a> {
    /// Before the first line of a text that was damaged like this and cleaned.
    pub(super) fn new(lines: &'a [Clean<'a>], damage: Damage) -> Self {
        let mut profile = Profile::with_room(lines.len());
        damage.notes().for_each(|note| profile.builder().note(note));
        Self {
            lines,
            at: 0,
            profile,
            pending: Pending::default(),
            table: Table::None,
            begun: false,
            inside: false,
            untold: Untold::default(),
        }
    }

    /// Reads all of it.
    pub(super) fn read(mut self) -> Report {
        while self.at < self.lines.len() {
            let known = !self.begins_with_digits() && (self.header() || self.titles()) || self.row();
            if !known {
                self.other();
            }
        }
        self.end_table();
        if self.begun {
            self.profile.builder().note("the report ends before its table");
        }
        self.profile.finish()
    }

    fn text(&self) -> &'a str {
        &self.lines[self.at].text
    }

    /// Whether the line can be no header and no titles, as most: those begin otherwise or end in a bar.
    fn begins_with_digits(&self) -> bool {
        let text = self.text();
        text.trim_ascii_start().starts_with(|first: char| first.is_ascii_digit()) && !text.ends_with('|')
    }

    fn number(&self) -> u32 {
        self.lines[self.at].line.number
    }

    /// So many lines from here on.
    fn span(&self, count: usize) -> Option<Span<'a>> {
        self.lines.get(self.at..self.at + count).map(Span)
    }

    /// Their text.
    fn joined(&self, count: usize) -> Option<Cow<'a, str>> {
        self.span(count).map(Span::text)
    }

    fn furniture(&mut self, count: usize) {
        for clean in &self.lines[self.at..self.at + count] {
            (0..clean.height()).for_each(|_| self.profile.builder().furniture());
        }
        self.at += count;
    }

    /// A line of a header begins a report, unless it follows another.
    fn begin(&mut self) {
        if !self.begun {
            self.end_table();
            let line = self.number();
            self.profile.begin(line);
            self.pending = Pending::default();
            self.begun = true;
        }
    }

    fn header(&mut self) -> bool {
        if !header::may_state(self.text()) {
            return false;
        }
        if let Some(cpu) = header::cpu(self.text()) {
            if !self.pending.stated.is_empty() {
                self.begun = false;
            }
            self.begin();
            self.profile.builder().label("cpu_type", &cpu.name);
            self.profile.speed(cpu.speed);
            self.furniture(1);
            return true;
        }
        let wrapped = if header::begins_counted(self.text()) { MOST_WRAPPED } else { 1 };
        let Some((count, stated)) = (1..=wrapped).find_map(|count| self.stated(count)) else { return false };
        self.begin();
        self.pending.stated.push((self.number(), stated));
        self.furniture(count);
        true
    }

    /// What so many lines state; a copy may have cut the period into two lines.
    fn stated(&self, count: usize) -> Option<(usize, Stated)> {
        if count > 1 && self.is_structure(self.at + count - 1) {
            return None;
        }
        let stated = header::stated(&self.joined(count)?)?;
        let tail = self.lines.get(self.at + count).map(|clean| clean.text.trim());
        let is_tail = |text: &&str| is_digits(text);
        match (stated, tail.filter(is_tail)) {
            (Stated::Event { name, mask, period }, Some(tail)) => {
                let period = format!("{period}{tail}").parse().ok()?;
                Some((count + 1, Stated::Event { name, mask, period }))
            }
            (stated, _) => Some((count, stated)),
        }
    }

    /// Whether a line cannot be the rest of another one.
    fn is_structure(&self, at: usize) -> bool {
        self.lines.get(at).is_none_or(|clean| {
            let text = &*clean.text;
            text.trim().is_empty()
                || titles::is_rule(text)
                || titles::begins(text)
                || titles::is_cells(text)
                || begins_row(text)
                || header::begins_counted(text)
                || header::cpu(text).is_some()
        })
    }

    fn titles(&mut self) -> bool {
        let text = self.text();
        if titles::begins(text) {
            let found = (1..=MOST_WRAPPED).find_map(|count| Some((count, titles::columns(&self.joined(count)?)?)));
            let Some((count, columns)) = found else { return false };
            self.begin_symbols(columns);
            self.furniture(count);
        } else if let Some(count) = titles::cell_count(text) {
            self.begin_summary(count);
            self.furniture(1);
        } else if let Some(found) = titles::cell_titles(text) {
            let repeats = matches!(&self.table, Table::Summary(summary) if summary.has_rows() && !self.begun);
            if !repeats {
                self.begin();
                self.pending.titles = found;
            }
            self.furniture(1);
        } else if titles::is_rule(text) {
            self.rule();
        } else {
            return false;
        }
        self.inside = true;
        true
    }

    fn rule(&mut self) {
        let indent = self.text().len() - self.text().trim_start().len();
        if matches!(self.table, Table::None) {
            self.guess();
        }
        if let Table::Symbols(symbols) = &mut self.table {
            symbols.rule(&mut self.profile, indent);
        }
        self.furniture(1);
    }

    fn classes(&mut self, count: usize) -> Vec<usize> {
        let mut notes = Vec::new();
        let classes = self.pending.classes(count, self.number(), &mut notes);
        for note in notes {
            self.profile.builder().note(note);
        }
        self.begun = false;
        let (mut columns, mut taken) = (Vec::with_capacity(count), HashSet::new());
        for (at, mut class) in classes.into_iter().enumerate() {
            let first = self.profile.column(&class);
            let own = if taken.contains(&first) {
                self.profile.builder().note(format!("two columns are stated alike: {}", class.event));
                class.event = format!("{} (column {})", class.event, at + 1);
                self.profile.column(&class)
            } else {
                first
            };
            taken.insert(own);
            columns.push(own);
        }
        columns
    }

    fn begin_symbols(&mut self, columns: Columns) {
        self.begin();
        let classes = self.classes(columns.shape.classes);
        self.table = Table::Symbols(Symbols::new(columns, classes));
    }

    fn begin_summary(&mut self, count: usize) {
        if let Table::Summary(summary) = &mut self.table
            && !self.begun
            && summary.has_rows()
        {
            if summary.columns() != count {
                let line = self.lines[self.at].line.number;
                self.profile
                    .builder()
                    .note(format!("line {line}: the titles have {count} columns, those above {}", summary.columns()));
            }
            summary.repeat();
            return;
        }
        self.begin();
        if !self.pending.titles.is_empty() && self.pending.titles.len() != count {
            self.profile.builder().note(format!("{} titles stand above {count} columns", self.pending.titles.len()));
            self.pending.titles.clear();
        }
        let classes = self.classes(count);
        self.table = Table::Summary(Summary::new(classes, self.profile.next_entry()));
    }

    /// A table without titles: the rows from here to the end of the table say what columns it has.
    fn guess(&mut self) {
        let before = if self.at < self.untold.end { self.untold.guesses } else { 0 };
        if before == MOST_GUESSES {
            return;
        }
        let lines = self.lines[self.at..].iter().map(|clean| &*clean.text);
        let is_of_table = |text: &&str| begins_row(text) || titles::is_rule(text) || messages::is_elision(text);
        let table: Vec<&str> = lines.take_while(is_of_table).collect();
        let rows: Vec<&str> = table.iter().copied().filter(|text| begins_row(text)).collect();
        match headless::guess(&rows) {
            Some(Guess::Summary(count)) => self.begin_summary(count),
            Some(Guess::Symbols(columns)) => self.begin_symbols(columns),
            None => {
                self.untold = Untold { end: self.at + table.len(), guesses: before + 1 };
                return;
            }
        }
        self.profile.builder().note("a table has no titles: its columns were told from its rows");
    }

    fn row(&mut self) -> bool {
        if matches!(self.table, Table::None) || self.begun {
            if !begins_row(self.text()) {
                return false;
            }
            self.guess();
        }
        let begins = match &self.table {
            Table::None => false,
            Table::Summary(_) => Summary::begins(self.text()),
            Table::Symbols(symbols) => symbols.begins(self.text()),
        };
        if !begins || !self.inside && !begins_row(self.text()) {
            return false;
        }
        self.inside = true;
        let mut broken = None;
        for count in 1..=MOST_WRAPPED {
            if count > 1 && self.is_structure(self.at + count - 1) {
                break;
            }
            let Some(span) = self.span(count) else { break };
            match self.place(span) {
                Ok(()) => {
                    self.cut_name(count);
                    self.at += count;
                    return true;
                }
                Err(why) => {
                    let ended = why.ended;
                    broken.get_or_insert(why);
                    if !ended {
                        break;
                    }
                }
            }
        }
        if let Some(broken) = broken {
            self.reject(&broken);
        }
        true
    }

    /// Reads a row and places it.
    fn place(&mut self, span: Span<'a>) -> Result<(), Broken> {
        match &mut self.table {
            Table::None => Ok(()),
            Table::Summary(summary) => summary.row(&mut self.profile, span),
            Table::Symbols(symbols) => symbols.row(&mut self.profile, span),
        }
    }

    fn cut_name(&mut self, count: usize) {
        let is_last = self.at + count == self.lines.len();
        if is_last && self.lines.last().is_some_and(|clean| clean.lines().any(|line| !line.ended)) {
            self.profile.builder().note("the last line has no line end: its last name may be cut");
        }
    }

    fn reject(&mut self, broken: &Broken) {
        let is_last = self.at + 1 == self.lines.len();
        if is_last && broken.ended {
            self.profile.builder().note("the source ends inside a row: what followed is missing");
        }
        for line in self.lines[self.at].lines() {
            self.profile.builder().reject(line, broken.column, broken.kind, broken.reason.clone());
        }
        self.at += 1;
    }

    /// A line outside of every table.
    fn other(&mut self) {
        let clean = &self.lines[self.at];
        let text = &*clean.text;
        if text.trim().is_empty() {
            self.inside = false;
        } else if let Some(message) = messages::message(text) {
            if let Message::Quality(note) = message {
                self.profile.builder().note(note);
            }
        } else if messages::is_elision(text) {
            self.profile.builder().note("rows were left out by whoever copied the report");
        } else {
            self.inside = false;
            if clean.height() > 1 || !self.profile.builder().context(clean.line) {
                (0..clean.height()).for_each(|_| self.profile.builder().foreign());
            }
            self.at += 1;
            return;
        }
        self.furniture(1);
    }

    fn end_table(&mut self) {
        match std::mem::replace(&mut self.table, Table::None) {
            Table::None => {}
            Table::Summary(summary) => summary.finish(&mut self.profile),
            Table::Symbols(symbols) => symbols.finish(&mut self.profile),
        }
    }
}
