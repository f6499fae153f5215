//! Archives and compressed files: the same sources as the tree that was packed, and what is broken or hostile costs only itself.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tar::{Builder, EntryType};

#[path = "support/pack.rs"]
mod pack;
#[path = "support/tree.rs"]
mod tree;

use pack::{bz2, gz, header, tar, xz, zip, zst};
use tree::{Output, PERF, Tree};

/// Output of a run with this number of cycles.
fn perf(cycles: &str) -> Vec<u8> {
    PERF.replace("1,234,567", cycles).into_bytes()
}

fn rows(tree: &Tree, what: &str, database: &str) -> Vec<Value> {
    let output = tree.run(&["show", what, "--db", database, "--format", "json"]);
    assert_eq!(output.status, 0, "{output:?}");
    serde_json::from_str(&output.stdout).unwrap()
}

/// The members of what lies in `results`, with the kind of their reject or what they were taken for.
fn verdicts(tree: &Tree) -> (i32, Vec<(String, String)>) {
    let (output, lines) = tree.parse(&[]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut verdicts: Vec<(String, String)> = Vec::new();
    for line in &lines {
        match line["type"].as_str() {
            Some("source") => verdicts.push((text(&line["path"]).replace("results/", ""), text(&line["taken_for"]))),
            Some("reject") => verdicts.last_mut().unwrap().1 = format!("{}: {}", text(&line["kind"]), text(&line["reason"])),
            _ => {}
        }
    }
    (output.status, verdicts)
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(path, word)| ((*path).to_owned(), (*word).to_owned())).collect()
}

fn import(tree: &Tree, argument: &str, database: &str) -> (Output, Value) {
    let output = tree.run(&[argument, "--db", database, "--report", "json"]);
    let report = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, report)
}

/// What a database holds but for where it came from: path, digest and experiment, and every result.
fn content(tree: &Tree, database: &str) -> Vec<String> {
    let fields = |rows: Vec<Value>, names: &[&str]| {
        let line = |row: Value| names.iter().map(|name| row[*name].to_string()).collect::<Vec<_>>().join(" ");
        rows.into_iter().map(line).collect::<Vec<_>>()
    };
    let mut lines = fields(rows(tree, "sources", database), &["path", "digest", "format", "bytes", "lines"]);
    lines.extend(fields(rows(tree, "runs", database), &["path", "experiment", "tool", "origins"]));
    lines.extend(fields(rows(tree, "results", database), &["path", "line", "event", "count", "status"]));
    lines.sort();
    lines
}

#[test]
fn a_tree_and_its_archives_give_the_same_content_and_a_second_form_adds_nothing() {
    let tree = Tree::new();
    // CSV names no command: the experiment comes from the directory.
    let csv = b"12;;cycles;5;100.00;;
7;;instructions;5;100.00;;
9;;branches;5;100.00;;
";
    let files: &[(&str, &[u8])] = &[
        ("a/perf.txt", &perf("1")),
        ("b/run_1/perf.csv", csv),
        (
            "notes", b"text
",
        ),
        ("perf.csv", csv),
    ];
    for (name, bytes) in files {
        tree.file(name, bytes);
    }
    let (plain, beside) = (tar(files), tree.root().parent().unwrap().to_owned());
    let forms = [
        ("results.tar", plain.clone()),
        ("results.tar.gz", gz(&plain)),
        ("results.tar.bz2", bz2(&plain)),
        ("results.tar.xz", xz(&plain)),
        ("results.tar.zst", zst(&plain)),
        ("results.zip", zip(files)),
    ];
    let (_, report) = import(&tree, "results", "tree.db");
    assert_eq!((&report["sources"]["new"], &report["sources"]["unknown"]), (&3.into(), &1.into()));
    let expected = content(&tree, "tree.db");
    assert!(expected.len() > 8, "{expected:?}");
    for (name, bytes) in forms {
        fs::write(beside.join(name), bytes).unwrap();
        let own = format!("{name}.db");
        assert_eq!(import(&tree, name, &own).0.status, 0);
        assert_eq!(content(&tree, &own), expected, "{name}");
        let (_, report) = import(&tree, name, "tree.db");
        assert_eq!((&report["sources"]["already_there"], &report["sources"]["seen"]), (&4.into(), &4.into()), "{name}");
    }
    let (_, report) = import(&tree, "results", "results.zip.db");
    assert_eq!(report["sources"]["already_there"], 4);
}

