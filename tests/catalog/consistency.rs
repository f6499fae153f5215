//! What holds for every name of every table, and for texts that are no name at all.

use proptest::prelude::*;

use prc_etl::catalog::{self, Machine, Relation, Side, Spelling, Status, Tool};

use super::{compared, machine, resolved};

/// One of each maker, and the odd ones: two kinds of core, no tables at all, a family with three tables.
const MACHINES: &[&str] =
    &["core2", "ivybridge", "alderlake", "fam10h", "zen4", "cortex-a57", "power7", "power9", "z13", "u74", "cannon lake", "p4"];

#[test]
fn every_listed_name_resolves_to_the_event_it_is_listed_with() {
    for name in MACHINES {
        let machine = machine(name);
        for listed in catalog::list(&machine, None, None) {
            let resolution = resolved(&machine, listed.tool, &listed.spelling);
            let events: Vec<String> = resolution.candidates.iter().map(|candidate| candidate.event.to_string()).collect();
            assert!(
                resolution.candidates.iter().any(|candidate| candidate.event == listed.event),
                "{name} {} {}: {} is not among {events:?} {}",
                listed.tool,
                listed.spelling,
                listed.event,
                resolution.reason
            );
        }
    }
}

#[test]
fn every_cpu_of_the_table_has_a_machine_and_cycles_where_the_kernel_knows_it() {
    for row in catalog::rows() {
        let machine = Machine::new(catalog::Microarch { row, pmu: None });
        assert!(!machine.pmus().is_empty());
        let cycles = resolved(&machine, Tool::Perf, "cycles");
        assert!(cycles.status != Status::Unresolved || !cycles.reason.is_empty(), "{}", row.short);
    }
}

fn spelled() -> impl Strategy<Value = (Tool, String)> {
    let known = prop::sample::select(vec![
        "cycles",
        "cycles:u",
        "cycles:pp",
        "instructions",
        "r3c",
        "r1003c",
        "cpu/event=0x3c/",
        "cpu/config=0x3c,cmask=1/k",
        "branches",
        "ref-cycles",
        "stalled-cycles-frontend",
        "CPU_CLK_UNHALTED",
        "CPU_CLK_UNHALTED:100000:0:0:1",
        "PAPI_TOT_CYC",
        "PAPI_BR_INS",
        "PAPI_L1_DCM",
        "UNHALTED_CORE_CYCLES",
        "perf::CYCLES",
        "LLC-loads",
        "page-faults",
        "sched:sched_switch",
        "cpu_core/cycles/",
        "PM_CYC",
        "inst_retired.any",
    ]);
    let text = prop_oneof![4 => known.prop_map(str::to_owned), 1 => "\\PC*", 1 => "[a-zA-Z0-9_:/=,.@ -]{0,30}"];
    (0..4_usize, text).prop_map(|(tool, text)| (Tool::WORDS[tool].0, text))
}

proptest! {
    #[test]
    fn any_two_texts_compare_the_same_both_ways_and_same_means_one_event(
        names in (0..MACHINES.len(), 0..MACHINES.len()),
        a in spelled(),
        b in spelled(),
    ) {
        let machines = [&machine(MACHINES[names.0]), &machine(MACHINES[names.1])];
        let (there, back) = (
            compared(machines, (a.0, &a.1), (b.0, &b.1)),
            compared([machines[1], machines[0]], (b.0, &b.1), (a.0, &a.1)),
        );
        prop_assert_eq!((there.relation, there.comparable), (back.relation, back.comparable));
        prop_assert!(!there.why.is_empty());
        let events = (resolved(machines[0], a.0, &a.1), resolved(machines[1], b.0, &b.1));
        if there.relation == Relation::Same {
            prop_assert!(names.0 == names.1 && events.0.event().is_some() && events.0.event() == events.1.event());
        }
        prop_assert!(!there.comparable || there.relation != Relation::Same || events.0.scope == events.1.scope);
        catalog::support(machines[0], &events.0);
    }

    #[test]
    fn no_text_breaks_a_machine_that_is_unknown(a in spelled()) {
        let resolution = catalog::resolve(&Spelling::read(a.0, &a.1), None, Some("6.1"));
        prop_assert!(resolution.event().is_some() || !resolution.reason.is_empty());
    }
}

#[test]
fn a_spelling_stands_to_itself_as_same_or_is_not_known() {
    let machine = machine("ivybridge");
    for listed in catalog::list(&machine, None, None).into_iter().step_by(7) {
        let resolution = resolved(&machine, listed.tool, &listed.spelling);
        let side = Side { machine: &machine, resolution: &resolution };
        let expected = if resolution.status == Status::Resolved { Relation::Same } else { Relation::Unknown };
        assert_eq!(catalog::compare(side, side).relation, expected, "{}", listed.spelling);
    }
}
