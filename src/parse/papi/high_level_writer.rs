//! `papi.json` and `papi_sum.json`: what PAPI's script `papi_hl_output_writer.py` makes of the high-level interface's files, 6.0 to 7.
//!
//! `--type=detail` puts the ranks side by side, `--type=summary` adds ranks, threads and executions up; `--notation=raw` keeps the values,
//! `derived` turns cycles and clocks into seconds and rates, rounded to two decimals. Neither form names PAPI's version.

use super::high_level::{Source, threads};
use super::json::{Document, Key, Member, first_key, holds_object};
use super::output::{self, Output};
use super::region::{self, MISPLACED, Region};
use crate::model::{RejectKind, Report};
use crate::parse::lines::Mark;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "papi-hl-writer", tool: "papi", version: 1, sniff, parse };

const RANKS: &str = "ranks";
/// How often a region was entered, in either notation.
const COUNTS: [&str; 2] = ["region_count", "Region count"];
const REAL_TIME: &str = "Real time in s";

/// Both values that PAPI always has beside the events: one of them stands in every region.
fn is_time(key: &str) -> bool {
    matches!(key, "cycles" | REAL_TIME)
}

fn is_count(key: &str) -> bool {
    COUNTS.contains(&key)
}

fn is_writer(keys: &[Key<'_>]) -> bool {
    let has = |name: &str| keys.iter().any(|(key, _)| *key == name);
    match keys {
        [(RANKS, _), ..] => has("threads") && has("regions") && keys.iter().any(|(key, _)| is_time(key)),
        [_, (count, _), (time, _), ..] => is_count(count) && is_time(time),
        _ => false,
    }
}

fn sniff(text: &str) -> Option<Evidence> {
    // Without one of these keys no object is wanted: other JSON costs no look at the keys of each of its lines.
    static KEYS: [Mark; 3] = [Mark::new(RANKS), Mark::new(COUNTS[0]), Mark::new(COUNTS[1])];
    (holds_object(text) && KEYS.iter().any(|key| key.is_in(text))).then_some(())?;
    let (key, line) = first_key(text, is_writer)?;
    Some(Evidence::new(line, format!("member \"{key}\" as papi_hl_output_writer.py writes it")))
}

fn parse(text: &str) -> Report {
    output::read(text, is_writer, document)
}

fn document(output: &mut Output, document: &Document<'_>) {
    for member in &document.members {
        match (member.key, member.leaf()) {
            (RANKS, None) => member.members().iter().for_each(|one| rank(output, one)),
            (name, None) => summary(output, name, member),
            _ => output.fault(member.place, RejectKind::Row, MISPLACED),
        }
    }
}

/// `"0":{"threads":..}`, in 6.0.0 `{"id":"0","threads":..}`.
fn rank(output: &mut Output, member: &Member<'_>) {
    let members = member.members();
    let id = members.iter().find(|member| member.key == "id").and_then(Member::leaf).unwrap_or(member.key);
    if member.leaf().is_some() {
        output.fault(member.place, RejectKind::Row, MISPLACED);
    }
    for member in members {
        match (member.key, member.leaf()) {
            ("id", Some(_)) => {}
            ("threads", None) => {
                threads(output, &Source { version: None, rank: Some(id), instant: None }, member);
                derived(output, member);
            }
            _ => output.fault(member.place, RejectKind::Row, MISPLACED),
        }
    }
}

fn summary(output: &mut Output, name: &str, member: &Member<'_>) {
    let target = format!("region {name}");
    let region = Region { place: member.place, target, thread: None, version: None, instant: None };
    region::read(output, &region, member.members());
    derived(output, member);
}

/// Says of what has rounded seconds somewhere within that it was rounded.
fn derived(output: &mut Output, member: &Member<'_>) {
    if has_derived(member) {
        output.builder.note("times and rates are those that papi_hl_output_writer.py computed and rounded to two decimals");
    }
}

fn has_derived(member: &Member<'_>) -> bool {
    member.key == REAL_TIME || member.members().iter().any(has_derived)
}

#[cfg(test)]
mod tests;
