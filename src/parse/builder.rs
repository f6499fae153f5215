//! Builds a [`Report`] while counting every line exactly once.

mod repeats;

use std::cell::Cell;

use super::context::{self, Said};
use super::lines::Line;
use crate::machine;
use crate::model::{Context, Kind, Reject, RejectKind, Report, Run, RunResult, Scope, ScopeKind, Support, shortened};

pub(crate) use crate::model::MAX_NAME;

/// Whether names can be kept as they are.
fn are_short(names: [Option<&str>; 2]) -> bool {
    names.into_iter().flatten().all(|name| name.len() <= MAX_NAME)
}

/// Results up to which the room for them is used again for the next source.
const USUAL_RESULTS: usize = 1024;

thread_local! {
    /// Room for results: a source takes a copy of just its size with it, and the room need not be made, and grow, for each of them.
    static ROOM: Cell<Vec<RunResult>> = const { Cell::new(Vec::new()) };
}

/// A [`Report`] under construction. Each line of the source must be given to exactly one of `results_on`, `furniture`, `foreign`
/// and `reject`.
#[derive(Debug)]
pub(crate) struct Builder {
    report: Report,
    /// Blocks that describe the machine, begun so far.
    blocks: u32,
    /// Whether the last one still goes on.
    in_block: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self { report: Report { results: ROOM.take(), ..Report::default() }, blocks: 0, in_block: false }
    }
}

impl Builder {
    /// Begins a run at a line and returns its index.
    pub(crate) fn begin_run(&mut self, line: u32) -> u32 {
        self.in_block = false;
        self.report.runs.push(Run { line, ..Run::default() });
        self.last_run().expect("a run was just added")
    }

    /// Index of the run that was begun last.
    pub(crate) fn last_run(&self) -> Option<u32> {
        u32::try_from(self.report.runs.len()).ok()?.checked_sub(1)
    }

    /// A run.
    pub(crate) fn run(&mut self, index: u32) -> &mut Run {
        &mut self.report.runs[index as usize]
    }

    /// The index of a spelling. A name that is too long is cut: a metric or a unit is no reason to lose the number beside it.
    pub(crate) fn spelling(&mut self, text: &str, unit: Option<&str>, kind: Kind) -> u32 {
        if !are_short([Some(text), unit]) {
            self.note_cut();
            return self.report.spellings.intern(&(&*shortened(text), unit.map(shortened).as_deref(), kind));
        }
        self.report.spellings.intern(&(text, unit, kind))
    }

    fn note_cut(&mut self) {
        self.note(format!("names of more than {MAX_NAME} bytes are cut, and end in a hash of the whole"));
    }

    /// Whether a spelling was seen.
    pub(crate) fn has_spelling(&self, text: &str, unit: Option<&str>, kind: Kind) -> bool {
        self.report.spellings.find(&(text, unit, kind)).is_some()
    }

    /// The index of a scope; `None` for the whole run without cgroup. A cgroup may lie deeper than a name may be long, and is cut.
    pub(crate) fn scope(&mut self, kind: ScopeKind, label: &str, cgroup: Option<&str>, members: Option<i32>) -> Option<u32> {
        if kind == ScopeKind::Whole && cgroup.is_none() && members.is_none() {
            return None;
        }
        if !are_short([Some(label), cgroup]) {
            self.note_cut();
            return Some(self.report.scopes.intern(&(kind, &*shortened(label), cgroup.map(shortened).as_deref(), members)));
        }
        Some(self.report.scopes.intern(&(kind, label, cgroup, members)))
    }

    /// The index of a name that rows of profiles refer to.
    pub(crate) fn name(&mut self, name: &str) -> u32 {
        self.report.names.intern(name)
    }

    /// Keeps a fact about the machine; what was said first is kept, and a different later one is noted.
    pub(crate) fn label(&mut self, key: &str, value: &str) {
        let kept = self.report.context.labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        if kept != value {
            let sentence = format!("more than one {key} is stated, {kept:?} and {value:?}: the first is kept");
            self.note(sentence);
        }
    }

    /// Adds a result and returns its index.
    pub(crate) fn push(&mut self, result: RunResult) -> u32 {
        self.report.results.push(result);
        u32::try_from(self.report.results.len() - 1).expect("a source is smaller than 2^32 results")
    }

