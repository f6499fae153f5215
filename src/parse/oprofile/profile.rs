//! A profile under construction: its rows, and the totals that become results.

use hashbrown::HashMap;

use super::shares::{Share, Shares};
use super::speed::Speed;
use crate::model::{Entry, EntryKind, Flags, Kind, Number, RunResult, ScopeKind, Status, shortened};
use crate::parse::builder::Builder;

/// What one column of a report counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Class {
    /// Line that states it.
    pub(super) line: u32,
    /// The event as stated: `NAME:period:mask`.
    pub(super) event: String,
    /// Events between two samples; `None` when none was stated, or the clock took the samples.
    pub(super) period: Option<i64>,
    /// CPU, where CPUs are kept apart.
    pub(super) cpu: Option<i32>,
    /// Thread group, where processes are kept apart.
    pub(super) process: Option<i64>,
    /// Thread, where threads are kept apart.
    pub(super) thread: Option<i64>,
}

/// Where samples were taken.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'a> {
    pub(super) image: Option<&'a str>,
    pub(super) app: Option<&'a str>,
    pub(super) symbol: Option<&'a str>,
    pub(super) of_symbol: Option<&'a str>,
    pub(super) location: Option<&'a str>,
    pub(super) address: Option<u64>,
}

/// The samples of one row in one column.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Cell {
    pub(super) samples: i64,
    pub(super) share: Option<Share>,
    /// Differential reports: change of the share, percent.
    pub(super) change: Option<f64>,
    /// Differential reports: the row exists in the first profile only, and `samples` are of that one.
    pub(super) gone: bool,
}

/// The cells of a row with the columns that they stand in.
pub(super) fn columns(classes: &[usize], cells: &[Cell]) -> impl Iterator<Item = (usize, Cell)> {
    classes.iter().copied().zip(cells.iter().copied())
}

/// A column and what it adds up to.
#[derive(Debug)]
struct Column {
    class: Class,
    spelling: u32,
    shares: Shares,
    /// Whether a row that counts towards the total had this column.
    seen: bool,
}

/// One report under construction.
#[derive(Debug, Default)]
pub(super) struct Profile {
    builder: Builder,
    run: u32,
    columns: Vec<Column>,
    /// Indices of the columns by what tells them apart: a broken list may have tens of thousands.
    known: HashMap<Identity, usize>,
    entries: Vec<Entry>,
}

/// What tells columns apart; where one is stated does not matter: event, period, CPU, process, thread.
type Identity = (String, Option<i64>, Option<i32>, Option<i64>, Option<i64>);

impl Profile {
    /// An empty one with room for so many rows.
    pub(super) fn with_room(rows: usize) -> Self {
        Self { entries: Vec::with_capacity(rows), ..Self::default() }
    }

    /// The lines, notes and rejects.
    pub(super) fn builder(&mut self) -> &mut Builder {
        &mut self.builder
    }

    /// Keeps the speed of the CPU.
    pub(super) fn speed(&mut self, speed: Option<Speed>) {
        let Some(speed) = speed else { return };
        if let Some(mhz) = speed.mhz {
            self.builder.label("mhz", &mhz.to_string());
        }
        if speed.was_khz {
            self.builder.note("the speed of the CPU was printed in kHz (0.9.8, 0.9.9)");
        }
    }

    /// Begins a run: what was counted before it is settled.
    pub(super) fn begin(&mut self, line: u32) {
        self.settle();
        self.run = self.builder.begin_run(line);
    }

    /// The index of a column of the current run, which is added when it is new.
    pub(super) fn column(&mut self, class: &Class) -> usize {
        let &Class { ref event, period, cpu, process, thread, .. } = class;
        let identity = (event.clone(), period, cpu, process, thread);
        if let Some(known) = self.known.get(&identity) {
            return *known;
        }
        self.known.insert(identity, self.columns.len());
        let unit = class.period.is_none().then_some("samples");
        let spelling = self.builder.spelling(&shortened(&class.event), unit, Kind::Estimate);
        self.columns.push(Column { class: class.clone(), spelling, shares: Shares::default(), seen: false });
        self.columns.len() - 1
    }

