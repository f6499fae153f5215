//! Codes of spellings that only one tool writes, as its own source or its own encoder has them.

use prc_etl::catalog::{Relation, Tool};

use super::traps::{all_mean, code, relation};
use super::{machine, resolved};

const PERF: Tool = Tool::Perf;
const OPROFILE: Tool = Tool::Oprofile;
const PFM: Tool = Tool::Libpfm4;

/// Codes as libpfm 4.13 prints them for the same texts.
#[test]
fn words_and_numbers_behind_an_event_of_libpfm4_are_what_it_encodes() {
    for (microarch, text, expected) in [
        ("ivybridge", "ivb::L2_RQSTS:0x24", "cpu/0x2424/"),
        ("ivybridge", "ivb::L2_RQSTS:0x24:c=1", "cpu/0x1002424/"),
        ("ivybridge", "ivb::CYCLE_ACTIVITY:0x8", "cpu/0x8a3/"),
        ("ivybridge", "ivb::UNHALTED_CORE_CYCLES:0x1", "cpu/0x13c/"),
        ("ivybridge", "ivb::LLC_REFERENCES:0x1", "cpu/0x4f2e/"),
        ("ivybridge", "ivb::OFFCORE_RESPONSE_0:0x10001", "cpu/0x1b7,config1=0x10001/"),
        ("ivybridge", "ivb::MEM_TRANS_RETIRED:0x1", "cpu/0x1cd/"),
        ("ivybridge", "ivb::MEM_TRANS_RETIRED:LATENCY_ABOVE_THRESHOLD", "cpu/0x1cd,config1=0x3/"),
        ("ivybridge", "ivb::MEM_TRANS_RETIRED:LATENCY_ABOVE_THRESHOLD:ldlat=30", "cpu/0x1cd,config1=0x1e/"),
        ("skylake", "skl::FRONTEND_RETIRED:0x6", "cpu/0x1c6,config1=0x6/"),
        ("skylake", "skl::FRONTEND_RETIRED:IDQ_4_BUBBLES:fe_thres=20", "cpu/0x1c6,config1=0x401406/"),
        ("skylake", "skl::L2_RQSTS:ALL_CODE_RD:intx:intxcp", "cpu/0x30000e424/"),
        ("skylake", "skl::INST_RETIRED:INTX", "cpu/0x1000000c0/"),
        ("skylake", "skl::INST_RETIRED:intx=0", "cpu/0xc0/"),
        ("zen2", "amd64_fam17h_zen2::LS_DISPATCH:0x3", "cpu/0x329/"),
        ("fam10h", "amd64_fam10h_barcelona::L3_CACHE_MISSES:0x7", "cpu/0x4000007e1/"),
        ("ivybridge", "ivb::L2_RQSTS:ALL_CODE_RD:U", "cpu/0x3024/"),
        ("ivybridge", "ivb::L2_RQSTS:ALL_CODE_RD:T", "cpu/0x203024/"),
        ("ivybridge", "ivb::L2_RQSTS:ALL_CODE_RD:I=1", "cpu/0x803024/"),
        ("broadwell", "bdw::L2_LINES_IN:E", "cpu/0x4f1/"),
        ("broadwell", "bdw::L2_LINES_IN:e", "cpu/0x4f1/"),
        ("ivybridge", "perf_raw::r003c", "cpu/0x3c/"),
        // What it refuses.
        ("zen4", "amd64_fam19h_zen4::RETIRED_UCODE_INSTRUCTIONS:T", "unresolved"),
        ("ivybridge", "ivb::L2_RQSTS:36", "unresolved"),
        ("ivybridge", "ivb::L2_RQSTS:0x100", "unresolved"),
        ("ivybridge", "ivb::L2_RQSTS:ALL_CODE_RD:0x3", "unresolved"),
        ("ivybridge", "ivb::L2_RQSTS:ALL_CODE_RD:intx", "unresolved"),
        ("ivybridge", "ivb::OFFCORE_RESPONSE_0:0x7fffffffff", "unresolved"),
        ("ivybridge", "ivb::MEM_TRANS_RETIRED:PRECISE_STORE:ldlat=30", "unresolved"),
        ("ivybridge", "ivb::MEM_TRANS_RETIRED:LATENCY_ABOVE_THRESHOLD:ldlat=65536", "unresolved"),
        ("skylake", "skl::FRONTEND_RETIRED:0x106", "unresolved"),
        ("skylake", "skl::FRONTEND_RETIRED:IDQ_2_BUBBLES:fe_thres=5000", "unresolved"),
        ("icelake", "icl::FRONTEND_RETIRED:LATENCY_GE_1:fe_thres=20", "unresolved"),
        ("ivybridge", "perf_raw::r3c:c=1", "unresolved"),
        ("ivybridge", "perf_raw::3c", "unresolved"),
    ] {
        assert_eq!(code(microarch, PFM, text), expected, "{text}");
    }
    let scope = resolved(&machine("ivybridge"), PFM, "ivb::L2_RQSTS:ALL_CODE_RD:U").scope;
    assert!(scope.user && !scope.kernel);
}

