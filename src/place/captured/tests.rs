use proptest::prelude::*;

use super::*;
use crate::model::Environment;

/// One machine in the words of `/proc/cpuinfo`, `lscpu` and `perf report --header-only`, and its vendor, family, model, stepping.
type Same = (&'static str, &'static str, &'static str, (&'static str, Option<i32>, Option<i32>, Option<i32>));

/// The texts follow the print functions named in each reader.
const SAME: [Same; 5] = [
    (
        "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\n\
         stepping\t: 4\nmicrocode\t: 0x2006a08\nflags\t\t: fpu vme\n\nprocessor\t: 1\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n\
         model\t\t: 85\nmodel name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nstepping\t: 4\n\n",
        "Architecture:        x86_64\nCPU(s):              2\nVendor ID:           GenuineIntel\nCPU family:          6\nModel:               85\n\
         Model name:          Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nStepping:            4\n",
        "# hostname : x\n# os release : 6.1.0\n# perf version : 6.1.0\n# arch : x86_64\n# cpuid : GenuineIntel,6,85,4\n",
        ("GenuineIntel", Some(6), Some(85), Some(4)),
    ),
    (
        "processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\n\
         CPU part\t: 0xd07\nCPU revision\t: 2\n\n",
        "Architecture:            aarch64\nCPU(s):                  1\nVendor ID:               ARM\n  Model name:            Cortex-A57\n\
         \x20   Model:               2\n    Stepping:            r1p2\n",
        "# hostname : x\n# os release : 6.1.0\n# perf version : 6.1.0\n# arch : aarch64\n# cpuid : 0x00000000411fd072\n\
         # pmu mappings: armv8_pmuv3_0 = 8, software = 1, tracepoint = 2\n",
        ("ARM", None, Some(0xd07), Some(0x12)),
    ),
    (
        "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3800.000000MHz\nrevision\t: 2.3 (pvr 004e 1203)\n\n\
         timebase\t: 512000000\nplatform\t: PowerNV\nmodel\t\t: 9006-22P\n",
        "Architecture:        ppc64le\nCPU(s):              4\nModel:               2.3 (pvr 004e 1203)\nModel name:          POWER9, altivec supported\n",
        "# hostname : x\n# os release : 5.4.0\n# perf version : 5.4.0\n# arch : ppc64le\n# cpuid : 78,4611\n",
        ("IBM", None, Some(0x4e), Some(0x1203)),
    ),
    (
        "vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 3033.00\nmax thread id   : 0\nfeatures\t: esan3 zarch \n\
         processor 0: version = FF,  identification = 0133E8,  machine = 2964\n\
         processor 1: version = FF,  identification = 0133E8,  machine = 2964\n",
        "Architecture:        s390x\nCPU(s):              2\nVendor ID:           IBM/S390\nMachine type:        2964\n",
        "# hostname : x\n# os release : 5.4.0\n# perf version : 5.4.0\n# arch : s390x\n# cpuid : IBM,2964,702,N96,3.5,002f\n",
        ("IBM", None, Some(2964), None),
    ),
    (
        "processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nmmu\t\t: sv39\nuarch\t\t: sifive,u74-mc\nmvendorid\t: 0x489\n\
         marchid\t\t: 0x8000000000000007\nmimpid\t\t: 0x4210427\n\n",
        "Architecture:        riscv64\nCPU(s):              4\nVendor ID:           0x489\n  Model name:        sifive,u74-mc\n\
         \x20   CPU family:      0x8000000000000007\n    Model:           0x4210427\n",
        "# hostname : x\n# os release : 6.6.0\n# perf version : 6.6.0\n# arch : riscv64\n# cpuid : 0x489-0x8000000000000007-0x4210427\n",
        ("0x489", None, None, Some(0x421_0427)),
    ),
];

fn cpu(environment: &Environment) -> (Option<&str>, Option<i32>, Option<i32>, Option<i32>) {
    (environment.vendor.as_deref(), environment.family, environment.model, environment.stepping)
}