#[test]
fn a_member_that_changed_replaces_its_rows_however_the_archive_is_met() {
    let tree = Tree::new();
    tree.file("night.tar.gz", gz(&tar(&[("a/perf.txt", &perf("1")), ("b/perf.txt", &perf("2"))])));
    import(&tree, "results", "test.db");
    let paths = |rows: &[Value]| rows.iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&rows(&tree, "sources", "test.db")), ["night.tar.gz/a/perf.txt", "night.tar.gz/b/perf.txt"]);
    tree.file("night.tar.gz", gz(&tar(&[("a/perf.txt", &perf("1")), ("b/perf.txt", &perf("3")), ("c/perf.txt", &perf("4"))])));
    let (_, report) = import(&tree, "results/night.tar.gz", "test.db");
    let sources = &report["sources"];
    assert_eq!((&sources["already_there"], &sources["replaced"], &sources["new"]), (&1.into(), &1.into(), &1.into()));
}

#[test]
fn a_compressed_file_is_the_file() {
    let tree = Tree::new();
    tree.file("a/perf.txt", PERF).file("both.txt", perf("1")).file("both.txt.gz", gz(&perf("2")));
    assert_eq!(import(&tree, "results", "test.db").1["sources"]["new"], 3);
    fs::remove_file(tree.path("a/perf.txt")).unwrap();
    for (suffix, bytes) in
        [("gz", gz(PERF.as_bytes())), ("bz2", bz2(PERF.as_bytes())), ("xz", xz(PERF.as_bytes())), ("zst", zst(PERF.as_bytes()))]
    {
        tree.file(format!("a/perf.txt.{suffix}"), bytes);
        let (_, report) = import(&tree, "results", "test.db");
        let sources = &report["sources"];
        assert_eq!((&sources["already_there"], &sources["seen"]), (&3.into(), &3.into()), "{suffix}");
        fs::remove_file(tree.path(format!("a/perf.txt.{suffix}"))).unwrap();
    }
}

#[test]
fn compressed_files_of_one_stem_keep_their_names() {
    let tree = Tree::new();
    // Each holds another number; the names of the last two are no UTF-8.
    tree.file("r.gz", gz(&perf("1"))).file("r.xz", xz(&perf("2")));
    tree.file("s.gz", gz(&perf("3"))).file("s.gz.xz", xz(&gz(&perf("4"))));
    tree.file("t", perf("5")).file("t.gz.xz", xz(&gz(&perf("6"))));
    tree.file(b"u\xff.gz", gz(&perf("7"))).file(b"u\xff.bz2", bz2(&perf("8")));
    for (new, there) in [(8, 0), (0, 8)] {
        let (output, report) = import(&tree, "results", "test.db");
        let sources = &report["sources"];
        let found = (output.status, &sources["new"], &sources["replaced"], &sources["already_there"]);
        assert_eq!(found, (0, &new.into(), &0.into(), &there.into()));
    }
    let mut paths: Vec<Value> = rows(&tree, "sources", "test.db").into_iter().map(|row| row["path"].clone()).collect();
    paths.sort_by_key(ToString::to_string);
    assert_eq!(paths, ["r.gz", "r.xz", "s", "s.gz.xz", "t", "t.gz", r"u\xFF.bz2", r"u\xFF.gz"].map(Value::from));
    // What was packed otherwise is one file again, and has the name of one.
    fs::remove_file(tree.path("r.xz")).unwrap();
    assert_eq!(import(&tree, "results/r.gz", "other.db").1["sources"]["new"], 1);
    assert_eq!(rows(&tree, "sources", "other.db")[0]["path"], "r");
}

#[test]
fn streams_of_bzip2_follow_one_another() {
    let tree = Tree::new();
    let (one, two) = PERF.split_at(PERF.len() / 2);
    let parts = [bz2(one.as_bytes()), bz2(b""), bz2(two.as_bytes())].concat();
    // A text may begin as bzip2 does.
    tree.file("perf.txt.bz2", &parts).file("notes", "BZh9 is a word\n").file("cut.bz2", &parts[..parts.len() - 9]);
    let (status, verdicts) = verdicts(&tree);
    assert_eq!((status, verdicts.len()), (1, 3), "{verdicts:?}");
    assert!(verdicts[0].1.starts_with("unreadable: "), "{verdicts:?}");
    assert_eq!(verdicts[1..], pairs(&[("notes", "text"), ("perf.txt.bz2", "")]));
    let lines = tree.parse(&[]).1;
    assert!(lines.iter().any(|line| line["type"] == "result" && line["count"] == 1_234_567), "{lines:?}");
}

