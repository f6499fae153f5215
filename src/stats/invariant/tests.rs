use super::group::{aliases_agree, range_of_deterministic, zero_is_suspicious};
use super::row::*;
use super::*;
use crate::stats::Class;

fn window(events: &[(&str, f64)]) -> Window {
    Window(events.iter().map(|(event, value)| ((*event).to_owned(), Reading { value: *value, slack: 0.0 })).collect())
}

/// Ids of rules that were checked, and of those that do not hold.
fn checked(window: &Window, machine: &Machine) -> (Vec<&'static str>, Vec<&'static str>) {
    let found = check(window, machine, false);
    let broken = found.iter().filter(|finding| !finding.holds()).map(|finding| finding.id).collect();
    (found.iter().map(|finding| finding.id).collect(), broken)
}

/// From a log of perf on POWER8, each event in a run of its own, 100 % running.
const POWER8: [(&str, f64); 9] = [
    ("instructions", 538_996.0),
    ("cycles", 849_032.0),
    ("branches", 105_498.0),
    ("L1-dcache-loads", 141_518.0),
    ("L1-dcache-load-misses", 5_581.0),
    ("LLC-loads", 2_933.0),
    ("LLC-load-misses", 172.0),
    ("stalled-cycles-frontend", 67_683.0),
    ("stalled-cycles-backend", 508_048.0),
];

#[test]
fn a_real_log_breaks_nothing() {
    let (checked, broken) = checked(&window(&POWER8), &Machine::default());
    assert_eq!(checked, ["I3", "I6", "I6", "I7", "I7", "I10", "I12", "I12"]);
    assert_eq!(broken, [""; 0]);
}

#[test]
fn each_contradiction_is_found_by_its_rule() {
    for (id, events) in [
        ("I3", [("branches", 11.0), ("instructions", 10.0), ("x", 0.0)]),
        ("I4", [("branch-misses", 11.0), ("branches", 10.0), ("x", 0.0)]),
        ("I5", [("cycles:u", 6e6), ("cycles:k", 3e6), ("cycles", 1e7)]),
        ("I6", [("node-load-misses", 3.0), ("node-loads", 2.0), ("x", 0.0)]),
        ("I7", [("LLC-loads", 3.0), ("L1-dcache-load-misses", 2.0), ("x", 0.0)]),
        ("I8", [("minor-faults", 3e6), ("major-faults", 1e6), ("page-faults", 5e6)]),
        ("I9", [("cycles", 9e9), ("task-clock", 1e9), ("x", 0.0)]),
        ("I10", [("instructions", 13.0), ("cycles", 1.0), ("x", 0.0)]),
        ("I12", [("stalled-cycles-backend", 3.0), ("cycles", 2.0), ("x", 0.0)]),
        ("I13", [("cpu_core/cycles/", 3e6), ("cpu_atom/cycles/", 2e6), ("cycles", 6e6)]),
        ("I14", [("cycles", 3.0), ("ref-cycles", 1.0), ("x", 0.0)]),
        ("I15", [("cpu-migrations", 2.0), ("context-switches", 1.0), ("x", 0.0)]),
    ] {
        assert_eq!(checked(&window(&events), &Machine::default()).1, [id], "{events:?}");
    }
}

/// The faults were counted by perf 6.1 attached to a running process; the bounds of the cycles are 0.1 % of 1e9, and 1000.
#[test]
fn counters_that_start_one_after_the_other_may_lie_apart() {
    for faults in [[593.0, 592.0], [849.0, 922.0]] {
        let faults = window(&[("minor-faults", faults[0]), ("major-faults", 0.0), ("page-faults", faults[1])]);
        assert_eq!(checked(&faults, &Machine::default()), (vec!["I8"], vec![]));
    }
    let cores = |core| window(&[("cpu_core/cycles/", core), ("cpu_atom/cycles/", 4e8), ("cycles", 1e9)]);
    assert_eq!(checked(&cores(6e8 - 1_001_000.0), &Machine::default()), (vec!["I13"], vec![]));
    assert_eq!(checked(&cores(6e8 - 1_001_001.0), &Machine::default()).1, ["I13"]);
}

#[test]
fn rules_hold_for_each_privilege_level_and_kind_of_core_alone() {
    let user = window(&[("branches:u", 11.0), ("instructions:u", 10.0), ("instructions", 20.0), ("branches", 12.0)]);
    assert_eq!(checked(&user, &Machine::default()), (vec!["I3", "I3", "I5", "I5"], vec!["I3"]));
    let cores = window(&[("cpu_core/branches/", 1.0), ("cpu_core/instructions/", 2.0), ("cpu_atom/branches/", 1.0)]);
    assert_eq!(checked(&cores, &Machine::default()), (vec!["I3"], vec![]));
}

#[test]
fn a_hypervisor_is_part_of_the_sum_where_it_is_counted() {
    let levels = [("cycles:u", 6e6), ("cycles:k", 3e6), ("cycles:h", 1e6), ("cycles", 1e7)];
    assert_eq!(checked(&window(&levels), &Machine::default()), (vec!["I5", "I5", "I5"], vec![]));
    let found = check(&window(&levels), &Machine::default(), false);
    assert_eq!(found[2].events, ["cycles:u", "cycles:k", "cycles:h", "cycles"]);
}

