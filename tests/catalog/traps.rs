//! Cases in which names, or codes without their context, mislead. Codes are those of the kernel, the vendors and the tools' sources.

use prc_etl::catalog::{self, Event, Relation, Spelling, Status, Tool};

use super::{compared, machine, resolved};

const PERF: Tool = Tool::Perf;
const OPROFILE: Tool = Tool::Oprofile;
const PAPI: Tool = Tool::Papi;
const PFM: Tool = Tool::Libpfm4;

/// The code of a spelling, or its status.
pub(crate) fn code(microarch: &str, tool: Tool, text: &str) -> String {
    let resolution = resolved(&machine(microarch), tool, text);
    resolution.event().map_or_else(|| resolution.status.as_str().to_owned(), ToString::to_string)
}

pub(crate) fn relation(microarch: &str, a: (Tool, &str), b: (Tool, &str)) -> Relation {
    let machine = machine(microarch);
    compared([&machine, &machine], a, b).relation
}

pub(crate) fn all_mean(microarch: &str, expected: &str, spellings: &[(Tool, &str)]) {
    for (tool, text) in spellings {
        assert_eq!(code(microarch, *tool, text), expected, "{microarch} {tool} {text}");
    }
}

#[test]
fn cycles_of_ivy_bridge_have_many_names() {
    let names = [
        (PERF, "cpu-cycles"),
        (PERF, "cycles"),
        (PERF, "cycles:u"),
        (PERF, "r003c"),
        (PERF, "r53003c"),
        (PERF, "cpu/event=0x3c,umask=0x00/"),
        (PERF, "cpu/umask=0,event=0x3c,name=x,period=1000/k"),
        (PERF, "cpu/config=0x3c/"),
        (PERF, "cpu/cpu-cycles/"),
        (PERF, "cpu/event=cpu-cycles,percore/"),
        (PERF, "cpu/r3c/"),
        (PERF, "cycles [cpu]"),
        (PERF, "CPU_CLK_UNHALTED.THREAD_P"),
        (PERF, "cpu_clk_unhalted.thread"),
        (OPROFILE, "CPU_CLK_UNHALTED"),
        (OPROFILE, "CPU_CLK_UNHALTED:100000:0:1:1"),
        (OPROFILE, "CPU_CLK_UNHALTED:0x00:1:1"),
        (PAPI, "PAPI_TOT_CYC"),
        (PAPI, "perf::CYCLES"),
        (PFM, "CPU_CLK_UNHALTED:THREAD_P"),
        (PFM, "ivb::unhalted_core_cycles"),
        (PFM, "ix86arch::UNHALTED_CORE_CYCLES"),
    ];
    all_mean("ivybridge", "cpu/0x3c/", &names);
}

#[test]
fn papi_cycles_of_power9_are_run_latch_cycles() {
    all_mean(
        "power9",
        "cpu/0x1e/",
        &[(PERF, "cycles"), (PERF, "r1001e"), (PERF, "PM_CYC"), (OPROFILE, "CYCLES"), (PERF, "r100f0")],
    );
    all_mean("power9", "cpu/0x600f4/", &[(PAPI, "PAPI_TOT_CYC"), (PERF, "r200f4"), (PFM, "PM_RUN_CYC")]);
    assert_eq!(relation("power9", (PERF, "cycles"), (PAPI, "PAPI_TOT_CYC")), Relation::Related);
    assert_eq!(relation("power8", (PERF, "cycles"), (PAPI, "PAPI_TOT_CYC")), Relation::Related);
    for microarch in ["power8", "power9"] {
        assert_ne!(relation(microarch, (PERF, "branches"), (PAPI, "PAPI_BR_INS")), Relation::Same);
    }
}

#[test]
fn power10_has_two_events_called_pm_cyc() {
    all_mean("power10", "cpu/0x600f4/", &[(PERF, "cycles"), (PERF, "cpu/PM_CYC/"), (PERF, "r1e")]);
    all_mean("power10", "cpu/0x100f0/", &[(PERF, "PM_CYC"), (PFM, "PM_CYC")]);
}

#[test]
fn the_counter_digit_of_power_is_meaning_for_all_but_two_events() {
    assert_eq!(relation("power9", (PERF, "r2c04e"), (PERF, "r3c04e")), Relation::Different);
    assert_eq!(relation("power9", (PERF, "r20002"), (PERF, "instructions")), Relation::Same);
}