#[test]
fn an_archive_may_come_through_a_pipe() {
    let tree = Tree::new();
    let mut command = tree.command(&["-", "--db", "test.db", "--report", "json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&gz(&tar(&[("a/perf.txt", PERF.as_bytes())]))).unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    let source = &rows(&tree, "sources", "test.db")[0];
    assert_eq!((&source["path"], &source["root"]), (&"a/perf.txt".into(), &Value::Null));
}

#[test]
fn archives_in_archives_are_read_to_a_depth_of_three() {
    let tree = Tree::new();
    let deep = zip(&[("perf.txt", PERF.as_bytes()), ("four.tar", &tar(&[("perf.txt", &perf("4"))]))]);
    let middle = gz(&tar(&[("three.zip", &deep), ("perf.txt.gz", &gz(&perf("2")))]));
    tree.file("one.zip", zip(&[("two.tgz", &middle)]));
    let (status, verdicts) = verdicts(&tree);
    let expected = [
        ("one.zip/two.tgz/three.zip/perf.txt", ""),
        ("one.zip/two.tgz/three.zip/four.tar", "too large: lies deeper than 3 archives within one another"),
        ("one.zip/two.tgz/perf.txt", ""),
    ];
    assert_eq!((status, verdicts), (1, pairs(&expected)));
}

#[test]
fn names_are_labels_and_what_is_no_file_is_not_followed() {
    let tree = Tree::new();
    let mut builder = Builder::new(Vec::new());
    for (name, kind) in [
        ("dir/", EntryType::Directory),
        ("link", EntryType::Symlink),
        ("hard", EntryType::Link),
        ("null", EntryType::Char),
        ("fifo", EntryType::Fifo),
    ] {
        builder.append(&header(name, kind, 0), std::io::empty()).unwrap();
    }
    for (name, cycles) in [("../../slip.txt", "1"), ("/etc/abs.txt", "2"), ("C:\\x.txt", "3"), ("link/below.txt", "4")] {
        let content = perf(cycles);
        builder.append(&header(name, EntryType::Regular, content.len() as u64), &content[..]).unwrap();
    }
    tree.file("x.tar", builder.into_inner().unwrap());
    let (output, report) = tree.report(&["-v"]);
    assert_eq!((output.status, &report["sources"]["new"], &report["sources"]["links"]), (0, &4.into(), &4.into()));
    assert!(output.stderr.contains("results/x.tar/link: a link or special file in an archive, not read"), "{output:?}");
    let paths: Vec<_> = rows(&tree, "sources", "test.db").iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["x.tar/../../slip.txt", "x.tar/C:\\\\x.txt", "x.tar/etc/abs.txt", "x.tar/link/below.txt"]);
}

#[test]
fn members_of_one_name_are_kept_apart() {
    let tree = Tree::new();
    let (one, two) = (perf("1"), perf("2"));
    tree.file("x.tar", tar(&[("perf.txt", &one), ("./perf.txt", &two), ("perf.txt", &one), ("perf.txt", &two)]));
    let (_, report) = tree.report(&[]);
    assert_eq!((&report["sources"]["new"], &report["sources"]["already_there"]), (&2.into(), &2.into()));
    let paths: Vec<_> = rows(&tree, "sources", "test.db").iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["x.tar/perf.txt", "x.tar/perf.txt#2"]);
    assert_eq!(tree.report(&[]).1["sources"]["already_there"], 4);
}

#[test]
fn a_member_below_thousands_of_directories_costs_only_itself() {
    let tree = Tree::new();
    let deep = "a/".repeat(30_000) + "perf.txt";
    tree.file("x.zip", zip(&[("hostname", b"elm.example.org\n"), (&deep, &perf("1")), ("perf.txt", &perf("2"))]));
    let (output, report) = tree.report(&[]);
    assert_eq!((output.status, &report["sources"]["new"], &report["rejects"]["path"]), (1, &1.into(), &1.into()));
}

#[test]
fn members_of_one_name_in_a_zip_archive_are_told() {
    let tree = Tree::new();
    let mut bytes = zip(&[("one.txt", &perf("1")), ("two.txt", &perf("2"))]);
    while let Some(at) = bytes.windows(7).position(|name| name == b"two.txt") {
        bytes[at..at + 3].copy_from_slice(b"one");
    }
    tree.file("x.zip", bytes);
    let (status, verdicts) = verdicts(&tree);
    assert_eq!((status, verdicts.len()), (1, 2), "{verdicts:?}");
    assert!(verdicts[1].1.contains("same name; only the last of each was read"), "{verdicts:?}");
    let counts: Vec<i64> = tree.parse(&[]).1.iter().filter_map(|line| line["count"].as_i64()).collect();
    assert_eq!(counts, [2]);
}