    fn name(&mut self, name: Option<&str>) -> Option<u32> {
        let name = name?;
        let kept = shortened(name);
        if kept.len() < name.len() {
            self.builder.note(format!("a name of {} bytes was cut and ends in the hash of the whole", name.len()));
        }
        Some(self.builder.name(&kept))
    }

    /// Adds a row: one entry for each of its columns that has samples. Rows that `counts` are those that make the total.
    pub(super) fn row(
        &mut self,
        line: u32,
        kind: EntryKind,
        place: Place<'_>,
        counts: bool,
        cells: impl IntoIterator<Item = (usize, Cell)>,
    ) {
        let base = self.entry(line, kind, place);
        for (at, cell) in cells {
            let column = &mut self.columns[at];
            if counts {
                column.seen = true;
                if !cell.gone {
                    column.shares.add(line, cell.samples, cell.share);
                }
            }
            // Where a row has a share of one event, that of another is zero and not unknown, but there is nothing to keep of it.
            if cell.gone || cell.samples == 0 {
                continue;
            }
            let Class { cpu, process, thread, .. } = column.class;
            let percent = cell.share.map(|share| share.percent);
            let event = column.spelling;
            let samples = cell.samples;
            self.entries.push(Entry { event, samples, percent, diff_percent: cell.change, cpu, process, thread, ..base });
        }
    }

    fn entry(&mut self, line: u32, kind: EntryKind, place: Place<'_>) -> Entry {
        let image = self.name(place.image);
        Entry {
            run: self.run,
            line,
            kind,
            event: 0,
            image,
            app: if place.app == place.image { image } else { self.name(place.app) },
            symbol: self.name(place.symbol),
            of_symbol: self.name(place.of_symbol),
            location: self.name(place.location),
            address: place.address,
            samples: 0,
            percent: None,
            diff_percent: None,
            cpu: None,
            process: None,
            thread: None,
        }
    }

    /// Index that the next entry will have.
    pub(super) fn next_entry(&self) -> usize {
        self.entries.len()
    }

    /// The entries from an index on.
    pub(super) fn entries_from(&mut self, first: usize) -> &mut [Entry] {
        &mut self.entries[first..]
    }

    /// The index of a name.
    pub(super) fn name_of(&mut self, name: &str) -> Option<u32> {
        self.name(Some(name))
    }

    /// What the columns add up to so far.
    pub(super) fn sums(&self) -> Vec<i128> {
        self.columns.iter().map(|column| column.shares.sum).collect()
    }

    /// Turns the totals of the current run into results.
    fn settle(&mut self) {
        self.known.clear();
        let columns = std::mem::take(&mut self.columns);
        if !columns.is_empty() && columns.iter().all(|column| !column.seen) {
            self.builder.note("a table has no rows that count: the report has no total");
        }
        for column in columns {
            if !column.seen {
                continue;
            }
            self.judge(&column);
            let scope = self.scope(&column.class);
            let (number, flags) = estimate(column.shares.sum, column.class.period);
            let status = Status::Counted;
            let line = column.class.line;
            self.builder.push(RunResult {
                scope,
                flags,
                ..RunResult::new(self.run, line, column.spelling, status, Some(number))
            });
        }
    }

    /// Says what the percentages of a column give away.
    fn judge(&mut self, column: &Column) {
        let Column { class, shares, .. } = column;
        if let Some(line) = shares.conflict {
            self.builder.note(format!("{}: the percentage on line {line} contradicts those above it", class.event));
        } else if !shares.could_be_of(shares.sum) {
            let (sum, total) = (shares.sum, shares.total_in_words());
            let event = &class.event;
            self.builder.note(format!(
                "{event}: the rows hold {sum} samples, their percentages are of {total}: rows were filtered out or cut off"
            ));
        }
    }

