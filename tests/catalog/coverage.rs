//! How many of the kernel's generic names each tool can express, against figures computed independently of this program.

use std::collections::{BTreeMap, BTreeSet};

use prc_etl::catalog::{self, Event, Listed, Tool};

/// The figures: for each of 38 microarchitectures the generic names that its kernel table has, and how many of them have a name of
/// the same code in perf's vendor tables, `OProfile`, libpfm4, and PAPI's native presets.
const FIGURES: &str = include_str!("coverage.csv");

/// Where we differ: microarchitecture, column, our figure, and why.
const EXPLAINED: &[(&str, usize, usize, &str)] = &[
    ("sapphirerapids", 2, 8, "from 6.12 on `ref-cycles` may be 0x13c, which OProfile can program"),
    ("adl-core", 2, 8, "likewise"),
    ("adl-atom", 2, 10, "likewise"),
    ("zen2", 4, 8, "PAPI_L1_DCA is a name of the kernel there, which we resolve"),
    ("neoverse-n1", 4, 10, "PAPI_BR_INS is defined twice and counts for nothing here"),
];

fn figures() -> impl Iterator<Item = Vec<&'static str>> {
    FIGURES.lines().skip(1).map(|line| line.split(',').collect())
}

/// Second names of generic events, which the figures leave out.
const ALIASES: &[&str] = &["cycles", "branches", "idle-cycles-frontend", "idle-cycles-backend"];

fn generics(listed: &[Listed]) -> BTreeMap<&str, BTreeSet<&Event>> {
    let mut events: BTreeMap<&str, BTreeSet<&Event>> = BTreeMap::new();
    for row in listed.iter().filter(|row| row.source.starts_with("generic/")) {
        events.entry(row.spelling.as_str()).or_default().insert(&row.event);
    }
    events.retain(|name, _| !ALIASES.contains(name));
    events
}

/// Names that mean several events.
fn twice(listed: &[Listed]) -> BTreeSet<String> {
    let pairs = listed.windows(2).filter(|pair| pair[0].tool == pair[1].tool && pair[0].spelling == pair[1].spelling);
    pairs.map(|pair| pair[0].spelling.clone()).collect()
}

#[test]
fn generic_names_tie_to_the_other_tools_as_often_as_was_computed_elsewhere() {
    let mut wrong = Vec::new();
    for row in figures() {
        let machine = super::machine(row[0]);
        let mut listed = catalog::list(&machine, None, Some("6.12"));
        let twice: BTreeSet<String> = twice(&listed);
        listed.retain(|row| row.tool != Tool::Papi || !twice.contains(&row.spelling));
        let generics = generics(&listed);
        let tied = |is_it: &dyn Fn(&Listed) -> bool| {
            let codes: BTreeSet<&Event> = listed.iter().filter(|row| is_it(row)).map(|row| &row.event).collect();
            generics.values().filter(|events| events.iter().any(|event| codes.contains(event))).count()
        };
        let ours = [
            generics.len(),
            tied(&|row| row.source.starts_with("perf/")),
            tied(&|row| row.tool == Tool::Oprofile),
            tied(&|row| row.tool == Tool::Libpfm4),
            tied(&|row| row.tool == Tool::Papi),
        ];
        let mut theirs: Vec<usize> = row[1..6].iter().map(|cell| cell.parse().unwrap_or(0)).collect();
        for (_, column, figure, _) in EXPLAINED.iter().filter(|(microarch, ..)| *microarch == row[0]) {
            theirs[*column] = *figure;
        }
        if ours[..] != theirs {
            wrong.push(format!("{}: {ours:?} for {theirs:?}", row[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