#[test]
fn a_repaired_archive_takes_its_reject_back() {
    let tree = Tree::new();
    let whole = tar(&[("a/perf.txt", &perf("1")), ("b/perf.txt", &perf("2"))]);
    let broken =
        [("x.tar", &whole[..2000]), ("y.tar.gz", &gz(&whole)[..100]), ("c/z.zip", &zip(&[("perf.txt", &perf("3"))])[..99])];
    for (name, bytes) in broken {
        tree.file(name, bytes);
    }
    tree.file("outer.tar", tar(&[("in.tar", &whole[..2000])])).file("x.tar.d/perf.txt", perf("4"));
    assert_eq!(tree.report(&[]).0.status, 1);
    let told = |tree: &Tree| rows(tree, "rejects", "test.db").len();
    let before = told(&tree);
    assert!(before >= 4, "{before}");
    assert_eq!((tree.report(&[]).0.status, told(&tree)), (1, before), "what is still broken is told once");
    tree.file("x.tar", &whole).file("y.tar.gz", gz(&whole));
    assert_eq!(tree.report(&[]).0.status, 1);
    let paths: Vec<Value> = rows(&tree, "rejects", "test.db").into_iter().map(|mut row| row["path"].take()).collect();
    assert!(paths.iter().all(|path| !path.as_str().unwrap().starts_with(['x', 'y'])), "{paths:?}");
    tree.file("c/z.zip", zip(&[("perf.txt", &perf("3"))])).file("outer.tar", tar(&[("in.tar", &whole)]));
    assert_eq!(tree.report(&[]).0.status, 0);
    assert_eq!(rows(&tree, "rejects", "test.db"), Vec::<Value>::new());
}

/// A GiB of zeros.
fn zeros() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let piece = vec![0; 1 << 20];
    (0..1024).for_each(|_| encoder.write_all(&piece).unwrap());
    encoder.finish().unwrap()
}

/// The most memory that parsing the tree takes at once, in KiB, as far as it is seen.
fn peak(tree: &Tree) -> u64 {
    let mut child = tree.command(&["parse", "results", "--jobs", "4"]).stdout(Stdio::null()).spawn().unwrap();
    let (status, mut most) = (format!("/proc/{}/status", child.id()), 0);
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let tree = Tree::new();
    let bomb = zeros();
    tree.file("bomb.gz", &bomb)
        .file("good.txt", PERF)
        .file("nested.zip", zip(&[("bomb.gz", &bomb)]))
        .file("twice.gz", gz(&bomb))
        .fifo("pipe.gz");
    let (status, verdicts) = verdicts(&tree);
    assert!(peak(&tree) < 300 << 10, "{} KiB", peak(&tree));
    let limit = "too large: expands to more than 1000 times its size (and more than 16 MiB)";
    let paths = [
        ("bomb.gz", limit),
        ("good.txt", ""),
        ("nested.zip/bomb", limit),
        ("pipe.gz", "not a file: a FIFO, not a regular file"),
        ("twice.gz", limit),
    ];
    assert_eq!((status, verdicts), (1, pairs(&paths)));
}

#[test]
fn a_header_that_claims_8_tib_is_no_reason_to_hold_them() {
    let tree = Tree::new();
    let mut bytes = tar(&[("good.txt", PERF.as_bytes())]);
    bytes.truncate(1024);
    bytes.extend(header("huge.txt", EntryType::Regular, 8 << 40).as_bytes());
    bytes.extend(perf("5"));
    tree.file("x.tar", &bytes);
    bytes.truncate(1024);
    bytes.extend(header("name", EntryType::GNULongName, 8 << 40).as_bytes());
    tree.file("y.tar", bytes);
    let (status, verdicts) = verdicts(&tree);
    let end = 1024 + 512 + perf("5").len();
    let cut = format!("unreadable: member 2, byte {end} of the tar archive: the archive is cut off");
    let expected = [
        ("x.tar/good.txt", ""),
        ("x.tar/huge.txt", "unreadable: the archive is cut off"),
        ("x.tar", &cut),
        ("y.tar/good.txt", ""),
        ("y.tar", "too large: member 2, byte 1536 of the tar archive: a header extends another one by more than 1 MiB"),
    ];
    assert_eq!((status, verdicts), (1, pairs(&expected)));
}

