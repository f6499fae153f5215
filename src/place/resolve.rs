//! Weighs what is said of the runs of a source.

use std::sync::Arc;

use super::last::{Basis, Last, Weighed};
use super::layout::Reading;
use super::voices::Voices;
use super::{Around, Facts, PlaceOptions, Seen};
use crate::model::{Given, Identity, Origin, Parsed, Placement, Run, ToolName, shortened, without_archive};

/// Places the runs of one source.
pub(super) struct Resolver<'a> {
    pub(super) options: &'a PlaceOptions,
    /// This machine, when the source comes from it.
    pub(super) local: Option<&'a Facts>,
    pub(super) around: Option<&'a Arc<Around>>,
    /// The tool that writes the format of the source.
    pub(super) tool: &'a str,
}

/// What a line between outputs says, with its number.
type Spoken = (u32, Facts);

impl Resolver<'_> {
    pub(super) fn place(&self, parsed: &mut Parsed, text: &str, last: &mut Last) {
        let mut notes = Vec::new();
        let path = self.read_path(&parsed.identity, &mut notes);
        parsed.off_layout = path.is_none() && !parsed.report.runs.is_empty();
        let path = path.unwrap_or_default();
        let spoken = self.read_lines(text, &mut notes);
        let directory = directory(&parsed.identity);
        let (said, runs) = (&parsed.report.context, &mut parsed.report.runs);
        let mut placements: Vec<Arc<Placement>> = Vec::with_capacity(runs.len());
        let (mut between, mut rest) = (Facts::default(), spoken.as_slice());
        for run in runs {
            let mut changed = placements.is_empty();
            while let Some(((line, facts), others)) = rest.split_first().filter(|((line, _), _)| *line < run.line) {
                debug_assert!(*line > 0, "lines are counted from 1");
                between.overlay(facts);
                (rest, changed) = (others, true);
            }
            let basis = Basis { around: self.around, tool: self.tool, run, directory, path: &path, between: &between, said };
            let weighed = last.weighed(&basis, || self.weigh(&basis));
            if changed {
                notes.extend_from_slice(&weighed.contradictions);
                parsed.contradicted |= !weighed.contradictions.is_empty();
            }
            run.started_at = run.started_at.or(weighed.started_at);
            placements.push(Arc::clone(&weighed.placement));
        }
        let wrong_tool = self.wrong_tool(&placements);
        parsed.contradicted |= wrong_tool.is_some();
        notes.extend(wrong_tool);
        parsed.placements = placements;
        for note in notes {
            parsed.report.note(note);
        }
    }

    /// Hears everybody.
    fn weigh(&self, basis: &Basis<'_>) -> Weighed {
        let said = Facts::from(basis.said);
        let voices = self.voices(basis.path, basis.between, &said);
        let (environment, environment_origins) = voices.environment();
        let (started_at, started) = started(basis.run, &voices);
        let placement = Placement {
            experiment: experiment(basis, &voices),
            tool: self.tool(basis.run, &voices),
            host: voices.first(|facts| facts.host.as_ref()),
            repetition: voices.first(|facts| facts.repetition.as_ref()),
            started,
            labels: voices.labels(),
            environment,
            environment_origins,
        };
        Weighed { placement: placement.into(), started_at, contradictions: voices.contradictions() }
    }

    /// Everybody who says something, strongest first.
    fn voices<'v>(&'v self, path: &'v Facts, between: &'v Facts, said: &'v Facts) -> Voices<'v> {
        let mut voices = Voices::default();
        voices.add(Origin::Flag, &self.options.given);
        let around: Vec<(Origin, &Facts)> = self.around.into_iter().flat_map(|around| around.facts()).collect();
        let (sidecars, captured): (Vec<_>, Vec<_>) =
            around.into_iter().partition(|(origin, _)| matches!(origin, Origin::Sidecar(_)));
        voices.add_all(sidecars);
        voices.add(Origin::Layout, path);
        voices.add(Origin::Text, between);
        voices.add(Origin::File, said);
        voices.add_all(captured);
        voices.add_all(self.local.map(|facts| (Origin::Local, facts)));
        voices
    }

    /// What the path says; nothing when there are templates and none of them reads it.
    fn read_path(&self, identity: &Identity, notes: &mut Vec<String>) -> Option<Facts> {
        let seen = Seen::new(identity);
        let own = (!self.options.layouts.0.is_empty()).then_some((&self.options.layouts, identity.path.as_str()));
        let around = || self.around.and_then(|around| around.layouts(&seen));
        let Some((layouts, path)) = own.or_else(around) else { return Some(Facts::default()) };
        let refused = match layouts.read(path) {
            Reading::Matched(fields) => match Facts::read(fields) {
                Ok(facts) => return Some(facts),
                Err(reason) => reason,
            },
            Reading::NoMatch => "no path template fits it".to_owned(),
            Reading::Refused(reason) => reason,
        };
        notes.push(format!("nothing is taken from its path '{path}': {refused}"));
        None
    }

    /// What the lines between the outputs say, in order.
    fn read_lines(&self, text: &str, notes: &mut Vec<String>) -> Vec<Spoken> {
        let patterns = self.around.map(|around| around.text_patterns()).unwrap_or_default();
        if patterns.is_empty() {
            return Vec::new();
        }
        let mut spoken = Vec::new();
        for (number, line) in (1_u32..).zip(text.lines()) {
            let readings = patterns.iter().map(|pattern| pattern.read(line));
            let read = match readings.into_iter().find(|reading| !matches!(reading, Reading::NoMatch)) {
                Some(Reading::Matched(fields)) => Facts::read(fields),
                Some(Reading::Refused(reason)) => Err(reason),
                Some(Reading::NoMatch) | None => continue,
            };
            match read {
                Ok(facts) => spoken.push((number, facts)),
                Err(reason) => notes.push(format!("nothing is taken from line {number}: {reason}")),
            }
        }
        spoken
    }

    /// The given tool; without a version of its own it takes the one that the file states.
    fn tool(&self, run: &Run, voices: &Voices<'_>) -> Given<ToolName> {
        let from_file = ToolName { name: self.tool.to_owned(), version: run.tool_version.clone() };
        match voices.first(|facts| facts.tool.as_ref()) {
            Some(given) if given.value.version.is_some() || given.value.name != self.tool => given,
            Some(_) | None => Given { value: from_file, origin: Origin::File },
        }
    }

    /// Nothing that was given is overridden; that it disagrees with the file is worth a remark.
    fn wrong_tool(&self, placements: &[Arc<Placement>]) -> Option<String> {
        let wrong = placements.iter().map(|placement| &placement.tool).find(|tool| tool.value.name != self.tool)?;
        Some(format!("given as output of {} ({}), written in a format of {}", wrong.value, wrong.origin, self.tool))
    }
}

