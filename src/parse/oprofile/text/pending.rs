//! What was said above a table and is still to be tied to its columns.

use super::header::{Stated, Title};
use crate::parse::oprofile::profile::Class;

/// The lines above a table.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// One line for each event, or one event and one line for each CPU, process or thread.
    pub(super) stated: Vec<(u32, Stated)>,
    /// The titles of a summary.
    pub(super) titles: Vec<Title>,
}

impl Pending {
    /// The columns of a table that has so many; what does not fit together is noted.
    ///
    /// Only the order ties a line to a column: titles are cut and can be equal.
    pub(super) fn classes(&self, count: usize, line: u32, notes: &mut Vec<String>) -> Vec<Class> {
        let (axes, events): (Vec<_>, Vec<_>) = self
            .stated
            .iter()
            .partition(|(_, stated)| matches!(stated, Stated::Cpu(_) | Stated::Process(_) | Stated::Thread(_)));
        let kept_apart = |at: usize| axes.get(at).map(|(line, stated)| (*line, stated.clone())).filter(|_| axes.len() == count);
        if !axes.is_empty() && axes.len() != count {
            notes.push(format!(
                "{} lines name CPUs, processes or threads, the table has {count} columns: they cannot be tied",
                axes.len()
            ));
        }
        let shared = !axes.is_empty() || self.titles.iter().all(|title| axis_of(title).is_some()) && !self.titles.is_empty();
        let wanted = if shared { 1 } else { count };
        let tied = events.len() == wanted;
        if !tied && !events.is_empty() {
            notes.push(format!(
                "{} events are stated, the table has {wanted} of them: they cannot be tied to columns",
                events.len()
            ));
        } else if events.is_empty() && self.titles.is_empty() {
            notes.push("no line says which event was counted".to_owned());
        }
        (0..count).map(|at| self.class(at, line, (tied, &events, shared), kept_apart(at), notes)).collect()
    }

    fn class(
        &self,
        at: usize,
        line: u32,
        (tied, events, shared): (bool, &[&(u32, Stated)], bool),
        axis: Option<(u32, Stated)>,
        notes: &mut Vec<String>,
    ) -> Class {
        let title = self.titles.get(at).filter(|title| axis_of(title).is_none());
        let stated = events.get(if shared { 0 } else { at }).filter(|_| tied);
        let unknown =
            if events.len() > 1 || at > 0 { format!("unknown event (column {})", at + 1) } else { "unknown event".to_owned() };
        let mut class = named(title, stated.copied(), unknown, notes);
        if class.line == 0 {
            class.line = line;
        }
        let titled = || self.titles.get(at).and_then(axis_of).map(|stated| (class.line, stated));
        match axis.or_else(titled) {
            Some((line, Stated::Cpu(cpu))) => (class.line, class.cpu) = (line, Some(cpu)),
            Some((line, Stated::Process(id))) => (class.line, class.process) = (line, Some(id)),
            Some((line, Stated::Thread(id))) => (class.line, class.thread) = (line, Some(id)),
            _ => {}
        }
        class
    }
}

/// The event of a column.
///
/// Its line may name another event of the same code and mask; the title has the name that the user asked for.
fn named(title: Option<&Title>, stated: Option<&(u32, Stated)>, unknown: String, notes: &mut Vec<String>) -> Class {
    let asked = title.and_then(|title| title.name.as_deref());
    match stated {
        Some((line, Stated::Event { name, mask, period })) => {
            let printed = asked.unwrap_or(name);
            let cut = title.and_then(|title| title.text.strip_suffix("..."));
            if printed != name || cut.is_some_and(|cut| !format!("{printed}:{period}").starts_with(cut)) {
                let text = title.map_or("", |title| &title.text);
                notes.push(format!("the column {text} is described as {name}: two names of one code and mask"));
            }
            if let Some(titled) = title.and_then(|title| title.period)
                && titled != *period
            {
                notes.push(format!(
                    "the column of {printed} has the period {titled} in its title and {period} above: the latter is used"
                ));
            }
            Class { line: *line, event: format!("{printed}:{period}:{mask}"), period: Some(*period), ..Class::default() }
        }
        Some((line, Stated::Timer)) => Class { line: *line, event: "TIMER".to_owned(), ..Class::default() },
        _ => {
            let line = stated.map_or(0, |(line, _)| *line);
            let event = title.map_or(unknown, |title| title.text.clone());
            let period = title.and_then(|title| title.period).filter(|&period| period > 0);
            Class { line, event, period, ..Class::default() }
        }
    }
}