#[test]
fn an_archive_that_was_appended_is_not_lost_in_silence() {
    let tree = Tree::new();
    let one = tar(&[("a.txt", PERF.as_bytes())]);
    tree.file("x.tar", [one.clone(), one].concat()).file("empty.tar.gz", gz(&[0; 1024])).file("none.zip", zip(&[]));
    let (status, verdicts) = verdicts(&tree);
    assert_eq!(status, 1);
    assert!(verdicts[3].1.ends_with("data follows the end mark; it was not read"), "{verdicts:?}");
    assert_eq!((verdicts[0].1.as_str(), verdicts[1].1.as_str()), ("nothing but NUL bytes", "archive without files"));
}

/// Bytes of a linear congruential generator: no codec makes them smaller, so that a byte in the middle is one of them.
fn noise(length: usize) -> Vec<u8> {
    let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(1_u32), next).map(|state| b' ' + (state >> 24) as u8 % 90).take(length).collect()
}

#[test]
fn a_compressed_stream_that_is_cut_off_or_damaged_is_told_in_words_with_the_byte() {
    let tree = Tree::new();
    let text = noise(4000);
    let packed = [("gzip", gz(&text)), ("bzip2", bz2(&text)), ("xz", xz(&text)), ("zstd", zst(&text))];
    let mut expected = Vec::new();
    for (name, whole) in packed {
        let (half, end) = (whole.len() / 2, whole.len());
        let mut flipped = whole.clone();
        flipped[if name == "zstd" { end - 1 } else { half }] ^= 0x10;
        tree.file(format!("{name}/cut"), &whole[..half]).file(format!("{name}/flipped"), flipped);
        expected.push((format!("{name}/cut"), format!("unreadable: the {name} stream is cut off at byte {half}")));
        let damaged = format!("unreadable: the {name} stream is damaged at or before byte {end}: ");
        expected.push((format!("{name}/flipped"), damaged));
    }
    expected.sort();
    let (status, verdicts) = verdicts(&tree);
    assert_eq!((status, verdicts.len()), (1, expected.len()));
    for ((path, told), (expected_path, beginning)) in verdicts.iter().zip(&expected) {
        let is_whole = path.ends_with("flipped") || told == beginning;
        assert!(path == expected_path && told.starts_with(beginning) && is_whole, "{path}: {told}");
        assert!(!told.contains('{') && !told.contains("Error"), "{path}: {told}");
    }
}

#[test]
fn a_damaged_archive_gives_only_what_it_vouches_for() {
    let tree = Tree::new();
    let texts: Vec<Vec<u8>> = (0..40).map(|i| perf(&format!("{}", 1_000_003 * (i + 1)))).collect();
    let names: Vec<String> = (0..40).map(|i| format!("run_{i}/perf.txt")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    let plain = tar(&files);
    let packed = [
        ("x.tar.gz", gz(&plain)),
        ("x.tar.bz2", bz2(&plain)),
        ("x.tar.xz", xz(&plain)),
        ("x.tar.zst", zst(&plain)),
        ("x.zip", zip(&files)),
    ];
    for (name, whole) in &packed {
        let step = whole.len() / 23;
        for at in (1..23).map(|i| i * step) {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            tree.file(format!("cut_{at}/{name}"), &whole[..at]).file(format!("flip_{at}/{name}"), flipped);
        }
    }
    for kilobyte in 1..plain.len() >> 10 {
        tree.file(format!("bare/{kilobyte}.tar"), &plain[..(kilobyte << 10) - 1]);
    }
    let (output, lines) = tree.parse(&[]);
    assert!(output.status == 1 && output.stderr.is_empty(), "{output:?}");
    let rejects = |path: &str| {
        lines.iter().filter(|line| line["type"] == "reject" && line["source"].as_str().unwrap().starts_with(path)).count()
    };
    for (name, whole) in &packed {
        for at in (1..23).map(|i| i * (whole.len() / 23)) {
            assert!(rejects(&format!("results/cut_{at}/{name}")) > 0, "{name} cut at {at}");
        }
    }
    for kilobyte in 1..plain.len() >> 10 {
        assert!(rejects(&format!("results/bare/{kilobyte}.tar")) > 0, "cut at {kilobyte} KiB");
    }
    let originals: Vec<i64> = (1..=40).map(|i| 1_000_003 * i).collect();
    let counts: Vec<i64> = lines.iter().filter_map(|line| line["count"].as_i64()).collect();
    assert!(!counts.is_empty() && counts.iter().all(|count| originals.contains(count)), "a number that never was");
    assert!(!lines.iter().any(|line| line["type"] == "result"
        && line["source"].as_str().unwrap().contains(".tar.")
        && line["source"].as_str().unwrap().contains("cut_")));
}
