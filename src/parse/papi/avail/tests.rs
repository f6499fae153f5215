use super::*;

const HEAD: &str = "Available PAPI preset and user defined events plus hardware information.\n-----\n\
                    PAPI version             : 7.0.0.0\nOperating system         : Linux 6.1.0-50-arm64\n";

fn table(titles: &str, rows: &str, total: &str) -> String {
    format!(
        "{HEAD}-----\n\n=====\n  PAPI Preset Events\n=====\n    Name        Code    {titles} Description (Note)\n{rows}-----\n{total}\n"
    )
}

fn rows(report: &Report) -> Vec<(&str, bool, bool)> {
    report.supports.iter().map(|it| (report.spellings.get(it.event).text.as_str(), it.supported, it.derived)).collect()
}

#[test]
fn rows_say_which_events_there_are() {
    let lines = "PAPI_L1_DCM  0x80000000  Yes   No   Level 1\nPAPI_BR_PRC  0x8000002f  Yes   Yes  Correct\nPAPI_CA_SNP  0x80000009  No    No   Snoop\n";
    let report = parse(&table("Avail Deriv", lines, "Of 3 possible events, 2 are available, of which 1 is derived."));
    assert_eq!(rows(&report), [("PAPI_L1_DCM", true, false), ("PAPI_BR_PRC", true, true), ("PAPI_CA_SNP", false, false)]);
    assert_eq!(report.supports[1].code.as_deref(), Some("0x8000002f"));
    assert_eq!((report.tally.results, report.tally.foreign, report.tally.rejected), (3, 0, 0));
    assert!(report.notes.is_empty() && report.runs.is_empty());
}

#[test]
fn without_the_column_avail_a_description_may_begin_with_its_words() {
    let lines = "PAPI_TLB_DM  0x80000014  No   Yes   or no\n";
    let report = parse(&table("Deriv", lines, "Of 1 available events, 0 are derived."));
    assert_eq!((rows(&report), report.notes.len()), (vec![("PAPI_TLB_DM", true, false)], 0));
}

#[test]
fn damaged_rows_and_lists_that_were_cut_leave_a_trace() {
    let report =
        parse(&table("Avail Deriv", "PAPI_L1_DCM  0x80000000  Maybe No x\n", "Of 1 possible events, 1 are available."));
    assert_eq!((report.tally.rejected, report.notes.len()), (1, 1));
    let cut = parse(&format!("{HEAD}    Name  Code  Avail Deriv Description (Note)\nPAPI_L1_DCM  0x80000000  Yes   N"));
    assert_eq!((cut.supports.len(), cut.tally.rejected, cut.notes.len()), (0, 1, 1));
}

const SINGLE: &str = "-----\n\nEvent name:                   PAPI_BR_PRC\nEvent Code:                   0x8000002f\n\
    Derived Type:                |DERIVED_SUB|\nPostfix Processing String:   ||\n Native Code[0]: 0x40000010 |BR_INST_RETIRED:COND|\n \
    Native Code[1]: 0x40000013 |BR_MISP_RETIRED:COND|\n\n";

#[test]
fn one_event_says_what_it_is_made_of() {
    let report = parse(&format!("{HEAD}{SINGLE}-----\n"));
    assert_eq!(rows(&report), [("PAPI_BR_PRC", true, true)]);
    assert_eq!(report.supports[0].formula.as_deref(), Some("DERIVED_SUB(BR_INST_RETIRED:COND, BR_MISP_RETIRED:COND)"));
    let absent = parse(&format!("{HEAD}{SINGLE}PRESET event PAPI_BR_PRC is NOT available on this architecture!\n\n-----\n"));
    assert_eq!(rows(&absent), [("PAPI_BR_PRC", false, true)]);
}

#[test]
fn one_event_whose_end_is_missing_is_not_believed() {
    let report = parse(&format!("{HEAD}{SINGLE}"));
    assert_eq!((report.supports.len(), report.tally.rejected), (0, 1));
    assert!(report.tally.adds_up());
}

#[test]
fn the_machine_is_described_in_the_words_of_old_and_new_versions() {
    let environment = |lines: &str| parse(&format!("{HEAD}{lines}-----\n")).context.environment;
    let intel = "Vendor string and code   : GenuineIntel (1, 0x1)\n";
    for cpuid in [
        "CPUID                    : Family/Model/Stepping 6/85/7, 0x06/0x55/0x07\n",
        "CPUID Info : Family: 6  Model: 85  Stepping: 7\n",
    ] {
        let found = environment(&format!("{intel}{cpuid}"));
        assert_eq!((found.family, found.model, found.stepping), (Some(6), Some(85), Some(7)));
    }
    // `/proc/cpuinfo` of the same machine: part 0xd07, variant 0x1, revision 0.
    let arm = "Vendor string and code   : ARM_ARM (65, 0x41)\nCPU revision             : 0.000000\n\
               CPUID                    : Family/Model/Stepping 8/3335/1, 0x08/0xd07/0x01\nRunning in a VM          : no\n";
    let found = environment(arm);
    assert_eq!(
        (found.vendor.as_deref(), found.family, found.model, found.stepping),
        (Some("ARM"), None, Some(0xd07), Some(16))
    );
    assert_eq!((found.kernel.as_deref(), found.virt), (Some("6.1.0-50-arm64"), None));
}