fn context(text: &str, kind: Kind) -> Context {
    let captured = read(text, "x").unwrap_or_else(|| panic!("not recognised: {text}"));
    assert_eq!(captured.kind, kind, "{text}");
    captured.context
}

#[test]
fn one_machine_is_one_cpu_in_every_file() {
    for (cpuinfo, lscpu, header, (vendor, family, model, stepping)) in SAME {
        for (text, kind) in [(cpuinfo, Kind::Cpuinfo), (lscpu, Kind::Lscpu), (header, Kind::PerfHeader)] {
            let found = context(text, kind);
            assert_eq!(cpu(&found.environment), (Some(vendor), family, model, stepping), "{text}");
            assert_eq!(found.labels.contains_key("cpuid"), vendor == "0x489", "{text}");
        }
        let (one, other) = (context(cpuinfo, Kind::Cpuinfo), context(lscpu, Kind::Lscpu));
        if let Some(name) = one.labels.get("cpu") {
            assert_eq!(other.labels.get("cpu"), Some(name));
        }
    }
}

#[test]
fn the_captures_of_one_real_machine_agree() {
    // The laboratory's Cortex-A57 r1p0: Debian 12, util-linux 2.38.
    let cpuinfo = "processor\t: 0\nBogoMIPS\t: 125.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid\n\
                   CPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\nCPU part\t: 0xd07\nCPU revision\t: 0\n\n";
    let lscpu = "Architecture:                            aarch64\nCPU op-mode(s):                          32-bit, 64-bit\n\
                 CPU(s):                                  1\nVendor ID:                               ARM\n\
                 Model name:                              Cortex-A57\nModel:                                   0\n\
                 Stepping:                                r1p0\nNUMA node0 CPU(s):                       0\n";
    for (text, kind) in [(cpuinfo, Kind::Cpuinfo), (lscpu, Kind::Lscpu)] {
        assert_eq!(cpu(&context(text, kind).environment), (Some("ARM"), None, Some(0xd07), Some(0x10)));
    }
}

#[test]
fn several_captures_in_one_file_are_read_together() {
    let uname = "Linux node7 5.10.0 #1 SMP x86_64 GNU/Linux\n";
    let (cpuinfo, lscpu, ..) = SAME[0];
    let found = context(&format!("{uname}\n{lscpu}\n{cpuinfo}"), Kind::Lscpu);
    assert_eq!((found.host.as_deref(), found.environment.kernel.as_deref()), (Some("node7"), Some("5.10.0")));
    assert_eq!(cpu(&found.environment), (Some("GenuineIntel"), Some(6), Some(85), Some(4)));
    assert_eq!(found.labels["microcode"], "0x2006a08");
    // The words of another machine make it a file about none.
    let arm = "Linux rock 5.10.0 #1 SMP aarch64 GNU/Linux\n";
    assert_eq!(read(&format!("{arm}{lscpu}"), "system_info.txt"), None);
    assert_eq!(read(&format!("{uname}{lscpu}{}", SAME[1].0), "system_info.txt"), None);
}

#[test]
fn lscpu_as_json_says_what_its_text_says() {
    // A hierarchy has the rows of a kind of CPU as children.
    let json = r#"{"lscpu": [
        {"field": "Architecture:", "data": "x86_64", "children": [{"field": "CPU op-mode(s):", "data": "32-bit, 64-bit"}]},
        {"field": "CPU(s):", "data": "2"},
        {"field": "Vendor ID:", "data": "AuthenticAMD", "children": [{"field": "Model name:", "data": "AMD EPYC", "children": [
            {"field": "CPU family:", "data": "25"}, {"field": "Model:", "data": "17"}, {"field": "Stepping:", "data": "1"}]}]},
        {"field": "Hypervisor vendor:", "data": "KVM"}, {"field": "Virtualization type:", "data": "full"},
        {"field": "NUMA:", "data": null}]}"#;
    let text = "Architecture:    x86_64\nCPU(s):          2\nVendor ID:       AuthenticAMD\nModel name:      AMD EPYC\nCPU family:      25\n\
                Model:           17\nStepping:        1\nHypervisor vendor: KVM\nVirtualization type: full\n";
    let found = context(json, Kind::Lscpu);
    assert_eq!(found, context(text, Kind::Lscpu));
    assert_eq!(cpu(&found.environment), (Some("AuthenticAMD"), Some(25), Some(17), Some(1)));
    assert_eq!((found.environment.virt.as_deref(), found.labels["cpu"].as_str()), (Some("kvm"), "AMD EPYC"));
}

