//! From any name that users know to a row.

use std::fmt;

use super::{Microarch, Row, rows};
use crate::catalog::bundle::bundle;

/// Names by hand, as `name,short name,PMU`: those that no table has.
const BY_HAND: &str = include_str!("../../../catalog/names.csv");

/// A name that no CPU has, with the nearest names that one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name that was asked for.
    pub name: String,
    /// The nearest known names, best first.
    pub nearest: Vec<String>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is no microarchitecture of the catalogue", self.name)?;
        if self.nearest.is_empty() {
            return write!(f, "; `prc-etl microarchs list` names all");
        }
        write!(f, "; near: {}", self.nearest.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// The microarchitecture of a name: short (`IVB`), common (`Ivy Bridge`), a key of the tables (`ivybridge`, `arm/cortex-a53`, `hsw_ep`,
/// `i386/ivybridge`), or a name of the predecessor (`WST-EP`). Case, blanks, `-`, `_` and `/` do not matter, but exact text wins.
///
/// A name of several CPUs is the first of them in the table; names that mean other CPUs elsewhere keep our meaning
/// (`microarchs list` shows what the predecessor meant).
///
/// # Errors
/// The nearest names, when there is no such name.
pub fn named(name: &str) -> Result<Microarch, UnknownName> {
    let wanted = plain(name);
    let is = |name: &str| letters(name).eq(wanted.chars());
    let rules: [&dyn Fn(&Row) -> bool; 9] = [
        &|row| row.short == name,
        &|row| is(row.short),
        &|row| is(row.perf) || is(last(row.perf)),
        &|row| is(row.common),
        &|row| row.common.split(['/', '(', ')', ',', ';']).any(is),
        &|row| is(row.core),
        &|row| row.libpfm4.split('|').any(|pmu| is(pmu.rsplit(':').next().unwrap_or(pmu))),
        &|row| is(row.oprofile) || is(last(row.oprofile)) || is(row.generic),
        &|row| is(&with_models(row)),
    ];
    let (exact, loose) = rules.split_at(2);
    let first = |rules: &[&dyn Fn(&Row) -> bool]| rules.iter().find_map(|rule| rows().iter().find(|row| rule(row)));
    let any = |row: &'static Row| Microarch { row, pmu: None };
    let found = if wanted.is_empty() {
        None
    } else {
        first(exact).map(any).or_else(|| by_hand(&wanted)).or_else(|| first(loose).map(any))
    };
    found.or_else(|| of_predecessor(&wanted)).ok_or_else(|| UnknownName { name: name.to_owned(), nearest: nearest(&wanted) })
}

/// Letters and digits of a name in lower case, and the `+` of `POWER5+`.
fn plain(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| letter.is_alphanumeric() || *letter == '+').flat_map(char::to_lowercase)
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn by_short(short: &str) -> Option<&'static Row> {
    rows().iter().find(|row| row.short == short)
}

/// Entries of the table by hand: name, short name, PMU.
fn hand_names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    BY_HAND.lines().skip(1).filter_map(|line| {
        let (name, rest) = line.split_once(',')?;
        let (short, pmu) = rest.split_once(',')?;
        Some((name, short, pmu))
    })
}

fn by_hand(wanted: &str) -> Option<Microarch> {
    let (_, short, pmu) = hand_names().find(|(name, ..)| letters(name).eq(wanted.chars()))?;
    Some(Microarch { row: by_short(short)?, pmu: (!pmu.is_empty()).then_some(pmu) })
}

/// What the table of the predecessor called a CPU otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeedName {
    /// Model number in that table.
    pub model: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// The short name of the same CPU here.
    pub short: &'static str,
    /// Why they differ.
    pub verdict: &'static str,
}

/// Every name of the predecessor's table that differs from ours.
pub fn seed_names() -> impl Iterator<Item = SeedName> {
    bundle().rows("seed").map(|mut cells| SeedName {
        model: cells.text(),
        name: cells.text(),
        short: cells.text(),
        verdict: cells.text(),
    })
}

