//! What the writer wants to know of the results of a source before it writes the first of them.
//!
//! Whoever makes a source ready for the store finds it: the results lie in the memory of that thread then, and the writer need not go
//! through all of them more than once.

mod fold;

use std::cell::Cell;

use hashbrown::HashMap;

use crate::model::{Kind, Report, RunResult};

/// The form of a row (`rows::Form`) with names of its source in place of ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LocalForm {
    /// Index of the spelling.
    pub(super) spelling: u32,
    /// Index of the spelling of the metric in the row.
    pub(super) metric: Option<u32>,
    pub(super) status: i16,
    pub(super) flags: i16,
}

/// A row that a source gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Index of its result; when its form has a metric, that is the next result.
    pub(super) result: u32,
    /// Index of its form.
    pub(super) form: u32,
}

/// Numbers of results, by kind and by status.
pub(super) type Counts = [[u32; 3]; 3];

/// What the results of a source have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// How many there are.
    pub(super) counts: Counts,
    /// The forms of its rows, each once.
    pub(super) forms: Vec<LocalForm>,
    /// Its rows, in the order of the results.
    pub(super) rows: Vec<Row>,
    /// The position of each result within its run; empty when there is one run, in which each has its own index.
    ordinals: Vec<i32>,
    /// Runs with the spellings of the events that were counted in them, each pair once while a run lasts.
    pub(super) sightings: Vec<(u32, u32)>,
}

thread_local! {
    /// Room for what is known of the spellings of a source, used again for the next one.
    static ROOM: Cell<Vec<Known>> = const { Cell::new(Vec::new()) };
}

/// Spellings that room is kept for: more than nearly every source has.
const MOST_ROOM: usize = 4096;

impl Outline {
    /// The position of a result within its run.
    pub(super) fn ordinal(&self, result: u32) -> i32 {
        self.ordinals.get(result as usize).copied().unwrap_or(result.cast_signed())
    }

    /// Of a report in which every index is one.
    pub(super) fn of(report: &Report) -> Self {
        let mut found = Finder::new(report);
        let mut next = 0;
        while let Some(result) = report.results.get(next) {
            let metric = fold::folded(report, next);
            found.count(result);
            if let Some(metric) = metric {
                found.count(metric);
            }
            found.row(next, result, metric);
            found.sighting(result.run, result.spelling);
            next += 1 + usize::from(metric.is_some());
        }
        for entry in &report.entries {
            found.sighting(entry.run, entry.event);
        }
        if found.known.capacity() <= MOST_ROOM {
            ROOM.set(found.known);
        }
        found.outline
    }
}

/// The index of one of many.
fn number(index: usize) -> u32 {
    u32::try_from(index).expect("a source has fewer than 2^32 results")
}

fn ordinals(report: &Report) -> Vec<i32> {
    if report.runs.len() == 1 {
        return Vec::new();
    }
    let mut counts = vec![0; report.runs.len()];
    let ordinal = |result: &RunResult| {
        let count = &mut counts[result.run as usize];
        *count += 1;
        *count - 1
    };
    report.results.iter().map(ordinal).collect()
}

/// What is known of a spelling while its source is gone through.
#[derive(Clone)]
struct Known {
    kind: Kind,
    /// The form of its last row, with the index of that: nearly always the next row of the spelling has it too.
    form: Option<(LocalForm, u32)>,
    /// The run that it was met in last: rows of intervals and of profiles repeat it.
    run: Option<u32>,
}

struct Finder {
    known: Vec<Known>,
    /// Indices of the forms of spellings that have more than one, which few have.
    forms: HashMap<LocalForm, u32>,
    outline: Outline,
}

impl Finder {
    fn new(report: &Report) -> Self {
        let known = |kind: Kind| Known { kind, form: None, run: None };
        let mut room = ROOM.take();
        room.clear();
        room.extend(report.spellings.values().iter().map(|spelling| known(spelling.kind)));
        let spellings = report.spellings.values().len();
        let outline = Outline {
            counts: Counts::default(),
            forms: Vec::with_capacity(spellings),
            rows: Vec::with_capacity(report.results.len()),
            ordinals: ordinals(report),
            sightings: Vec::with_capacity(spellings),
        };
        Self { known: room, forms: HashMap::new(), outline }
    }