#[test]
fn grouped_numbers_of_old_power_are_no_codes() {
    assert_eq!(code("power7", OPROFILE, "PM_RUN_CYC_GRP1"), code("power7", PFM, "PM_RUN_CYC"));
    // operf asks libpfm for PM_CYC, and sets the lowest bit for an edge.
    assert_eq!(code("power7", PFM, "PM_CYC"), "cpu/0x1e/");
    assert_eq!(code("power7", OPROFILE, "CYCLES"), "cpu/0x1e/");
    assert_eq!(code("power7", OPROFILE, "PM_NO_SUCH_EVENT_GRP1"), "unresolved");
    assert_eq!(code("power7", OPROFILE, "PM_GCT_NOSLOT_CYC_EDGE_COUNT_GRP264"), "cpu/0x100f9/");
    assert_ne!(code("power7", OPROFILE, "PM_RUN_CYC_GRP1"), code("power7", PERF, "r11"));
}

#[test]
fn unhalted_reference_cycles_is_two_events() {
    assert_eq!(code("ivybridge", PFM, "UNHALTED_REFERENCE_CYCLES"), "cpu/0x300/");
    assert_eq!(code("ivybridge", PFM, "ix86arch::UNHALTED_REFERENCE_CYCLES"), "cpu/0x13c/");
    assert_eq!(code("ivybridge", OPROFILE, "UNHALTED_REFERENCE_CYCLES"), "cpu/0x13c/");
    let both = ((PFM, "UNHALTED_REFERENCE_CYCLES"), (OPROFILE, "UNHALTED_REFERENCE_CYCLES"));
    assert_eq!(relation("ivybridge", both.0, both.1), Relation::Different);
}

#[test]
fn oprofile_of_skylake_programs_other_codes_than_its_names_say() {
    assert_eq!(code("skylake", OPROFILE, "cpu_clk_unhalted:ref_tsc"), "cpu/0x13c/");
    assert_eq!(code("skylake", PERF, "CPU_CLK_UNHALTED.REF_TSC"), "cpu/0x300/");
    assert_eq!(code("skylake", OPROFILE, "cpu_clk_unhalted:thread_any"), "cpu/0x20023c/");
    assert_eq!(code("skylake", PERF, "CPU_CLK_UNHALTED.THREAD_ANY"), "cpu/0x20003c/");
    assert!(catalog::conflicts().any(|row| row.microarch == "skylake" && row.name_b == "cpu_clk_unhalted:ref_tsc"));
}

#[test]
fn case_tells_two_events_of_oprofile_apart() {
    assert_eq!(code("ivybridge", OPROFILE, "BR_INST_RETIRED"), "cpu/0xc4/");
    assert_eq!(code("ivybridge", OPROFILE, "br_inst_retired"), "cpu/0x1c4/");
    assert_eq!(code("ivybridge", OPROFILE, "Br_Inst_Retired"), "unresolved");
}

#[test]
fn perf_overrides_what_the_vendor_says() {
    assert_eq!(code("silvermont", PERF, "CPU_CLK_UNHALTED.REF"), "cpu/0x300/");
    assert_eq!(code("nehalem-ep", PERF, "INST_RETIRED.ANY_P"), "cpu/0xc0/");
    assert_eq!(code("nehalem-ep", OPROFILE, "INST_RETIRED:0x01"), "cpu/0x1c0/");
    assert_eq!(relation("nehalem-ep", (PERF, "INST_RETIRED.ANY_P"), (OPROFILE, "INST_RETIRED:0x01")), Relation::Related);
}

#[test]
fn all_branches_depend_on_the_table() {
    assert_eq!(code("nehalem-ep", PERF, "BR_INST_RETIRED.ALL_BRANCHES"), "cpu/0x4c4/");
    assert_eq!(code("sandybridge", PERF, "BR_INST_RETIRED.ALL_BRANCHES"), "cpu/0xc4/");
    assert_eq!(code("sandybridge", PFM, "BR_INST_RETIRED:ALL_BRANCHES"), "cpu/0x4c4/");
    let both = ((PERF, "BR_INST_RETIRED.ALL_BRANCHES"), (PFM, "BR_INST_RETIRED:ALL_BRANCHES"));
    assert_eq!(relation("sandybridge", both.0, both.1), Relation::Related);
}

