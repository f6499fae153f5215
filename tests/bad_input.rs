//! Hostile and broken input: each bad thing costs itself alone, is reported with its place and reason, and changes the exit status.

#![expect(clippy::print_stderr, reason = "a test that skips itself must say so")]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

#[path = "support/tree.rs"]
mod tree;

use tree::{PERF, Tree, output};

/// What became of each file: its path and, if any, what it was taken for or the kind of its first reject.
fn verdicts(lines: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut verdicts: Vec<(String, String)> = Vec::new();
    for line in lines {
        match line["type"].as_str() {
            Some("source") => verdicts.push((text(&line["path"]), text(&line["taken_for"]))),
            Some("reject") => verdicts.last_mut().expect("a source comes first").1 = text(&line["kind"]),
            _ => {}
        }
    }
    verdicts
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, word)| (format!("results/{path}"), (*word).to_owned())).collect()
}

#[test]
fn files_that_are_no_text_are_named_and_cost_nothing() {
    let tree = Tree::new();
    tree.file("good", PERF)
        .file("empty", "")
        .file("7z", b"7z\xbc\xaf\x27\x1c\0\x04")
        .file("elf", b"\x7fELF\x02\x01\x01\0\0\0")
        .file("zeros", vec![0; 100_000])
        .file("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let (output, lines) = tree.parse(&[]);
    assert_eq!(
        verdicts(&lines),
        pairs(&[
            ("7z", "7-Zip archive"),
            ("elf", "ELF program or library"),
            ("empty", "empty file"),
            ("good", ""),
            ("png", "PNG image"),
            ("zeros", "nothing but NUL bytes"),
        ])
    );
    assert_eq!(output.status, 0, "{output:?}");
}

#[test]
fn a_text_in_utf_16_gives_the_same_results() {
    let tree = Tree::new();
    let bytes = |order: fn(u16) -> [u8; 2]| {
        "\u{feff}".chars().chain(PERF.chars()).flat_map(|c| order(u16::try_from(u32::from(c)).unwrap())).collect::<Vec<u8>>()
    };
    tree.file("0-plain", PERF).file("1-little", bytes(u16::to_le_bytes)).file("2-big", bytes(u16::to_be_bytes));
    let (output, lines) = tree.parse(&[]);
    assert_eq!(output.status, 0, "{output:?}");
    let results = |file: &str| -> Vec<Value> {
        let own = lines.iter().filter(|line| line["source"] == format!("results/{file}"));
        own.cloned()
            .map(|mut line| {
                line["source"] = Value::Null;
                line
            })
            .collect()
    };
    assert!(results("0-plain").len() > 3);
    assert_eq!(results("1-little"), results("0-plain"));
    assert_eq!(results("2-big"), results("0-plain"));
    assert!(lines.iter().any(|line| line["path"] == "results/2-big" && line["notes"][0] == "read as UTF-16"));
}

#[test]
fn a_line_with_nul_bytes_and_a_line_of_some_mib_cost_themselves() {
    let tree = Tree::new();
    let long = "x".repeat(5 << 20);
    let text = PERF.replace("     <not counted>      cache-misses", "     <not counted>      cache\0misses") + &long + "\n";
    tree.file("perf.txt", text);
    let (output, lines) = tree.parse(&[]);
    let rejects: Vec<_> = lines.iter().filter(|line| line["type"] == "reject").collect();
    assert_eq!(rejects.len(), 2, "{rejects:?}");
    assert_eq!((&rejects[0]["line"], &rejects[0]["reason"]), (&5.into(), &"holds NUL bytes".into()));
    assert_eq!((&rejects[1]["line"], &rejects[1]["kind"]), (&10.into(), &"long line".into()));
    let source = &lines[0];
    assert_eq!((&source["lines"], &source["rejected"], &source["counts"]), (&10.into(), &2.into(), &1.into()));
    assert_eq!(output.status, 1);
}

#[test]
fn names_that_are_too_long_for_an_index_cost_no_number() {
    let tree = Tree::new();
    let long = "x".repeat(1500);
    let (event, cgroup, unit) =
        (format!("7;;{long};500;100.00;;"), format!("8;;cycles;/{long};500;100.00;;"), format!("9;{long};x/y/;500;100.00;;"));
    tree.file(
        "perf.csv",
        format!("1;;branches;/a;500;100.00;;\n{event}\n{cgroup}\n{unit}\n2;;instructions;/a;500;100.00;1;{long}\n"),
    );
    let (output, lines) = tree.parse(&[]);
    let of = |kind: &'static str| lines.iter().filter(move |line| line["type"] == kind);
    let counts: Vec<_> = of("result").filter(|line| line["kind"] == "count").map(|line| line["count"].as_i64()).collect();
    assert_eq!(counts, [1, 8, 9, 2].map(Some));
    assert_eq!(of("reject").map(|line| line["line"].as_u64()).collect::<Vec<_>>(), [Some(2)]);
    let cut = of("source").filter(|line| line["notes"].to_string().contains("are cut")).count();
    assert_eq!((cut, output.status), (1, 1), "{lines:?}");
    let (_, report) = tree.report(&[]);
    assert_eq!((&report["sources"]["new"], &report["rejects"]), (&1.into(), &serde_json::json!({"name": 1})));
}

#[test]
fn a_name_that_is_no_utf_8_is_kept_and_printed() {
    let tree = Tree::new();
    tree.file(b"caf\xe9\\.txt", PERF).file("two\nlines\x1b[31m", "{}\n");
    let (output, _) = tree.report(&[]);
    assert_eq!(output.status, 0, "{output:?}");
    assert!(output.stderr.contains("results/two\\nlines\\u{1b}[31m: no known result"), "{output:?}");
    let sources = tree.run(&["show", "sources", "--db", "test.db", "--format", "json"]);
    let sources: Value = serde_json::from_str(&sources.stdout).unwrap();
    assert_eq!(sources[0]["path"], "caf\\xE9\\\\.txt");
}

#[test]
fn what_is_no_file_is_not_opened() {
    let tree = Tree::new();
    tree.file("good", PERF).fifo("fifo");
    symlink("/dev/zero", tree.path("link")).unwrap();
    symlink(".", tree.path("loop")).unwrap();
    let started = Instant::now();
    let (output, report) = tree.report(&["-v"]);
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(
        (&report["sources"]["new"], &report["sources"]["rejected"], &report["sources"]["links"]),
        (&1.into(), &1.into(), &2.into())
    );
    assert!(output.stderr.contains("results/fifo: rejected (not a file): a FIFO, not a regular file"), "{output:?}");
    assert!(output.stderr.contains("results/loop: symbolic link, not followed"), "{output:?}");
    assert_eq!(output.status, 1);
}

#[test]
fn a_fifo_as_argument_does_not_block() {
    let tree = Tree::new();
    tree.fifo("fifo");
    let output = tree.run(&["parse", "results/fifo"]);
    assert_eq!(output.status, 1);
    assert!(output.stdout.contains("\"kind\":\"not a file\""), "{output:?}");
}

#[test]
fn an_argument_that_does_not_exist_costs_itself() {
    let tree = Tree::new();
    tree.file("good", PERF);
    let output = tree.run(&["import", "gone", "results", "--db", "test.db"]);
    assert_eq!(output.status, 1);
    assert!(output.stderr.starts_with("gone: rejected (unreadable): No such file or directory"), "{output:?}");
    assert!(output.stdout.contains("  new                        1\n"), "{output:?}");
}

#[test]
fn unreadable_files_and_directories_cost_themselves() {
    let tree = Tree::new();
    tree.file("good", PERF).file("secret", PERF).file("closed/perf.txt", PERF);
    for name in ["secret", "closed"] {
        fs::set_permissions(tree.path(name), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let mut command = tree.command(&["parse", "results"]);
    if fs::metadata(tree.root()).unwrap().uid() == 0 {
        // Root reads everything, unless it gives those rights away.
        let mut unprivileged = Command::new("setpriv");
        let drop = ["--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-dac_override,-dac_read_search"];
        unprivileged.args(drop).arg(command.get_program()).args(command.get_args()).current_dir(tree.root().parent().unwrap());
        if !unprivileged.output().is_ok_and(|output| matches!(output.status.code(), Some(0 | 1))) {
            eprintln!("SKIPPED: running as root, and setpriv cannot drop the right to read everything");
            return;
        }
        command = unprivileged;
    }
    let output = output(&mut command);
    fs::set_permissions(tree.path("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    let lines: Vec<Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts(&lines), pairs(&[("closed", "unreadable"), ("good", ""), ("secret", "unreadable")]));
    assert!(output.stdout.contains("Permission denied"), "{output:?}");
    assert_eq!(output.status, 1);
}

#[test]
fn a_rejected_file_is_loaded_once_it_is_good_and_its_reject_goes() {
    let tree = Tree::new();
    tree.fifo("perf.txt");
    assert_eq!(tree.import(&[]).status, 1);
    fs::remove_file(tree.path("perf.txt")).unwrap();
    tree.file("perf.txt", PERF);
    assert_eq!(tree.import(&[]).status, 0);
    let rejects = tree.run(&["show", "rejects", "--db", "test.db", "--format", "json"]);
    assert_eq!(rejects.stdout.trim(), "[]");
}