/// `cpu:0`, `tgid:4711`, `tid:4711`
fn axis_of(title: &Title) -> Option<Stated> {
    let id = title.text.split_once(':')?.1;
    match title.name.as_deref()? {
        "cpu" => id.parse().ok().map(Stated::Cpu),
        "tgid" => id.parse().ok().map(Stated::Process),
        "tid" => id.parse().ok().map(Stated::Thread),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::{stated, title};
    use super::*;

    fn pending(lines: &[&str], titles: &[&str]) -> Pending {
        let stated = (2..).zip(lines).map(|(line, text)| (line, stated(text).expect(text))).collect();
        Pending { stated, titles: titles.iter().map(|text| title(text)).collect() }
    }

    fn events(pending: &Pending, count: usize) -> (Vec<String>, Vec<String>) {
        let mut notes = Vec::new();
        let classes = pending.classes(count, 9, &mut notes);
        (classes.into_iter().map(|class| class.event).collect(), notes)
    }

    const REQUESTS: &str = "Counted L2_RQSTS events (a) with a unit mask of 0x0f (b) count 500";
    const MISSES: &str = "Counted LLC_MISSES events (a) with a unit mask of 0x41 (b) count 500";

    #[test]
    fn columns_are_tied_by_order_and_keep_the_name_that_was_asked_for() {
        let (names, notes) = events(&pending(&[REQUESTS, MISSES], &["L2_RQSTS:500", "L2_RQSTS:500"]), 2);
        assert_eq!(names, ["L2_RQSTS:500:0x0f", "L2_RQSTS:500:0x41"]);
        assert_eq!(notes, ["the column L2_RQSTS:500 is described as LLC_MISSES: two names of one code and mask"]);
        assert_eq!(events(&pending(&[REQUESTS, MISSES], &[]), 2).0, ["L2_RQSTS:500:0x0f", "LLC_MISSES:500:0x41"]);
    }

    #[test]
    fn what_cannot_be_tied_is_not_guessed() {
        let (names, notes) = events(&pending(&[REQUESTS, MISSES], &[]), 1);
        assert_eq!((names.len(), notes.len()), (1, 1));
        assert!(names[0].starts_with("unknown event"), "{names:?}");
        assert!(events(&pending(&[REQUESTS], &[]), 2).0.iter().all(|name| name.starts_with("unknown event")));
        assert_eq!(
            events(&pending(&[], &["L2D_CACHE:5000", "CPU_CLK_UNHALT..."]), 2).0,
            ["L2D_CACHE:5000", "CPU_CLK_UNHALT..."]
        );
    }

    #[test]
    fn one_event_is_kept_apart_by_cpu_process_or_thread() {
        let mut notes = Vec::new();
        let lines = [REQUESTS, "Samples on CPU 0", "Samples on CPU 7"];
        let classes = pending(&lines, &["cpu:0", "cpu:7"]).classes(2, 9, &mut notes);
        let cpus: Vec<_> = classes.iter().map(|class| (class.cpu, class.line, class.event.as_str())).collect();
        assert_eq!(cpus, [(Some(0), 3, "L2_RQSTS:500:0x0f"), (Some(7), 4, "L2_RQSTS:500:0x0f")]);
        let titled = pending(&[], &["tid:4711", "tid:4712"]).classes(2, 9, &mut notes);
        assert_eq!(titled[1].thread, Some(4712));
    }

    #[test]
    fn the_clock_has_no_period() {
        let mut notes = Vec::new();
        let classes = pending(&["Profiling through timer interrupt"], &["TIMER:0"]).classes(1, 9, &mut notes);
        assert_eq!((classes[0].event.as_str(), classes[0].period), ("TIMER", None));
    }
}