#[test]
fn more_than_one_kind_of_cpu_leaves_the_model_unknown() {
    let block = |part: &str, variant: u8, revision: u8| {
        format!(
            "processor\t: 0\nCPU implementer\t: 0x41\nCPU variant\t: {variant:#x}\nCPU part\t: {part}\nCPU revision\t: {revision}\n\n"
        )
    };
    let big_little = block("0xd08", 0, 2) + &block("0xd03", 0, 4) + &block("0xd03", 0, 4);
    let cores = "Architecture:  aarch64\nCPU(s):        6\nVendor ID:     ARM\nModel name:    Cortex-A53\nModel:         4\nStepping:      r0p4\n\
                 Model name:    Cortex-A72\nModel:         2\nStepping:      r0p2\n";
    for (text, kind) in [(big_little.as_str(), Kind::Cpuinfo), (cores, Kind::Lscpu)] {
        let found = context(text, kind);
        assert_eq!(cpu(&found.environment), (Some("ARM"), None, None, None), "{text}");
        assert_eq!(found.labels["cpu_parts"], "ARM:0xd03 ARM:0xd08");
    }
    let cut = "# os release : 6.1.0\n# perf version : 6.1\n# arch : aarch64\n# cpuid : 0x00000000410fd034\n";
    assert_eq!(cpu(&context(cut, Kind::PerfHeader).environment), (Some("ARM"), None, None, None));
    let header = "# hostname : rock\n# os release : 5.10.0\n# perf version : 5.10\n# arch : aarch64\n# cpuid : 0x00000000410fd034\n\
                  # pmu mappings: armv8_cortex_a53 = 7, software = 1, armv8_cortex_a72 = 8\n";
    assert_eq!(cpu(&context(header, Kind::PerfHeader).environment), (Some("ARM"), None, None, None));
    let revisions = block("0xd0c", 3, 0) + &block("0xd0c", 3, 1);
    assert_eq!(cpu(&context(&revisions, Kind::Cpuinfo).environment), (Some("ARM"), None, Some(0xd0c), None));
}

#[test]
fn a_perf_header_names_host_kernel_and_cpu() {
    // As posted to the mailing list of perf.
    let text = "# ========\n# captured on    : Tue Dec 15 12:21:23 2020\n# header version : 1\n# data offset    : 432\n# hostname : five\n\
                # os release : 5.10.0-rc7+\n# perf version : 5.10.rc6.gc56d2601b5d0\n# arch : x86_64\n# nrcpus online : 24\n\
                # cpudesc : AMD Ryzen 9 3900X 12-Core Processor\n# cpuid : AuthenticAMD,23,113,0\n# total memory : 32884432 kB\n";
    let found = context(text, Kind::PerfHeader);
    assert_eq!((found.host.as_deref(), found.environment.kernel.as_deref()), (Some("five"), Some("5.10.0-rc7+")));
    assert_eq!(cpu(&found.environment), (Some("AuthenticAMD"), Some(23), Some(113), Some(0)));
    assert_eq!(found.labels["cpu"], "AMD Ryzen 9 3900X 12-Core Processor");
    assert_eq!(found.labels["perf_version"], "5.10.rc6.gc56d2601b5d0");
}

