//! The text of `perf list`: `  cpu-cycles OR cycles                [Hardware event]`, and below titles the names of perf's own tables,
//! with a description in brackets on the next line (Linux, tools/perf/builtin-list.c and, before 6.2, util/print-events.c).

use crate::catalog::Tool;
use crate::catalog::import::{Malformed, Reading, Told};

/// What perf opens before it lists it, or what the kernel names; any other kind is a pattern (`rNNN`, `mem:<addr>`) or an event of
/// another program.
const KINDS: &[&str] =
    &["Hardware event", "Software event", "Hardware cache event", "Tool event", "Kernel PMU event", "Tracepoint event"];

const TABLES: &str = "a name of perf's tables: perf lists it on every machine of the kind";

/// Reads a list: its names are said to be there. It says nothing of what they mean, nor of the names of perf's tables, which are listed
/// whether or not the machine has them.
pub(super) fn read(file: &str, text: &str) -> Result<Reading, Malformed> {
    let mut reading = Reading::default();
    for (number, line) in (1..).zip(text.lines()) {
        match with_kind(line) {
            Some((names, kind)) if KINDS.contains(&kind) => tell(&mut reading, file, number, names)?,
            Some(_) => reading.leave_out("a pattern of events is no event", 1),
            None if is_name(line) => reading.leave_out(TABLES, 1),
            None => {}
        }
    }
    if reading.told.is_empty() {
        let reason = "no list of perf: neither JSON, nor a line that ends in '[Hardware event]' or the like".to_owned();
        return Err(Malformed { file: file.to_owned(), line: 1, reason });
    }
    Ok(reading)
}

/// `  NAME OR NAME      [KIND]`; a description alone in its brackets is none.
fn with_kind(line: &str) -> Option<(&str, &str)> {
    let (names, kind) = line.strip_prefix("  ")?.trim_end().strip_suffix(']')?.split_once(" [")?;
    let names = names.trim_end();
    (!names.is_empty() && !names.starts_with(' ')).then_some((names, kind))
}

fn is_name(line: &str) -> bool {
    line.strip_prefix("  ").is_some_and(|rest| !rest.starts_with([' ', '[']) && !rest.trim().is_empty())
}

fn tell(reading: &mut Reading, file: &str, line: usize, names: &str) -> Result<(), Malformed> {
    for name in names.split(" OR ").map(str::trim) {
        // `cpu/t1=v1[,t2=v2,t3 ...]/modifier`, `armv8_pmuv3_0/event=?/`
        if name.contains([' ', '[', '?', '<']) {
            reading.leave_out("a pattern of events is no event", 1);
            continue;
        }
        reading.take(Told {
            tool: Tool::Perf,
            name: name.to_owned(),
            means: None,
            supported: true,
            file: file.to_owned(),
            line,
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\nList of pre-defined events (to be used in -e or -M):\n\n  cpu-cycles OR cycles       [Hardware event]\n  \
        L1-dcache-loads                [Hardware cache event]\n  cpu/mem-loads,ldlat=?/ [Kernel PMU event]\n  \
        rNNN                           [Raw hardware event descriptor]\n\nbranch:\n  br_mis_pred                        \n       \
        [Branch that was [not] predicted]\n  sched:sched_switch [Tracepoint event]\n";

    #[test]
    fn names_that_perf_could_open_are_there_and_the_rest_is_counted() {
        let reading = read("list.txt", LIST).unwrap();
        let told: Vec<(&str, usize)> = reading.told.iter().map(|told| (told.name.as_str(), told.line)).collect();
        assert_eq!(told, [("cpu-cycles", 4), ("cycles", 4), ("L1-dcache-loads", 5), ("sched:sched_switch", 12)]);
        let tables = "a name of perf's tables: perf lists it on every machine of the kind".to_owned();
        assert_eq!(reading.left_out, [("a pattern of events is no event".to_owned(), 2), (tables, 1)]);
    }

    #[test]
    fn what_is_no_list_is_refused() {
        assert_eq!(read("a.txt", "cycles\n").unwrap_err().line, 1);
    }
}