    fn scope(&mut self, class: &Class) -> Option<u32> {
        let (kind, label) = match (class.cpu, class.thread, class.process) {
            (Some(cpu), None, None) => (ScopeKind::Cpu, format!("CPU{cpu}")),
            (None, Some(thread), None) => (ScopeKind::Thread, format!("tid:{thread}")),
            (None, None, Some(process)) => (ScopeKind::Thread, format!("tgid:{process}")),
            (None, None, None) => return None,
            (cpu, thread, process) => {
                let part = |name: &str, id: Option<i64>| id.map(|id| format!("{name}:{id}"));
                let parts = [part("tgid", process), part("tid", thread), part("cpu", cpu.map(i64::from))];
                (ScopeKind::Thread, parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
        };
        self.builder.scope(kind, &label, None, None)
    }

    /// The finished profile.
    pub(super) fn finish(mut self) -> crate::model::Report {
        self.settle();
        let mut report = self.builder.finish();
        report.entries = self.entries;
        report
    }
}

/// Samples x period, with the samples as the exact count beside it.
///
/// Without a period there is nothing to multiply by: the number of samples is kept as such.
#[expect(clippy::cast_precision_loss, reason = "the exact count of samples stands beside the float")]
fn estimate(samples: i128, period: Option<i64>) -> (Number, Flags) {
    let count = i64::try_from(samples).ok();
    let flags = if count.is_none() { Flags::BEYOND_I64 } else { Flags::default() };
    (Number { value: samples as f64 * period.unwrap_or(1) as f64, count }, flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(event: &str, period: Option<i64>) -> Class {
        Class { line: 2, event: event.to_owned(), period, ..Class::default() }
    }

    #[test]
    fn a_total_is_samples_times_the_period_with_the_samples_beside_it() {
        let mut profile = Profile::default();
        profile.begin(1);
        let column = profile.column(&class("CYCLES:100000:0x00", Some(100_000)));
        let clock = profile.column(&class("TIMER", None));
        let cell = |samples| Cell { samples, ..Cell::default() };
        profile.row(4, EntryKind::Symbol, Place::default(), true, [(column, cell(7)), (clock, cell(3))]);
        profile.row(5, EntryKind::Address, Place::default(), false, [(column, cell(7)), (clock, cell(0))]);
        profile.row(6, EntryKind::Symbol, Place::default(), true, [(column, Cell { gone: true, ..cell(9) })]);
        let report = profile.finish();
        let numbers: Vec<_> = report.results.iter().filter_map(|result| result.number).map(|n| (n.value, n.count)).collect();
        assert_eq!(numbers, [(700_000.0, Some(7)), (3.0, Some(3))]);
        assert_eq!(report.entries.len(), 3);
        assert_eq!(report.spellings.get(report.results[1].spelling).unit.as_deref(), Some("samples"));
    }

    #[test]
    fn samples_beyond_what_can_be_stored_are_flagged() {
        let (number, flags) = estimate(i128::from(i64::MAX) + 1, None);
        assert_eq!((number.count, flags), (None, Flags::BEYOND_I64));
    }

    #[test]
    fn tens_of_thousands_of_columns_are_told_apart_without_looking_at_each_for_each() {
        const MANY: usize = 60_000;
        let mut profile = Profile::default();
        profile.begin(1);
        let class = |cpu: usize| Class { event: "CYCLES".to_owned(), cpu: i32::try_from(cpu).ok(), ..Class::default() };
        assert!((0..MANY).all(|cpu| profile.column(&class(cpu)) == cpu));
        assert!((0..MANY).all(|cpu| profile.column(&class(cpu)) == cpu));
        profile.begin(2);
        assert_eq!(profile.column(&class(7)), 0, "another run has columns of its own");
    }
}