#[test]
fn oprofile_loses_the_upper_bits_of_an_amd_event() {
    // operf: `config = (base_code & 0xF00) << 32`, of which AMD64_RAW_EVENT_MASK keeps nothing.
    all_mean("fam10h", "cpu/0xcf/", &[(OPROFILE, "IBS_OPS_TAGGED"), (PERF, "rcf")]);
    assert_eq!(code("fam10h", OPROFILE, "L3_CACHE_MISSES"), "cpu/0xf7e1/");
    assert_eq!(code("fam10h", OPROFILE, "L3_CACHE_MISSES:500000:0x10"), "cpu/0x10e1/");
    let both = ((OPROFILE, "L3_CACHE_MISSES"), (PERF, "cpu/event=0x4e1,umask=0xf7/"));
    assert_eq!(relation("fam10h", both.0, both.1), Relation::Different);
}

#[test]
fn a_breakpoint_is_its_address_length_and_access() {
    // perf: bp_type 3 and length 4 unless told otherwise, sizeof(long) for executed code.
    let names =
        ["mem:0x1000", "mem:0x1000:rw", "mem:4096:wr", "mem:0x1000/4", "mem:0x1000/4:rw", "mem:0x1000:rw:u", "mem:0x1000:k"];
    all_mean("ivybridge", "breakpoint/mem:0x1000:rw/", &names.map(|name| (PERF, name)));
    for (name, expected) in [
        ("mem:0x1000:w", "breakpoint/mem:0x1000:w/"),
        ("mem:0x1000/8:rw", "breakpoint/mem:0x1000/8:rw/"),
        ("mem:0x1000:x", "breakpoint/mem:0x1000:x/"),
        ("mem:0x1000/4:x", "breakpoint/mem:0x1000/4:x/"),
    ] {
        assert_eq!(code("ivybridge", PERF, name), expected, "{name}");
    }
    let scope = resolved(&machine("ivybridge"), PERF, "mem:0x1000:rw:u").scope;
    assert!(scope.user && !scope.kernel);
}

#[test]
fn the_kernels_names_of_pmus_are_known() {
    // Linux, drivers/perf/arm_v7_pmu.c, `armv7_cortex_a7`.
    for name in ["armv7_cortex_a7/event=0x11/", "armv7_cortex_a7/config=0x11/u", "r11"] {
        assert_eq!(code("cortex-a7", PERF, name), "armv7_pmu/0x11/", "{name}");
    }
    assert_eq!(code("cortex-a7", PERF, "armv7_cortex_a15/event=0x11/"), "unresolved");
    assert_eq!(code("u74", PERF, "cpu/cycles/"), code("u74", PERF, "cycles"));
    // arch/x86/events/intel/core.c, `hybrid_tiny`: of Arrow Lake H alone.
    assert_eq!(code("arl-h", PERF, "cpu_lowpower/event=0x3c/"), "cpu_lowpower/0x3c/");
    assert_eq!(code("arrowlake", PERF, "cpu_lowpower/event=0x3c/"), "unresolved");
    assert_eq!(code("meteorlake", PERF, "cpu_lowpower/event=0x3c/"), "unresolved");
}

#[test]
fn numbers_of_generic_events_are_the_kernels() {
    // enum perf_hw_id; enum perf_hw_cache_id | op << 8 | result << 16.
    assert_eq!(code("ivybridge", PERF, "cpu/legacy-hardware-config=0/"), "cpu/0x3c/");
    assert_eq!(code("ivybridge", PERF, "cpu/legacy-hardware-config=0x5/u"), "cpu/0xc5/");
    assert_eq!(code("ivybridge", PERF, "cpu/legacy-cache-config=0x10000/"), code("ivybridge", PERF, "L1-dcache-load-misses"));
    assert_eq!(code("ivybridge", PERF, "cpu/legacy-cache-config=0x103/"), code("ivybridge", PERF, "dTLB-stores"));
    assert_eq!(code("ivybridge", PERF, "cpu/legacy-hardware-config=77/"), "unresolved");
}
