//! The tools' own tables of names as users have them: of OProfile, PAPI and libpfm4.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::Db;
use support::names::{event, json, refused, tree};

const OPROFILE: &[(&str, &str)] = &[
    (
        "i386/arch_perfmon/events",
        "# of every CPU\nevent:0x3c counters:cpuid um:zero filter:0 minimum:6000 name:CPU_CLK_UNHALTED : Clock cycles: not halted\n",
    ),
    ("i386/arch_perfmon/unit_masks", "name:zero type:mandatory default:0x0\n\t0x0 No unit mask\n"),
    (
        "i386/ivybridge/events",
        "include:i386/arch_perfmon\n\
         event:0x0e counters:0,1,2,3 um:uops_issued minimum:2000000 name:uops_issued : Uops\n\
         event:0xa3 counters:2 um:cycle_activity minimum:2000000 name:cycle_activity : Cycles\n\
         event:0x3d counters:2 um:zero minimum:2000000 name:cycle_activity : a second one\n",
    ),
    (
        "i386/ivybridge/unit_masks",
        "include:i386/arch_perfmon\n\
         name:uops_issued type:exclusive default:any\n\
         \t0x1 extra: any Uops issued\n\
         \t0x1 extra:cmask=1,inv stall_cycles Cycles without one\n\
         \t0x10 extra: flags_merge Flags\n\
         name:cycle_activity type:exclusive default:0x1\n\
         \t0x1 extra:cmask=1 cycles_l2_pending Cycles\n\
         \t0xc extra:cmask=c stalls_l1d_pending Stalls\n",
    ),
];

fn import(db: &Db, format: &str, path: &Path, microarch: &str) -> Value {
    json(db, &["events", "import", format, path.to_str().unwrap(), "--microarch", microarch])
}

/// Codes by the bits of x86 (event 0-7, unit mask 8-15, inverted 23, counter mask 24-31) and by `OProfile`'s rules: a number adds no more
/// than itself, whatever masks have it, counter masks are hexadecimal.
#[test]
fn oprofiles_tables_give_each_name_the_code_that_oprofile_programs() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), OPROFILE);
    let db = Db::sqlite();
    let done = import(&db, "oprofile", folder.path(), "IVB");
    let left_out = serde_json::json!(["1: a second entry of a name, of which OProfile takes the first"]);
    assert_eq!((&done["names"], &done["left_out"]), (&12.into(), &left_out));
    for (name, code) in [
        ("CPU_CLK_UNHALTED", "cpu/0x3c/"),
        ("CPU_CLK_UNHALTED:100000:0:1:1", "cpu/0x3c/"),
        ("uops_issued", "cpu/0x10e/"),
        ("uops_issued:2000000:stall_cycles", "cpu/0x180010e/"),
        ("uops_issued:0x1", "cpu/0x10e/"),
        ("uops_issued:0x10", "cpu/0x100e/"),
        ("cycle_activity", "cpu/0x1a3/"),
        ("cycle_activity:0x1", "cpu/0x1a3/"),
        ("cycle_activity:cycles_l2_pending", "cpu/0x10001a3/"),
        ("cycle_activity:0xc", "cpu/0xca3/"),
        ("cycle_activity:stalls_l1d_pending", "cpu/0xc000ca3/"),
    ] {
        assert_eq!(event(&db, "IVB", "oprofile", name, "6.1"), (code.to_owned(), "imported table".to_owned()), "{name}");
    }
    // The folder of one type finds what it includes beside it.
    let again = import(&db, "oprofile", &folder.path().join("i386/ivybridge"), "IVB");
    assert_eq!(again["names"], 12);
}

#[test]
fn a_broken_table_of_oprofile_names_its_line_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), OPROFILE);
    let db = Db::sqlite();
    db.open();
    let with = |file: &str, text: &str| {
        let path = folder.path().join(file);
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{whole}{text}")).unwrap();
        let words = ["events", "import", "oprofile", folder.path().to_str().unwrap(), "--microarch", "IVB"];
        let error = refused(&db, &words);
        fs::write(&path, whole).unwrap();
        error
    };
    for (file, text, told) in [
        ("i386/ivybridge/events", "event:0x1 um:none name:A\n", "i386/ivybridge/events:5: no file has the unit masks 'none'"),
        ("i386/ivybridge/events", "event:zz um:zero name:A\n", "events:5: 'zz' is no number"),
        ("i386/ivybridge/events", "event:0x1 um:zero\n", "events:5: an event without 'name:'"),
        ("i386/ivybridge/unit_masks", "\tzz extra: a b\n", "unit_masks:9: 'zz extra: a b' is no unit mask"),
        ("i386/ivybridge/events", "include:i386/none\n", "cannot read"),
    ] {
        let error = with(file, text);
        assert!(error.contains(told), "{text}: {error}");
    }
    let grouped = ["events", "import", "oprofile", folder.path().to_str().unwrap(), "--microarch", "power7"];
    assert!(refused(&db, &grouped).contains("codes of groups"));
    assert_eq!(db.number("SELECT COUNT(*) FROM name_sets"), 0);
}