#[test]
fn cache_misses_are_of_another_level_on_every_maker() {
    for (microarch, misses) in
        [("ivybridge", "cpu/0x412e/"), ("fam10h", "cpu/0x77e/"), ("zen2", "cpu/0x964/"), ("cortex-a53", "armv8_pmuv3/0x3/")]
    {
        assert_eq!(code(microarch, PERF, "cache-misses"), misses);
    }
    let (intel, amd) = (machine("ivybridge"), machine("zen2"));
    assert_eq!(compared([&intel, &amd], (PERF, "cache-misses"), (PERF, "cache-misses")).relation, Relation::Different);
}

#[test]
fn offcore_events_are_told_apart_by_their_register() {
    let resolution = resolved(&machine("ivybridge"), PERF, "LLC-load-misses");
    assert!(resolution.event().unwrap().to_string().starts_with("cpu/0x1b7,config1="));
    assert_eq!(relation("ivybridge", (PERF, "cache-misses"), (PERF, "LLC-load-misses")), Relation::Different);
    assert_ne!(relation("ivybridge", (PERF, "LLC-loads"), (PERF, "LLC-load-misses")), Relation::Same);
    assert_ne!(relation("ivybridge", (PERF, "r1b7"), (PERF, "LLC-load-misses")), Relation::Same);
    // The kernel takes whichever register is free (`intel_alt_er`), where it knows two.
    for (microarch, names) in [
        ("skylake", ["OFFCORE_RESPONSE_0:ANY_REQUEST", "OFFCORE_RESPONSE_1:ANY_REQUEST"]),
        ("goldmont", ["OFFCORE_RESPONSE_0:ANY_REQUEST", "OFFCORE_RESPONSE_1:ANY_REQUEST"]),
    ] {
        assert_eq!(relation(microarch, (PFM, names[0]), (PFM, names[1])), Relation::Same, "{microarch}");
    }
    let (first, second) = ((PERF, "cpu/event=0xb7,umask=1,config1=0x1/"), (PERF, "cpu/event=0xbb,umask=1,config1=0x1/"));
    assert_eq!(relation("westmere-ep", first, second), Relation::Same);
    assert_eq!(relation("nehalem-ep", first, second), Relation::Different);
    assert_eq!(relation("westmere-ep", (PERF, "r1b7"), (PERF, "r1bb")), Relation::Different);
    // Requests and responses together are encoded by rules that no table here has.
    assert_eq!(code("ivybridge", PFM, "OFFCORE_RESPONSE_0:DMND_DATA_RD:LLC_MISS_LOCAL"), "unresolved");
}

#[test]
fn data_tlb_load_misses_have_a_code_of_each_generation() {
    for (microarch, misses) in
        [("sandybridge", "cpu/0x108/"), ("ivybridge", "cpu/0x8108/"), ("haswell", "cpu/0x108/"), ("skylake", "cpu/0xe08/")]
    {
        assert_eq!(code(microarch, PERF, "dTLB-load-misses"), misses, "{microarch}");
    }
}

#[test]
fn what_is_added_to_event_and_mask_is_meaning() {
    assert_eq!(relation("ivybridge", (PERF, "r010e"), (PERF, "cpu/event=0xe,umask=1,cmask=1,inv/")), Relation::Different);
    assert_eq!(code("ivybridge", OPROFILE, "uops_issued:2000003:stall_cycles"), "cpu/0x180010e/");
    assert_eq!(code("ivybridge", OPROFILE, "uops_issued:2000003:25165825"), "cpu/0x180010e/");
    assert_eq!(code("ivybridge", OPROFILE, "uops_issued"), "cpu/0x10e/");
    assert_eq!(code("ivybridge", PFM, "UOPS_ISSUED:ANY:c=1:i=1"), "cpu/0x180010e/");
    assert_eq!(code("skylake", OPROFILE, "cpu_clk_unhalted:100000:0x00"), "cpu/0x3c/");
    // What a named mask adds comes with its name: operf programs `(evt_um & 0xFF) << 8` for a number.
    assert_eq!(code("ivybridge", OPROFILE, "uops_issued:0x1"), "cpu/0x10e/");
    assert_eq!(code("ivybridge", OPROFILE, "cycle_activity:2000000:0x8"), "cpu/0x8a3/");
    assert_eq!(code("ivybridge", OPROFILE, "cycle_activity:2000000:cycles_l1d_pending"), "cpu/0x80008a3/");
    assert_eq!(code("ivybridge", OPROFILE, "l2_rqsts:0x77"), "unresolved");
}