fn of_predecessor(wanted: &str) -> Option<Microarch> {
    let seed = seed_names().find(|seed| letters(seed.name).eq(wanted.chars()))?;
    Some(Microarch { row: by_short(seed.short)?, pmu: None })
}

/// The key of a CPU: the first of its names that means it.
pub(super) fn key(row: &Row) -> String {
    let means = |name: &String| named(name).is_ok_and(|owner| is_one(owner.row, row));
    let names = [last(row.perf).to_owned(), row.short.to_lowercase()];
    names.into_iter().find(means).unwrap_or_else(|| with_models(row))
}

/// The short name of a CPU where it means this microarchitecture.
pub(super) fn former_key(row: &Row) -> Option<String> {
    named(row.short).is_ok_and(|owner| is_one(owner.row, row)).then(|| row.short.to_lowercase())
}

/// Whether two CPUs are one microarchitecture: they have one name, and the vendor's names of one mean the same on the other.
fn is_one(one: &Row, other: &Row) -> bool {
    one.short == other.short && one.perf == other.perf
}

/// `zen1-80-95`: the name of CPUs whose short name means others, with other tables.
fn with_models(row: &Row) -> String {
    format!("{}-{}", row.short.to_lowercase(), row.model)
}

fn nearest(wanted: &str) -> Vec<String> {
    let known = rows().iter().flat_map(|row| [row.short, last(row.perf)]).chain(hand_names().map(|(name, ..)| name));
    let mut scored: Vec<(usize, &str)> =
        known.filter(|name| !name.is_empty()).map(|name| (strsim::damerau_levenshtein(&plain(name), wanted), name)).collect();
    scored.sort_unstable();
    scored.dedup();
    let limit = wanted.len().div_ceil(3);
    scored.into_iter().filter(|(distance, _)| *distance <= limit).take(3).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(name: &str) -> &'static str {
        named(name).unwrap_or_else(|error| panic!("{error}")).row.short
    }

    #[test]
    fn every_name_of_ivy_bridge_is_ivy_bridge() {
        for name in ["IVB", "ivb", "Ivy Bridge", "ivybridge", "Ivy Bridge client", "i386/ivybridge", "IVY-BRIDGE"] {
            assert_eq!(short(name), "IVB", "{name}");
        }
    }

    #[test]
    fn names_that_people_use_are_known() {
        for (name, expected) in [
            ("zen2", "ZEN2"),
            ("cortex-a53", "A53"),
            ("arm/cortex-a53", "A53"),
            ("Neoverse N1", "N1"),
            ("neoverse-n1", "N1"),
            ("power9", "POWER9"),
            ("POWER5+", "POWER5+"),
            ("POWER5", "POWER5"),
            ("haswellx", "HSW-EP"),
            ("hsw_ep", "HSW-EP"),
            ("skylakex", "SKX"),
            ("skylake", "SKL-S"),
            ("Rome", "ZEN2"),
            ("z13", "z13"),
            ("knl", "KNL"),
        ] {
            assert_eq!(short(name), expected, "{name}");
        }
        assert_eq!(named("adl-atom").unwrap().pmu, Some("cpu_atom"));
    }

    #[test]
    fn names_of_the_predecessor_find_their_cpu_and_ours_win() {
        for (name, expected) in
            [("WST-EP", "WSM-EP"), ("BDX-D", "BDW-DE"), ("GLM_DNV", "GLM-DNV"), ("SKL-SP", "SKX"), ("Atom", "BNL")]
        {
            assert_eq!(short(name), expected, "{name}");
        }
        // The predecessor had these two the other way round.
        assert_eq!((named("NHM").unwrap().row.model, named("NHM-EP").unwrap().row.model), ("30", "26"));
        for seed in seed_names() {
            assert!(named(seed.name).is_ok() && by_short(seed.short).is_some(), "{seed:?}");
        }
    }

    #[test]
    fn every_cpu_that_the_predecessor_called_otherwise_is_found_by_its_numbers() {
        for seed in seed_names() {
            let first = by_short(seed.short).unwrap().stepping.split('-').next();
            for arch in ["x86_64", "i386"] {
                let environment = crate::model::Environment {
                    arch: Some(arch.to_owned()),
                    ..crate::machine::cpu::x86("GenuineIntel", Some("6"), Some(seed.model), first)
                };
                assert_eq!(crate::catalog::find(&environment).unwrap().row.short, seed.short, "{seed:?}");
            }
        }
        assert!(seed_names().count() >= 16);
    }

    #[test]
    fn a_miss_names_what_is_near() {
        let error = named("ivybrigde").unwrap_err();
        assert_eq!(error.nearest.first().map(String::as_str), Some("ivybridge"));
        assert!(named("").is_err() && named("zzzzzzzzzz").unwrap_err().nearest.is_empty());
    }

    #[test]
    fn every_hand_name_has_a_cpu_and_every_key_finds_its_row() {
        for (name, short, _) in hand_names() {
            assert!(by_short(short).is_some(), "{name} {short}");
        }
        for row in rows() {
            for key in row.keys() {
                let found = named(&key).unwrap().row;
                assert_eq!((found.short, found.perf, found.key()), (row.short, row.perf, row.key()), "{key}: {row:?}");
            }
            // Names of tables mean a CPU that has these tables.
            if !row.perf.is_empty() {
                assert_eq!(named(last(row.perf)).unwrap().row.perf, row.perf, "{row:?}");
            }
        }
    }

    #[test]
    fn cpus_have_one_key_exactly_when_their_name_and_their_tables_of_perf_are_one() {
        for one in rows() {
            for other in rows() {
                let alike = (one.short, one.perf) == (other.short, other.perf);
                assert_eq!(one.key() == other.key(), alike, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn names_of_amds_tables_mean_the_generation_that_they_are_of() {
        for (name, generic, libpfm4) in [
            ("amdzen1", "amdzen1", "amd64_fam17h_zen1"),
            ("amdzen2", "amdzen2", "amd64_fam17h_zen2"),
            ("amd64_fam17h_zen2", "amdzen2", "amd64_fam17h_zen2"),
            ("amdzen3", "amdzen3", "amd64_fam19h_zen3"),
            ("amdzen4", "amdzen4", "amd64_fam19h_zen4"),
            ("amdzen5", "amdzen5", "amd64_fam1ah_zen5"),
        ] {
            let row = named(name).unwrap().row;
            assert_eq!((row.generic, row.libpfm4), (generic, libpfm4), "{name}");
        }
    }

    #[test]
    fn old_keys_find_what_they_meant() {
        for (family, model, keys) in [
            ("6", "126", vec!["icelake", "icl"]),
            ("6", "125", vec!["icelake", "icl"]),
            ("6", "141", vec!["tigerlake", "tgl"]),
            ("6", "154", vec!["alderlake", "adl"]),
            ("6", "58", vec!["ivybridge", "ivb"]),
            ("6", "183", vec!["rpl"]),
        ] {
            let cpu = crate::machine::cpu::x86("GenuineIntel", Some(family), Some(model), None);
            assert_eq!(crate::catalog::find(&cpu).unwrap().row.keys(), keys, "{family}/{model}");
        }
        for (family, model, keys) in [
            ("25", "1", vec!["amdzen3", "zen3"]),
            ("25", "33", vec!["amdzen3", "zen3"]),
            ("25", "48", vec!["zen3-48-63"]),
            ("25", "97", vec!["amdzen4", "zen4"]),
            ("23", "49", vec!["amdzen2", "zen2"]),
            ("23", "80", vec!["zen1-80-95"]),
        ] {
            let cpu = crate::machine::cpu::x86("AuthenticAMD", Some(family), Some(model), None);
            assert_eq!(crate::catalog::find(&cpu).unwrap().row.keys(), keys, "{family}/{model}");
        }
    }
}