#[test]
fn short_files_name_host_kernel_and_system() {
    let uname = context(
        "$ uname -a\nLinux a57-lab 6.1.0-50-arm64 #1 SMP Debian 6.1.176-1 (2026-07-02) aarch64 GNU/Linux\n",
        Kind::Uname,
    );
    assert_eq!((uname.host.as_deref(), uname.environment.arch.as_deref()), (Some("a57-lab"), Some("aarch64")));
    let two = "Linux a 6.1.0 #1 SMP x86_64 GNU/Linux\nLinux b 6.1.0 #1 SMP x86_64 GNU/Linux\n";
    assert_eq!(read(two, "uname.txt"), None);
    let debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n";
    assert_eq!(context(debian, Kind::OsRelease).labels["os"], "Debian GNU/Linux 12 (bookworm)");
    assert_eq!(read("node7\n", "node7.hostname").map(|captured| captured.context.host), Some(Some("node7".to_owned())));
    assert_eq!(
        (read("node7\n", "notes.txt"), read("two words\n", "hostname"), read("localhost\n", "hostname")),
        (None, None, None)
    );
}

#[test]
fn what_is_not_certain_is_not_read() {
    for text in [
        "",
        "Architektur:                     x86_64\nCPU(s):                          2\nAnbieterkennung:                 GenuineIntel\n",
        "     1,234      cycles\n\n       1.0 seconds time elapsed\n",
        "{\"lscpu\": 7}",
        "# started on Tue Dec 15 12:21:23 2020\n",
        "cpu\t: 1\nrevision\t: 7\n",
    ] {
        assert_eq!(read(text, "cpuinfo.txt"), None, "{text}");
    }
    // A guest: the flag does not say of what.
    let guest = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\nstepping\t: unknown\nflags\t\t: fpu hypervisor\n";
    let found = context(guest, Kind::Cpuinfo);
    assert_eq!((found.environment.virt, found.environment.stepping), (None, None));
    // Without a name there is no part: what lscpu calls model on ARM is the revision.
    let old = "Architecture:        aarch64\nCPU(s):              64\nVendor ID:           ARM\nModel:               3\n";
    assert_eq!(cpu(&context(old, Kind::Lscpu).environment), (Some("ARM"), None, None, None));
    // An id in no known form costs the CPU, not host and kernel.
    let unknown = "# hostname : x\n# os release : 6.1.0\n# arch : loongarch64\n# cpuid : Loongson,3,x\n";
    let found = context(unknown, Kind::PerfHeader);
    assert_eq!((cpu(&found.environment), found.host.as_deref()), ((None, None, None, None), Some("x")));
}

#[test]
fn names_of_captured_files_are_told_from_results() {
    for name in [
        "cpuinfo",
        "cpuinfo.txt",
        "node7-cpuinfo.txt",
        "proc/cpuinfo",
        "CPUINFO.log",
        "cpu-info.txt",
        "lscpu",
        "lscpu.json",
        "uname-a.txt",
        "os-release",
        "etc_os-release",
        "hostname",
        "node7.hostname",
        "perf-header.txt",
        "perf_report_header.txt",
        "proc_version.txt",
    ] {
        assert!(may_be(name), "{name}");
    }
    for name in ["perf.txt", "perf_stat.csv", "run1.perf.3", "results.log", "header.txt", "cpu_stats", "stat", ""] {
        assert!(!may_be(name), "{name}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).{0,400}", name in ".{0,20}") {
        let _ = may_be(&name);
        let _ = read(&text, &name);
    }

    #[test]
    fn no_mixture_of_known_words_panics(lines in prop::collection::vec(
        ("(# )?(Architecture|CPU\\(s\\)|Vendor ID|Model|Model name|Stepping|vendor_id|cpu family|CPU implementer|CPU part|revision|cpu|hart|isa|\
          mvendorid|marchid|mimpid|processor 0|os release|hostname|cpuid|arch|Machine type)", "[ \t]*:[ ]?",
          "(0x)?[0-9a-f]{0,18}|x86_64|aarch64|ppc64le|s390x|riscv64|rv64é|é|[-,]{1,3}|\\(pvr [0-9é ]{0,9}\\)|IBM,é|r1p|machine = ."), 0..12)) {
        let lines: Vec<String> = lines.iter().map(|(key, colon, value)| format!("{key}{colon}{value}")).collect();
        let _ = read(&lines.join("\n"), "x");
    }
}