/// What was given; else the measured command; else the directory.
fn experiment(basis: &Basis<'_>, voices: &Voices<'_>) -> Option<Given<String>> {
    let cut = |text: &str, origin| Given { value: shortened(text).into_owned(), origin };
    if let Some(given) = voices.first(|facts| facts.experiment.as_ref()) {
        return Some(cut(&given.value, given.origin));
    }
    if let Some(command) = basis.run.command.as_deref().map(str::trim).filter(|command| !command.is_empty()) {
        return Some(cut(command, Origin::File));
    }
    basis.directory.map(|name| cut(name, Origin::Path))
}

/// The start that the file states, to the second; else the date that something else states, which is given too: of a path that is often
/// the night or the day that many runs belong to, so that it is the weaker one here.
fn started(run: &Run, voices: &Voices<'_>) -> (Option<i64>, Option<Origin>) {
    if run.started_at.is_some() {
        return (None, Some(Origin::File));
    }
    voices.first(|facts| facts.started_at.as_ref()).map(|given| (given.value, given.origin)).unzip()
}

/// Name of the directory, or of the archive without its suffix, that holds the source; of the root when the logical path has none;
/// nothing for a stream.
fn directory(identity: &Identity) -> Option<&str> {
    let root = identity.root.as_deref()?;
    let below = identity.path.rsplit_once('/').map_or(root, |(directories, _)| directories);
    below.rsplit('/').next().map(without_archive).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests;