    /// Adds a fact about an event that was not counted.
    pub(crate) fn support(&mut self, support: Support) {
        self.report.supports.push(support);
    }

    /// The facts so far.
    pub(crate) fn supports(&mut self) -> &mut Vec<Support> {
        &mut self.report.supports
    }

    /// A result that was added.
    pub(crate) fn result(&mut self, index: u32) -> &mut RunResult {
        &mut self.report.results[index as usize]
    }

    /// A scope.
    pub(crate) fn scope_at(&self, index: u32) -> &Scope {
        self.report.scopes.get(index)
    }

    /// Index that the next result will have.
    pub(crate) fn next_result(&self) -> u32 {
        u32::try_from(self.report.results.len()).expect("a source is smaller than 2^32 results")
    }

    /// Begins a new run at every `period`th counter behind `first`.
    pub(crate) fn split_runs(&mut self, first: u32, period: usize) {
        let (mut run, mut counters) = (None, 0);
        for index in first as usize..self.report.results.len() {
            let result = self.report.results[index];
            if result.metric_of.is_none() {
                if counters > 0 && counters % period == 0 {
                    run = Some(self.begin_run(result.line));
                }
                counters += 1;
            }
            self.report.results[index].run = run.unwrap_or(result.run);
        }
    }

    /// Counts lines that gave results.
    pub(crate) fn results_on(&mut self, lines: u32) {
        self.in_block = false;
        self.report.tally.lines += lines;
        self.report.tally.results += lines;
    }

    /// Counts a line that belongs to the format and carries no result.
    pub(crate) fn furniture(&mut self) {
        self.report.tally.lines += 1;
        self.report.tally.furniture += 1;
    }

    /// Counts a line that no format knows.
    pub(crate) fn foreign(&mut self) {
        self.furniture();
        self.report.tally.foreign += 1;
    }

    /// Counts and keeps a line that should have given a result and did not.
    pub(crate) fn reject(&mut self, line: Line<'_>, column: u32, kind: RejectKind, reason: impl Into<String>) {
        self.report.tally.lines += 1;
        self.report.tally.rejected += 1;
        self.report.rejects.push(Reject::line(line.number, column, kind, reason, line.text));
    }

    /// Says how the source was read; the same sentence is kept once.
    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        self.report.note(sentence.into());
    }

    /// Keeps what the line says about the machine, when it says anything, and counts the line.
    ///
    /// The first line that names a fact settles it; a later one that says otherwise is noted and counted as text of another program.
    pub(crate) fn context(&mut self, line: Line<'_>) -> bool {
        if context::is_heading(line.text) {
            (self.blocks, self.in_block) = (self.blocks + 1, true);
            self.furniture();
            return true;
        }
        self.found(line.text).is_some_and(|found| self.keep(&found))
    }

    /// What a line says about the machine; a line that no block has ends the one that goes on.
    fn found(&mut self, text: &str) -> Option<Context> {
        if !self.in_block {
            return context::context(text);
        }
        match context::said(text, &self.report.context.environment) {
            Said::Fact(found) => Some(*found),
            Said::Nothing => None,
            Said::Other => {
                self.in_block = false;
                context::context(text)
            }
        }
    }

    /// Keeps facts about the machine and counts their line, unless they contradict earlier ones: that is noted.
    pub(crate) fn keep(&mut self, found: &Context) -> bool {
        let mut known = self.report.context.clone();
        if !machine::merge(&mut known, found) {
            self.note("the machine is described in two ways: the runs are placed on the first");
            return false;
        }
        // A block below another may describe a machine of its own: it can repeat what is known, and adds nothing.
        if self.in_block && self.blocks > 1 && known != self.report.context {
            return false;
        }
        self.report.context = known;
        self.furniture();
        true
    }

    /// The finished report.
    pub(crate) fn finish(mut self) -> Report {
        if self.report.results.len() <= USUAL_RESULTS {
            let results = self.report.results.as_slice().to_vec();
            let mut room = std::mem::replace(&mut self.report.results, results);
            room.clear();
            ROOM.set(room);
        }
        debug_assert!(self.report.tally.adds_up(), "{:?}", self.report.tally);
        self.report
    }
}