#[test]
fn a_number_that_is_no_event_is_left_alone() {
    // 0x18000a0 holds a counter mask; without it the event would be RS_UOPS_DISPATCHED.
    assert_eq!(code("core2", OPROFILE, "RS_UOPS_DISPATCHED_NONE"), "unresolved");
    assert_eq!(code("bonnell", OPROFILE, "L2_LINES_IN:0x180"), "unresolved");
    assert_eq!(code("p4", PERF, "r3c"), "unresolved");
    assert_eq!(code("p4", PERF, "cpu/event=0x3c/"), "unresolved");
}

#[test]
fn amd_has_event_bits_above_the_mask() {
    all_mean("fam10h", "cpu/0x1000000cf/", &[(PERF, "cpu/event=0x1cf/"), (PERF, "r1000000cf")]);
    assert_eq!(relation("fam10h", (PERF, "r1000000cf"), (PERF, "rcf")), Relation::Different);
}

#[test]
fn what_depends_on_the_kernel_needs_the_kernel() {
    let code = |microarch: &str, kernel: Option<&str>, text: &str| {
        let found = catalog::resolve(&Spelling::read(PERF, text), Some(&machine(microarch)), kernel);
        found.event().map_or_else(|| found.status.as_str().to_owned(), ToString::to_string)
    };
    for (microarch, kernel, text, expected) in [
        ("zen2", Some("6.1.0-13-amd64"), "stalled-cycles-frontend", "cpu/0x287/"),
        ("zen2", Some("6.12.1"), "stalled-cycles-frontend", "cpu/0xa9/"),
        ("zen2", None, "stalled-cycles-frontend", "ambiguous"),
        ("zen2", Some("5.10.0"), "stalled-cycles-frontend", "ambiguous"),
        ("zen2", Some("6.12.1"), "stalled-cycles-backend", "unresolved"),
        ("zen4", Some("6.1"), "ref-cycles", "unresolved"),
        ("zen4", Some("6.12"), "ref-cycles", "cpu/0x100000120/"),
        // Before Linux 5.2 family 17h had the events of family 10h.
        ("zen1", Some("4.18.0-80.el8.x86_64"), "cache-misses", "ambiguous"),
        ("zen1", Some("4.18.0-80.el8.x86_64"), "cycles", "cpu/0x76/"),
        ("zen1", Some("5.10.0"), "cache-misses", "cpu/0x964/"),
        ("cortex-a53", Some("6.1.0"), "branches", "armv8_pmuv3/0xc/"),
        ("cortex-a53", Some("6.12.0"), "branches", "ambiguous"),
        ("sapphirerapids", Some("6.1.0"), "ref-cycles", "cpu/0x300/"),
        ("sapphirerapids", None, "ref-cycles", "ambiguous"),
        ("ivybridge", None, "ref-cycles", "cpu/0x300/"),
        ("haswell", None, "stalled-cycles-frontend", "unresolved"),
        ("ivybridge", None, "stalled-cycles-frontend", "cpu/0x180010e/"),
        ("ivybridge", None, "stalled-cycles-backend", "unresolved"),
    ] {
        assert_eq!(code(microarch, kernel, text), expected, "{microarch} {kernel:?} {text}");
    }
    assert_eq!(relation("cortex-a53", (PERF, "branches"), (PERF, "r0c")), Relation::Unknown);
}

#[test]
fn presets_are_by_code_and_derived_ones_stay_apart() {
    assert_eq!(relation("ivybridge", (PERF, "branch-misses"), (PAPI, "PAPI_BR_MSP")), Relation::Same);
    assert_ne!(relation("haswell", (PERF, "branch-misses"), (PAPI, "PAPI_BR_MSP")), Relation::Same);
    let resolution = resolved(&machine("ivybridge"), PAPI, "PAPI_BR_TKN");
    assert_eq!(resolution.formula.unwrap().to_string(), "derived_sub(BR_INST_RETIRED:COND, BR_INST_RETIRED:NOT_TAKEN)");
    assert_eq!(relation("ivybridge", (PAPI, "PAPI_BR_TKN"), (PERF, "branches")), Relation::Derived);
}