/// As perf 6.1 counts a command on any kernel: every clock is all of the time.
#[test]
fn clocks_have_no_privilege_levels() {
    for clock in ["task-clock", "cpu-clock", "duration_time"] {
        let rings = ["", ":u", ":k"].map(|ring| format!("{clock}{ring}"));
        let all = rings.each_ref().map(|event| (event.as_str(), 4.92e6));
        assert_eq!(checked(&window(&all), &Machine::default()), (vec![], vec![]));
    }
    // But a count of one ring is held against its clock.
    let user = window(&[("cycles:u", 9e9), ("task-clock:u", 1e9)]);
    assert_eq!(checked(&user, &Machine::default()).1, ["I9"]);
}

#[test]
fn rules_on_the_machine_wait_until_it_is_known() {
    let fast = window(&[("cycles", 5e9), ("task-clock", 1e9), ("instructions", 3e10)]);
    assert_eq!(checked(&fast, &Machine::default()).0, ["I9", "I10"]);
    let machine = Machine { cpus: None, min_ghz: Some(0.8), max_ghz: Some(4.0), width: Some(4.0) };
    assert_eq!(checked(&fast, &machine).1, ["I9", "I10"]);
    assert_eq!(checked(&window(&[("cycles", 5.0), ("task-clock", 0.0)]), &machine).0, [""; 0]);
}

#[test]
fn multiplexed_and_separate_runs_are_widened() {
    let mut pair = window(&[("branches", 11.0), ("instructions", 10.0)]);
    assert_eq!(checked(&pair, &Machine::default()).1, ["I3"]);
    pair.0.insert("branches".to_owned(), Reading::counted(11.0, 0.5).unwrap());
    assert_eq!(checked(&pair, &Machine::default()).1, [""; 0]);
    pair.0.insert("branches".to_owned(), Reading::group(11.0, 0.4).unwrap());
    assert_eq!(checked(&pair, &Machine::default()).1, [""; 0]);
    assert_eq!(Reading::counted(5.0, 0.9995), Some(Reading { value: 5.0, slack: 0.0 }));
    assert_eq!([Reading::counted(5.0, 0.0), Reading::counted(f64::NAN, 1.0), Reading::group(1.0, f64::NAN)], [None; 3]);
    let mut clock = window(&[("cycles", 8.5e9), ("task-clock", 1e9)]);
    clock.0.insert("cycles".to_owned(), Reading::counted(8.5e9, 0.5).unwrap());
    assert_eq!(checked(&clock, &Machine::default()), (vec!["I9"], vec![]));
}

#[test]
fn fields_of_a_row_contradict_each_other() {
    assert_eq!([0.0, 1.844_674e19, -1.0, f64::NAN].map(in_range), [true, false, false, false]);
    assert_eq!([281_474_976_710_655.0, 281_474_976_710_656.0].map(fits_core_counter), [true, false]);
    assert!(times_agree(200.0, 150.0, Some(75.0)) && times_agree(200.0, 200.0, None));
    assert!(!times_agree(200.0, 150.0, Some(75.02)) && !times_agree(200.0, 0.0, None) && !times_agree(1.0, 2.0, None));
    assert!(scaled_right(4000.0, 1000.0, 100.0, 25.0) && !scaled_right(1000.0, 1000.0, 100.0, 25.0));
    assert!(!scaled_right(1.0, 1.0, 0.0, 0.0));
    assert!(printed_right(0.63, 2, 538_996.0 / 849_032.0) && !printed_right(0.64, 2, 538_996.0 / 849_032.0));
    assert!(cpu_time_fits(4.02, 1.0, 4.0) && !cpu_time_fits(4.1, 1.0, 4.0));
    assert!(cpu_time_adds_up(5.0, 4.0, 18.0) && !cpu_time_adds_up(500.0, 400.0, 1000.0));
    assert!(shares_add_up(&[20.0, 30.0, 11.0, 40.0]) && !shares_add_up(&[101.0, -1.0]) && !shares_add_up(&[50.0]));
}

#[test]
fn groups_of_one_event_must_agree() {
    assert!(aliases_agree(&[538_996.0, 538_408.0, 539_672.0], Class::Exact));
    assert!(aliases_agree(&[849_032.0, 840_660.0, 854_897.0], Class::Cycle));
    assert!(!aliases_agree(&[105_498.0, 102_883.0], Class::Exact));
    assert!(!aliases_agree(&[105_498.0, 86_661.0], Class::Exact) && aliases_agree(&[], Class::Exact));
    assert!((range_of_deterministic(1.0) - 0.001).abs() < 1e-12);
    assert!((range_of_deterministic(0.5) - 0.463).abs() < 1e-12, "0.231 at either end");
    let mut others = [5.0; 10];
    others[0] = 0.0;
    assert!(zero_is_suspicious(&others));
    others[1] = 0.0;
    assert!(!zero_is_suspicious(&others) && !zero_is_suspicious(&[]));
}

#[test]
fn counters_of_one_thing_contradict_nothing_in_intervals_and_others_do() {
    let kinds = |events: &[(&str, f64)]| {
        [false, true].map(|is_interval| {
            let found = check(&window(events), &Machine::default(), is_interval);
            found.iter().find(|finding| !finding.holds()).map(|finding| finding.kind)
        })
    };
    assert_eq!(kinds(&[("cycles:u", 5e6), ("cycles", 4e6)]), [Some(Kind::Hard), Some(Kind::Soft)]);
    assert_eq!(kinds(&[("branches", 5e6), ("instructions", 4e6)]), [Some(Kind::Hard); 2]);
}
