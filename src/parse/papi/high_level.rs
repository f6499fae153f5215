//! What PAPI's high-level interface leaves in `papi_hl_output/` or, behind `PAPI-HL Output:`, on stdout (PAPI 6.0.0 to 7).
//!
//! PAPI 6.0.0 has lists of threads and regions, adds the executions of a region up and does not name its version; from 6.0.1 on each
//! execution of a region on a thread has a number of its own. Each is a run, whether spread over lines or all on one.

use hashbrown::HashSet;

use super::json::{Document, Key, Member, first_key, holds_object};
use super::output::{self, Output};
use super::region::{self, MISPLACED, Region};
use crate::machine::label;
use crate::model::{RejectKind, Report};
use crate::parse::lines::Mark;
use crate::parse::{Evidence, Format};

/// The format.
pub const FORMAT: Format = Format { name: "papi-hl-json", tool: "papi", version: 2, sniff, parse };

/// The first key: of 6.0.1 and later, of 6.0.0, and of either with its keys sorted.
const FIRST: [&str; 3] = ["papi_version", OLD_SPEED, "cpu_info"];

const OLD_SPEED: &str = "cpu in mhz";

fn is_high_level(keys: &[Key<'_>]) -> bool {
    let has = |name: &str| keys.iter().any(|(key, _)| *key == name);
    match keys.first() {
        Some(("papi_version", _)) => true,
        Some((key, _)) => FIRST.contains(key) && (has("threads") || has("event_definitions")),
        None => false,
    }
}

fn sniff(text: &str) -> Option<Evidence> {
    static KEYS: [Mark; 3] = [Mark::new(FIRST[0]), Mark::new(FIRST[1]), Mark::new(FIRST[2])];
    (holds_object(text) && KEYS.iter().any(|key| key.is_in(text))).then_some(())?;
    let (key, line) = first_key(text, is_high_level)?;
    Some(Evidence::new(line, format!("member \"{key}\" of PAPI's high-level interface")))
}

fn parse(text: &str) -> Report {
    output::read(text, is_high_level, document)
}

fn document(output: &mut Output, document: &Document<'_>) {
    let version = document.leaf("papi_version");
    let definitions = document.members.iter().find(|member| member.key == "event_definitions");
    let instant: Option<HashSet<&str>> = definitions.map(|definitions| instant(definitions.members()));
    for member in &document.members {
        match (member.key, member.leaf()) {
            ("cpu_info", Some(name)) => output.builder.label(label::CPU, name),
            ("max_cpu_rate_mhz" | OLD_SPEED, Some(speed)) => output.builder.label("mhz", speed),
            ("papi_version" | "min_cpu_rate_mhz", Some(_)) | ("event_definitions", None) => {}
            ("threads", None) => threads(output, &Source { version, rank: None, instant: instant.as_ref() }, member),
            _ => output.fault(member.place, RejectKind::Row, MISPLACED),
        }
    }
}

/// The events whose type is `instant`: `"E":{"component":"..","type":"instant"}`, between 6.0.0 and 6.0.1 `"E":"instant"`.
fn instant<'a>(definitions: &[Member<'a>]) -> HashSet<&'a str> {
    let is_instant = |definition: &&Member<'a>| {
        let named = definition.members().iter().any(|member| member.key == "type" && member.leaf() == Some("instant"));
        named || definition.leaf() == Some("instant")
    };
    definitions.iter().filter(is_instant).map(|definition| definition.key).collect()
}

/// What holds for all threads of an output.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// Version of PAPI.
    pub(super) version: Option<&'a str>,
    /// The rank, where an output holds several.
    pub(super) rank: Option<&'a str>,
    /// As [`Region::instant`].
    pub(super) instant: Option<&'a HashSet<&'a str>>,
}

/// `{"0":{"regions":..}}` or, in 6.0.0, `[{"id":"4711","regions":..}]`.
pub(super) fn threads(output: &mut Output, source: &Source<'_>, threads: &Member<'_>) {
    for thread in threads.members() {
        let leaf = |key: &str| thread.members().iter().find(|member| member.key == key)?.leaf();
        let Some(name) = leaf("id").or(Some(thread.key).filter(|key| !key.is_empty())) else {
            output.fault(thread.place, RejectKind::Row, "a thread without a number");
            continue;
        };
        if thread.leaf().is_some() {
            output.fault(thread.place, RejectKind::Row, MISPLACED);
        }
        for member in thread.members() {
            match (member.key, member.leaf()) {
                ("id", Some(_)) => {}
                ("regions", None) => member.members().iter().for_each(|one| of_thread(output, source, name, one)),
                _ => output.fault(member.place, RejectKind::Row, MISPLACED),
            }
        }
    }
}

/// `"0":{"name":"loop",..}` or, in the list of 6.0.0, `{"loop":{..}}`.
fn of_thread(output: &mut Output, source: &Source<'_>, thread: &str, member: &Member<'_>) {
    let members = member.members();
    let name = members.iter().find(|member| member.key == "name").and_then(Member::leaf);
    let mut one = |name: &str, member: &Member<'_>| {
        if member.leaf().is_some() {
            return output.fault(member.place, RejectKind::Row, MISPLACED);
        }
        let rank = source.rank.map(|rank| format!(" of rank {rank}")).unwrap_or_default();
        let target = format!("region {name}{rank}");
        let (version, instant) = (source.version, source.instant);
        region::read(output, &Region { place: member.place, target, thread: Some(thread), version, instant }, member.members());
    };
    match name {
        Some(name) => one(name, member),
        None if member.key.is_empty() => members.iter().for_each(|region| one(region.key, region)),
        None => one(member.key, member),
    }
}

#[cfg(test)]
mod tests;