const PRESETS: &str = "#\nCPU,snb\nCPU,ivb\n#\n\
    PRESET,PAPI_TOT_CYC,NOT_DERIVED,CPU_CLK_UNHALTED:THREAD_P\n\
    PRESET,PAPI_BR_INS,NOT_DERIVED,BR_INST_RETIRED:COND,NOTE,'not all, but these'\n\
    PRESET,PAPI_L1_TCM,DERIVED_ADD,L1D:REPLACEMENT,L2_RQSTS:ALL_CODE_RD\n\
    PRESET,PAPI_BR_MSP,DERIVED_POSTFIX,N0|N1|-|,BR_INST_RETIRED:ALL_BRANCHES,BR_INST_RETIRED:COND\n\
    PRESET,PAPI_L2_TCM,NOT_DERIVED,L2_RQSTS:ALL_CODE_RD\nPRESET,PAPI_L2_TCM,NOT_DERIVED,L1D:REPLACEMENT\n\
    PRESET,PAPI_L3_TCM,DERIVED_ADD,L1D:REPLACEMENT,L2_RQSTS:ALL_CODE_RD\n\
    PRESET,PAPI_L3_TCM,DERIVED_SUB,L1D:REPLACEMENT,L2_RQSTS:ALL_CODE_RD\n\
    PRESET,PAPI_BR_CN,NOT_DERIVED,BRANCHES:UNHEARD_OF\n\
    CPU,skl\n\
    PRESET,PAPI_TOT_CYC,NOT_DERIVED,BR_INST_RETIRED:COND\n";

/// Codes of Ivy Bridge as its tables in the binary have them: what is new is which of them a preset is.
#[test]
fn papis_presets_are_the_events_or_the_formulas_of_the_users_table() {
    let folder = tempfile::tempdir().unwrap();
    tree(folder.path(), &[("papi_events.csv", PRESETS), ("wrong.csv", "CPU,ivb\nPRESET,PAPI_X,DERIVED_MAGIC,A\n")]);
    let db = Db::sqlite();
    let done = import(&db, "papi", &folder.path().join("papi_events.csv"), "IVB");
    assert_eq!((&done["names"], &done["left_out"]), (&9.into(), &serde_json::json!([])));
    assert_eq!(event(&db, "IVB", "papi", "PAPI_TOT_CYC", "6.1"), ("cpu/0x3c/".to_owned(), "imported table".to_owned()));
    assert_eq!(event(&db, "IVB", "papi", "PAPI_BR_INS", "6.1").0, "cpu/0x1c4/");
    let same = |spelling: &str, preset: &str| {
        json(&db, &["events", "same", "--microarch", "IVB", "perf", spelling, "papi", preset])["relation"].clone()
    };
    assert_eq!(same("branches:u", "PAPI_BR_INS"), "different");
    // The table of the program has one event for it, that of the user a difference.
    assert_eq!(same("branch-misses:u", "PAPI_BR_MSP"), "derived");
    let explained = json(&db, &["events", "explain", "--microarch", "IVB", "--tool", "papi", "PAPI_BR_MSP"]);
    let formula = "derived_postfix N0|N1|-|(BR_INST_RETIRED:ALL_BRANCHES, BR_INST_RETIRED:COND)";
    assert!(explained.to_string().contains(formula), "{explained}");
    // What the table means by PAPI_BR_CN nobody knows; that the table of the program knows the name does not help.
    for (preset, status) in [("PAPI_BR_CN", "unresolved"), ("PAPI_L2_TCM", "ambiguous"), ("PAPI_L3_TCM", "unresolved")] {
        let found = json(&db, &["events", "explain", "--microarch", "IVB", "--tool", "papi", preset]);
        assert_eq!(found["status"], status, "{found}");
    }
    let wrong = folder.path().join("wrong.csv");
    let words = ["events", "import", "papi", wrong.to_str().unwrap(), "--microarch", "IVB"];
    assert!(refused(&db, &words).contains("wrong.csv:2: 'DERIVED_MAGIC' of 'PAPI_X' is no kind of preset"));
}