#[test]
fn a_preset_that_is_defined_twice_is_ambiguous() {
    let resolution = resolved(&machine("neoverse-n1"), PAPI, "PAPI_BR_INS");
    assert_eq!(resolution.status, Status::Ambiguous);
    assert_eq!(resolution.candidates[0].event.config(), Some(0x12), "the later line comes first");
    assert_eq!(relation("neoverse-n1", (PAPI, "PAPI_BR_INS"), (PERF, "r21")), Relation::Unknown);
}

#[test]
fn kinds_of_core_are_two_pmus() {
    assert_eq!(code("adl-core", PERF, "cycles"), "cpu_core/0x3c/");
    assert_eq!(code("alderlake", PERF, "cpu_atom/cycles/"), "cpu_atom/0x3c/");
    assert_eq!(code("alderlake", PERF, "cycles"), "ambiguous");
    assert_eq!(code("alderlake", PERF, "r3c"), "ambiguous");
    assert_eq!(relation("alderlake", (PERF, "cpu_core/cycles/"), (PERF, "cpu_atom/cycles/")), Relation::Related);
    assert_eq!(relation("alderlake", (PERF, "cycles"), (PERF, "cycles")), Relation::Unknown);
    assert_eq!(relation("alderlake", (PERF, "cpu_core/cycles/"), (PERF, "cycles")), Relation::Unknown);
}

#[test]
fn every_pmu_name_of_an_arm_core_is_its_pmu() {
    let names = [
        (PERF, "armv8_pmuv3/event=0x11/"),
        (PERF, "armv8_pmuv3_0/cpu_cycles/"),
        (PERF, "armv8_cortex_a57/cycles/u"),
        (PERF, "r11"),
        (PERF, "cycles"),
        (OPROFILE, "CPU_CYCLES"),
        (PAPI, "PAPI_TOT_CYC"),
        (PFM, "arm_ac57::CPU_CYCLES"),
    ];
    all_mean("cortex-a57", "armv8_pmuv3/0x11/", &names);
    assert_eq!(code("cortex-a57", PERF, "armv8_cortex_a53/cycles/"), "unresolved");
}

#[test]
fn user_mode_of_s390_has_counters_of_its_own() {
    assert_eq!(code("z13", PERF, "cpum_cf/cycles/u"), "cpum_cf/0x20/");
    assert_eq!(code("z13", PERF, "cpum_cf/cycles/"), "cpum_cf/0x0/");
    assert_eq!(code("z13", PERF, "cycles"), "cpum_cf/0x0/");
    assert_eq!(code("z13", PERF, "cycles:u"), "cpum_cf/0x20/");
    assert_eq!(relation("z13", (PERF, "cycles:u"), (PERF, "cycles")), Relation::Subset);
    assert_eq!(relation("z13", (PERF, "instructions:u"), (PERF, "PROBLEM_STATE_INSTRUCTIONS")), Relation::Same);
}

#[test]
fn an_index_of_risc_v_firmware_is_no_code() {
    assert_eq!(code("u74", PERF, "cycles"), "sbi/0x1/");
    assert_eq!(relation("u74", (PERF, "cycles"), (PERF, "r1")), Relation::Different);
}

#[test]
fn equal_names_of_two_tools_conclude_nothing() {
    assert_eq!(code("ivybridge", PERF, "UNHALTED_CORE_CYCLES"), "unresolved");
    assert_eq!(code("ivybridge", PERF, "PAPI_TOT_CYC"), "unresolved");
    assert_eq!(code("ivybridge", OPROFILE, "cycles"), "unresolved");
    assert_eq!(relation("ivybridge", (PERF, "made_up"), (PERF, "made_up")), Relation::Unknown);
}

#[test]
fn a_colon_is_a_modifier_a_mask_or_a_tracepoint() {
    assert_eq!(code("ivybridge", PERF, "sched:sched_switch"), "tracepoint/sched:sched_switch/");
    assert_eq!(code("ivybridge", PERF, "BR_INST_RETIRED:COND"), "cpu/0x1c4/");
    assert_eq!(code("ivybridge", PERF, "branches:k"), "cpu/0xc4/");
    assert_eq!(code("ivybridge", PERF, "9p:9p_client_req"), "tracepoint/9p:9p_client_req/");
    assert_eq!(code("ivybridge", PERF, "1:2"), "unresolved");
    assert_eq!(code("ivybridge", PERF, "insn per cycle"), "unresolved");
}