    fn count(&mut self, result: &RunResult) {
        let kind = self.known[result.spelling as usize].kind;
        self.outline.counts[kind as usize][result.status as usize] += 1;
    }

    fn row(&mut self, index: usize, result: &RunResult, metric: Option<&RunResult>) {
        let form = LocalForm {
            spelling: result.spelling,
            metric: metric.map(|metric| metric.spelling),
            status: result.status as i16,
            flags: result.flags.0,
        };
        let form = self.form(form);
        self.outline.rows.push(Row { result: number(index), form });
    }

    /// The index of a form, which is added when it is new.
    fn form(&mut self, form: LocalForm) -> u32 {
        let forms = &mut self.outline.forms;
        let mut add = || {
            forms.push(form);
            number(forms.len() - 1)
        };
        let last = &mut self.known[form.spelling as usize].form;
        let index = match *last {
            Some((of_last, index)) if of_last == form => return index,
            Some((of_last, index)) => {
                self.forms.insert(of_last, index);
                *self.forms.entry(form).or_insert_with(add)
            }
            None => add(),
        };
        *last = Some((form, index));
        index
    }

    fn sighting(&mut self, run: u32, spelling: u32) {
        let known = &mut self.known[spelling as usize];
        if known.kind != Kind::Metric && known.run.replace(run) != Some(run) {
            self.outline.sightings.push((run, spelling));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Flags, Number, Run, Status};

    /// A report of two events and a metric of one run after the other; each result is a spelling, a status and what its metric belongs to.
    fn report(results: &[(u32, u32, Status, Option<u32>)]) -> Report {
        let mut report = Report::default();
        for (name, kind) in [("cycles", Kind::Count), ("branches", Kind::Count), ("GHz", Kind::Metric)] {
            report.spellings.intern(&(name, None, kind));
        }
        report.runs = vec![Run::default(); 2];
        for &(run, spelling, status, metric_of) in results {
            let number = (status == Status::Counted).then(|| Number::inexact(0.5).unwrap());
            report.results.push(RunResult { metric_of, ..RunResult::new(run, 1, spelling, status, number) });
        }
        report
    }

    #[test]
    fn rows_name_their_forms_and_a_metric_is_in_the_row_of_its_counter() {
        let counted = Status::Counted;
        let report = report(&[
            (0, 0, counted, None),
            (0, 2, counted, Some(0)),
            (0, 1, Status::NotCounted, None),
            (1, 0, counted, None),
            (1, 0, Status::NotCounted, None),
            (1, 0, counted, None),
        ]);
        let outline = Outline::of(&report);
        let form =
            |spelling, metric, status: Status| LocalForm { spelling, metric, status: status as i16, flags: Flags::default().0 };
        let forms = [
            form(0, Some(2), counted),
            form(1, None, Status::NotCounted),
            form(0, None, counted),
            form(0, None, Status::NotCounted),
        ];
        assert_eq!(outline.forms, forms);
        let rows: Vec<(u32, u32)> = outline.rows.iter().map(|row| (row.result, row.form)).collect();
        assert_eq!(rows, [(0, 0), (2, 1), (3, 2), (4, 3), (5, 2)]);
        assert_eq!((0..6).map(|result| outline.ordinal(result)).collect::<Vec<_>>(), [0, 1, 2, 0, 1, 2]);
        assert_eq!(outline.sightings, [(0, 0), (0, 1), (1, 0)]);
        assert_eq!(outline.counts, [[3, 2, 0], [1, 0, 0], [0, 0, 0]]);
    }

    #[test]
    fn the_only_run_of_a_source_has_its_results_in_order() {
        let mut report = report(&[(0, 0, Status::Counted, None), (0, 1, Status::Counted, None), (0, 0, Status::Counted, None)]);
        report.runs.truncate(1);
        let outline = Outline::of(&report);
        assert_eq!((0..3).map(|result| outline.ordinal(result)).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