const SHOWEVTINFO: &str = "Supported PMU models:\n\t[51, perf, \"perf_events generic PMU\"]\nTotal events: 2 available, 2 supported\n\
    #-----------------------------\nIDX\t : 419430469\nPMU name : ivb (Intel Ivy Bridge)\nName     : NEW_EVENT\nEquiv\t : None\n\
    Flags    : None\nDesc     : something: new\nCode     : 0xc7\n\
    Umask-00 : 0x01 : PMU : [ONE] : None : first\nUmask-01 : 0x02 : PMU : [TWO] : [default] : second\n\
    Modif-00 : 0x00 : PMU : [k] : monitor at priv level 0 (boolean)\n\
    #-----------------------------\nIDX\t : 1\nPMU name : perf (perf_events generic PMU)\nName     : CYCLES\nCode     : 0x0\n";

/// The second and third forms print whole codes, with bits that the kernel sets itself (enable, interrupt, rings: 0x53....).
#[test]
fn libpfm4_tells_codes_in_three_forms() {
    let folder = tempfile::tempdir().unwrap();
    tree(
        folder.path(),
        &[
            ("long.txt", SHOWEVTINFO),
            ("encoded.txt", "0x5304c7,,ivb::NEW_EVENT:FOUR\n0x5301b7,0x10001,ivb::OFF:ALL\n0x1,,perf::CYCLES\n"),
            (
                "checked.txt",
                "Requested Event: NEW:EIGHT\nActual    Event: ivb::NEW_EVENT:EIGHT:k=1:u=1:e=0:i=0:c=0:t=0\n\
                 PMU            : Intel Ivy Bridge\nIDX            : 419430470\nCodes          : 0x5308c7\n",
            ),
            ("wrong.txt", "PMU name : ivb (x)\nName     : A\nCode     : none\n"),
        ],
    );
    let db = Db::sqlite();
    let done = import(&db, "libpfm", &folder.path().join("long.txt"), "IVB");
    let other = serde_json::json!(["1: an event of another PMU than the cores of this machine"]);
    assert_eq!((&done["names"], &done["left_out"]), (&3.into(), &other));
    assert_eq!(import(&db, "libpfm", &folder.path().join("encoded.txt"), "IVB")["names"], 2);
    assert_eq!(import(&db, "libpfm", &folder.path().join("checked.txt"), "IVB")["names"], 1);
    for (name, code) in [
        ("NEW_EVENT", "cpu/0x2c7/"),
        ("new_event:one", "cpu/0x1c7/"),
        ("ivb::NEW_EVENT:TWO:u=1", "cpu/0x2c7/"),
        ("NEW_EVENT:FOUR", "cpu/0x4c7/"),
        ("OFF:ALL", "cpu/0x1b7,config1=0x10001/"),
        ("NEW_EVENT:EIGHT", "cpu/0x8c7/"),
    ] {
        for tool in ["libpfm4", "papi"] {
            assert_eq!(event(&db, "IVB", tool, name, "6.1"), (code.to_owned(), "imported table".to_owned()), "{tool} {name}");
        }
    }
    let wrong = folder.path().join("wrong.txt");
    let words = ["events", "import", "libpfm", wrong.to_str().unwrap(), "--microarch", "IVB"];
    assert!(refused(&db, &words).contains("wrong.txt:3: Code 'none' is no number"));
}

/// What one kernel lists is evidence for the machine when no kernel is asked for; perf prints two names of an event on one line.
#[test]
fn the_text_of_perf_list_is_evidence_of_support() {
    let folder = tempfile::tempdir().unwrap();
    let list = "  cpu-cycles OR cycles                               [Hardware event]\n  \
                instructions                                       [Hardware event]\n";
    tree(folder.path(), &[("list.txt", list)]);
    let db = Db::sqlite();
    let path = folder.path().join("list.txt");
    json(&db, &["events", "import", "perf-list", path.to_str().unwrap(), "--microarch", "IVB", "--kernel", "6.1.0"]);
    let listed = |more: &[&str]| {
        let ask = ["events", "support", "--microarch", "IVB", "--tool", "perf", "cycles"];
        json(&db, &[&ask, more].concat())["listed"].as_array().unwrap().len()
    };
    assert_eq!((listed(&[]), listed(&["--kernel", "6.1.0"]), listed(&["--kernel", "6.2.0"])), (1, 1, 0));
}
