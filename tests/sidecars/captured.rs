//! What machines wrote about themselves, beside and above results.

use super::support::{Db, on_both};
use super::tree::{PERF, Tree};
use super::{context, import, load, notes, perf, runs};

/// `/proc/cpuinfo` of one CPU of a Core i7-8700 and of one of a Ryzen 7 1800X, cut.
const INTEL: &str = "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\n\
    model name\t: Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz\nstepping\t: 10\nmicrocode\t: 0xf0\n";
const AMD: &str = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 1\n\
    model name\t: AMD Ryzen 7 1800X Eight-Core Processor\nstepping\t: 1\nmicrocode\t: 0x8001138\n";
const UNAME: &str = "Linux fir 5.10.0-28-amd64 #1 SMP Debian 5.10.209-2 (2024-01-31) x86_64 GNU/Linux\n";
const OS: &str = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n";
const LSCPU: &str = "Architecture:            aarch64\nCPU(s):                  4\nVendor ID:               ARM\n\
    Model name:              Neoverse-N1\nModel:                   1\nStepping:                r3p1\n";

const MACHINE: [&str; 7] = ["path", "host", "arch", "vendor", "family", "model", "stepping"];

#[test]
fn two_hosts_have_their_own_machine_and_share_what_lies_above() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("os-release", OS)
            .file("elm/hostname", "elm\n")
            .file("elm/cpuinfo", INTEL)
            .file("elm/runs/deep/perf.txt", perf("1"))
            .file("fir/uname_-a.txt", UNAME)
            .file("fir/cpuinfo.txt", AMD)
            .file("fir/perf.txt", perf("2"))
            .file("perf.txt", perf("3"));
        let report = load(&tree, db);
        assert_eq!(report["sources"]["unknown"], 5, "{report}");
        let expected = [
            "elm/runs/deep/perf.txt elm - GenuineIntel 6 158 10",
            "fir/perf.txt fir x86_64 AuthenticAMD 23 1 1",
            "perf.txt - - - - - -",
        ];
        assert_eq!(runs(&tree, db, &MACHINE), expected);
        let context = context(&tree, db, "fir/perf.txt");
        for line in [
            "model = 1 < captured:1 < fir/cpuinfo.txt",
            "kernel = 5.10.0-28-amd64 < captured:2 < fir/uname_-a.txt",
            "label.cpu = AMD Ryzen 7 1800X Eight-Core Processor < captured:1 < fir/cpuinfo.txt",
            "label.microcode = 0x8001138 < captured:1 < fir/cpuinfo.txt",
            "label.os = Debian GNU/Linux 12 (bookworm) < captured:3 < os-release",
        ] {
            assert!(context.contains(&line.to_owned()), "{line}\n{context:?}");
        }
        assert_eq!(notes(&tree, db, "*/perf.txt"), "-", "nobody contradicts another");
    });
}

#[test]
fn lscpu_names_an_arm_machine() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("lscpu.txt", LSCPU).file("perf.txt", PERF);
    load(&tree, &db);
    // MIDR_EL1 of Neoverse N1: implementer 0x41, part 0xd0c; r3p1 is variant 3, revision 1.
    let arch = &runs(&tree, &db, &["arch", "vendor", "stepping"])[0];
    assert_eq!(arch, "aarch64 ARM 49");
}

#[test]
fn a_side_file_wins_over_a_captured_file_and_the_contradiction_is_noted() {
    on_both(|db| {
        let tree = Tree::new();
        tree.file("prc.toml", "host = \"elm\"\nenvironment.kernel = \"6.1\"\n")
            .file("a/uname", UNAME)
            .file("a/hostname.txt", "fir.example.org\n")
            .file("a/perf.txt", PERF);
        load(&tree, db);
        assert_eq!(runs(&tree, db, &["host", "kernel", "arch"]), ["elm 6.1 x86_64"]);
        let notes = notes(&tree, db, "a/perf.txt");
        for note in [
            "host: 'elm' (sidecar:3) stands against 'fir' (captured:2)",
            "host: 'elm' (sidecar:3) stands against 'fir.example.org' (captured:1)",
            "kernel: '6.1' (sidecar:3) stands against '5.10.0-28-amd64' (captured:2)",
        ] {
            assert!(notes.lines().any(|line| line == note), "{note}\n{notes}");
        }
        assert!(!notes.contains("'fir.example.org' (captured:1) stands"), "a name with and without its domain: {notes}");
    });
}

#[test]
fn a_name_alone_makes_no_captured_file() {
    let (tree, db) = (Tree::new(), Db::sqlite());
    tree.file("cpuinfo", "no table of CPUs\n")
        .file("hostname", "two words\n")
        .file("uname.bin", b"\0\x01\x02")
        .file("perf.txt", PERF);
    // A result is a result, whatever its name promises.
    tree.file("lscpu.txt", perf("2"));
    let report = load(&tree, &db);
    assert_eq!((&report["sources"]["new"], &report["sources"]["unknown"]), (&2.into(), &3.into()));
    assert_eq!(runs(&tree, &db, &["path", "host", "vendor"]), ["lscpu.txt - -", "perf.txt - -"]);
}

#[test]
fn local_speaks_last_by_option_and_by_side_file() {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    for options in [&["--local"] as &[&str], &[]] {
        let (tree, db) = (Tree::new(), Db::sqlite());
        tree.file("prc.toml", if options.is_empty() { "local = true\n" } else { "" })
            .file("hostname", "elm\n")
            .file("perf.txt", PERF);
        tree.file("other/prc.toml", "local = false\n").file("other/perf.txt", perf("2"));
        import(&tree, &db, "results", options);
        let context = context(&tree, &db, "perf.txt");
        assert!(context.contains(&"host = elm < captured:2 < hostname".to_owned()), "{context:?}");
        if !kernel.is_empty() {
            assert!(context.contains(&format!("kernel = {} < local < -", kernel.trim())), "{context:?}");
        }
        let expected = if options.is_empty() { "-" } else { kernel.trim() };
        assert_eq!(runs(&tree, &db, &["kernel"])[0], expected);
    }
}
