//! Rows that the predecessor stored as other numbers, or dropped: each gives what its tool means, or is told.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What `parse` says of a text on standard input.
fn parsed(text: &str) -> Vec<Value> {
    let mut parse = Command::new(env!("CARGO_BIN_EXE_prc-etl"))
        .args(["parse", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    parse.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = parse.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Event, value and scope of each result, and the text of each reject.
fn read(text: &str) -> Vec<String> {
    let word = |value: &Value| value.to_string().replace('"', "");
    let told = |line: &Value| match line["type"].as_str().unwrap() {
        "result" => Some(format!("{} {} {}", word(&line["event"]), word(&line["value"]), word(&line["scope"]))),
        "reject" => Some(format!("rejected {}", word(&line["text"]))),
        _ => None,
    };
    parsed(text).iter().filter_map(told).collect()
}

#[test]
fn what_stands_before_a_count_is_no_count() {
    assert_eq!(read("S0;8;805623;;cycles;5;100.00;;\n"), ["cycles 805623.0 S0"]);
    assert_eq!(read("S0-D0-C0;1;999;;cycles;5;100.00;;\n"), ["cycles 999.0 S0-D0-C0"]);
    assert_eq!(read("CPU0;805623;;cycles;5;100.00;;\n"), ["cycles 805623.0 CPU0"]);
    let intervals = "     1.000123456;CPU0;805623;;cycles;5;100.00;;\n     2.000123456;CPU0;7;;cycles;5;100.00;;\n";
    assert_eq!(read(intervals), ["cycles 805623.0 CPU0", "cycles 7.0 CPU0"]);
    let ends: Vec<String> = parsed(intervals).iter().skip(2).map(|line| line["interval"].to_string()).collect();
    assert_eq!(ends, ["1.000123456", "2.000123456"]);
}

#[test]
fn names_of_events_are_whole() {
    let text = "5;;inst_retired.any;5;100.00;;\n6;;cpu/event=0x3c,name=foo.bar/;5;100.00;;\n7;;raw 0x1;5;100.00;;\n";
    assert_eq!(read(text), ["inst_retired.any 5.0 null", "cpu/event=0x3c,name=foo.bar/ 6.0 null", "raw 0x1 7.0 null"]);
    assert_eq!(read("5,,cycles:u,5,100.00,,\n"), ["cycles:u 5.0 null"]);
    assert_eq!(read("amd64::RETIRED;5\nPAPI_L1_DCM; 77\n"), ["amd64::RETIRED 5.0 null", "PAPI_L1_DCM 77.0 null"]);
}

#[test]
fn a_decimal_comma_is_none_of_thousands() {
    let text = "0,98;msec;task-clock;5;100,00;;\n805623;;cycles;5;99,50;;\n";
    assert_eq!(read(text), ["task-clock 0.98 null", "cycles 805623.0 null"]);
    let shares: Vec<f64> = parsed(text).iter().filter_map(|line| line["running_percent"].as_f64()).collect();
    assert_eq!(shares, [100.0, 99.5]);
}

#[test]
fn a_number_that_cannot_be_read_costs_its_line_and_no_part_of_it_is_taken() {
    let text = "1.2.3;;cycles;5;100.00;;\n4;;instructions;5;100.00;;\n";
    assert_eq!(read(text), ["instructions 4.0 null", "rejected 1.2.3;;cycles;5;100.00;;"]);
    assert_eq!(read("PAPI_TOT_INS;1.5e6\nPAPI_TOT_CYC;3\n"), ["PAPI_TOT_CYC 3.0 null", "rejected PAPI_TOT_INS;1.5e6"]);
    // Digits in groups between separators of the same sign: nobody can say where a number ends.
    for text in ["1,234;;instructions:u;\n", "cpu_clk_unhalted,1,234,567\n", "1.0;CPU0;805623;;cycles;\n"] {
        let lines = parsed(text);
        assert_eq!(read(text), Vec::<String>::new(), "{text}");
        assert_eq!((&lines[0]["format"], &lines[0]["lines"], &lines[0]["furniture"]), (&Value::Null, &1.into(), &1.into()));
    }
}

#[test]
fn events_that_gave_no_number_leave_their_trace() {
    let text = "<not counted>;;cycles;0;0.00;;\n<not supported>;;stalled-cycles-frontend;0;100.00;;\n";
    let statuses: Vec<String> = parsed(text)
        .iter()
        .filter(|line| line["type"] == "result")
        .map(|line| format!("{} {} {}", line["event"], line["status"], line["value"]).replace('"', ""))
        .collect();
    assert_eq!(statuses, ["cycles not counted null", "stalled-cycles-frontend not supported null"]);
}