#[test]
fn names_of_the_kernel_need_no_microarchitecture() {
    let code = |text: &str| {
        let found = catalog::resolve(&Spelling::read(PERF, text), None, None);
        found.event().map_or_else(|| found.reason.clone(), ToString::to_string)
    };
    assert_eq!((code("faults"), code("page-faults:u")), ("software/0x2/".to_owned(), "software/0x2/".to_owned()));
    assert_ne!(code("task-clock"), code("cpu-clock"));
    assert_eq!(code("duration_time"), "tool/duration_time/");
    assert_eq!(code("cycles"), "the microarchitecture is unknown");
}

#[test]
fn one_event_is_comparable_only_like_with_like() {
    let ivy = machine("ivybridge");
    for (a, b, relation, comparable) in [
        ((PAPI, "PAPI_TOT_CYC"), (PERF, "cycles:u"), Relation::Same, true),
        ((PAPI, "PAPI_TOT_CYC"), (PERF, "cycles"), Relation::Same, false),
        ((PERF, "cycles"), (OPROFILE, "CPU_CLK_UNHALTED:100000:0:1:1"), Relation::Same, true),
        ((PERF, "cycles"), (OPROFILE, "CPU_CLK_UNHALTED:100000:0:0:1"), Relation::Same, false),
        ((PERF, "instructions:p"), (PERF, "instructions"), Relation::Same, false),
        ((PERF, "cycles:pp"), (PERF, "cycles"), Relation::Related, false),
        ((PERF, "cycles:G"), (PERF, "cycles"), Relation::Same, false),
        ((PERF, "cycles"), (PERF, "instructions"), Relation::Different, false),
    ] {
        let found = compared([&ivy, &ivy], a, b);
        assert_eq!((found.relation, found.comparable), (relation, comparable), "{a:?} {b:?}: {}", found.why);
    }
    // `pebs_aliases` of the kernel is NULL there.
    let goldmont = machine("goldmont");
    let found = compared([&goldmont, &goldmont], (PERF, "cycles:pp"), (PERF, "cycles"));
    assert_eq!((found.relation, found.comparable), (Relation::Same, false), "{}", found.why);
    // 32-bit ARM cannot leave the kernel out.
    let old = machine("cortex-a9");
    let scope = resolved(&old, PAPI, "PAPI_TOT_CYC").scope;
    assert!(scope.user && scope.kernel);
}

#[test]
fn two_microarchitectures_share_classes_and_never_events() {
    let (intel, amd, power) = (machine("ivybridge"), machine("zen2"), machine("power9"));
    for (machines, a, b, relation, comparable) in [
        ([&intel, &amd], "cycles", "cycles", Relation::Class, true),
        ([&intel, &amd], "cycles:u", "cycles", Relation::Class, false),
        ([&intel, &amd], "cycles", "instructions", Relation::Different, false),
        ([&intel, &power], "branches", "branches", Relation::Class, false),
        ([&intel, &amd], "page-faults", "faults", Relation::Class, true),
        ([&intel, &power], "cache-misses", "cache-misses", Relation::Different, false),
    ] {
        let found = compared(machines, (PERF, a), (PERF, b));
        assert_eq!((found.relation, found.comparable), (relation, comparable), "{a} {b}: {}", found.why);
    }
}

#[test]
fn names_that_are_known_to_conflict_have_the_codes_of_the_list_and_are_never_the_same() {
    let tool = |table: &str| match table {
        "perf-json" => PERF,
        "oprofile" => OPROFILE,
        _ => PFM,
    };
    let mut wrong = Vec::new();
    for row in catalog::conflicts() {
        let machine = machine(row.microarch);
        let (a, b) = ((tool(row.tool_a), row.name_a), (tool(row.tool_b), row.name_b));
        let config = |(tool, name)| {
            let resolution = resolved(&machine, tool, name);
            resolution.event().and_then(Event::config).map_or(resolution.reason, |config| format!("{config:#x}"))
        };
        if compared([&machine, &machine], a, b).relation == Relation::Same
            || config(a) != row.config_a
            || config(b) != row.config_b
        {
            wrong.push(format!("{row:?}: {} {}", config(a), config(b)));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
