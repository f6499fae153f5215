//! `/proc/cpuinfo`, which every architecture writes in its own words.

use crate::model::Environment;

/// Implementers of ARM's `MIDR_EL1`, with the vendor as Linux spells it.
const ARM_IMPLEMENTERS: &[(i32, &str)] = &[
    (0x41, "ARM"),
    (0x42, "Broadcom"),
    (0x43, "Cavium"),
    (0x46, "Fujitsu"),
    (0x48, "HiSilicon"),
    (0x4e, "NVIDIA"),
    (0x50, "APM"),
    (0x51, "Qualcomm"),
    (0x53, "Samsung"),
    (0x61, "Apple"),
    (0x6d, "Microsoft"),
    (0xc0, "Ampere"),
];

/// The CPU fields of an environment, as far as the text names them; the first CPU speaks for all.
pub(super) fn read(text: &str) -> Environment {
    let field = |name: &str| {
        text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
    };
    if let Some(vendor) = field("vendor_id").filter(|_| field("cpu family").is_some()) {
        return x86(vendor, field);
    }
    if field("CPU implementer").is_some() {
        return arm(field);
    }
    if let Some(revision) = field("revision").filter(|text| text.contains("pvr")) {
        return power(revision);
    }
    let vendor = match field("vendor_id") {
        Some("IBM/S390") => Some("IBM".to_owned()),
        _ => field("mvendorid").map(str::to_owned),
    };
    Environment { vendor, ..Environment::default() }
}

fn x86<'a>(vendor: &str, field: impl Fn(&str) -> Option<&'a str>) -> Environment {
    let number = |name| field(name).and_then(|text| text.parse().ok());
    Environment {
        vendor: Some(vendor.to_owned()),
        family: number("cpu family"),
        model: number("model"),
        stepping: number("stepping"),
        ..Environment::default()
    }
}

fn arm<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Environment {
    let implementer = field("CPU implementer").and_then(number);
    let vendor = ARM_IMPLEMENTERS.iter().find(|(id, _)| Some(*id) == implementer).map(|(_, name)| (*name).to_owned());
    Environment {
        vendor: vendor.or_else(|| implementer.map(|id| format!("{id:#x}"))),
        model: field("CPU part").and_then(number),
        stepping: field("CPU revision").and_then(number),
        ..Environment::default()
    }
}

/// `2.3 (pvr 004e 1203)`: version of the processor and its revision, both hexadecimal.
fn power(revision: &str) -> Environment {
    let pvr = revision.split_once("(pvr ").and_then(|(_, rest)| rest.split_once(')'));
    let (version, revision) = pvr.and_then(|(pvr, _)| pvr.split_once(' ')).unzip();
    let hexadecimal = |text: Option<&str>| i32::from_str_radix(text?, 16).ok();
    Environment {
        vendor: Some("IBM".to_owned()),
        model: hexadecimal(version),
        stepping: hexadecimal(revision),
        ..Environment::default()
    }
}

/// Decimal, or hexadecimal after `0x`.
fn number(text: &str) -> Option<i32> {
    text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| i32::from_str_radix(digits, 16).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(text: &str) -> (Option<String>, Option<i32>, Option<i32>, Option<i32>) {
        let read = read(text);
        (read.vendor, read.family, read.model, read.stepping)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the shape of a field")]
    fn named(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    #[test]
    fn x86_names_vendor_family_model_and_stepping() {
        let text = "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\nmodel name\t: Xeon\nstepping\t: 10\n\n";
        assert_eq!(cpu(text), (named("GenuineIntel"), Some(6), Some(158), Some(10)));
    }

    #[test]
    fn arm_names_implementer_part_and_revision() {
        // Cortex-A57 r1p2: MIDR part 0xd07, revision 2.
        let text = "processor\t: 0\nBogoMIPS\t: 100.00\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\n\
                    CPU part\t: 0xd07\nCPU revision\t: 2\n";
        assert_eq!(cpu(text), (named("ARM"), None, Some(0xd07), Some(2)));
        assert_eq!(cpu("CPU implementer\t: 0x99\nCPU part\t: 0x001\n"), (named("0x99"), None, Some(1), None));
    }

    #[test]
    fn power_names_the_processor_version() {
        // POWER9 DD2.3.
        let text =
            "processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 3800.000000MHz\nrevision\t: 2.3 (pvr 004e 1203)\n";
        assert_eq!(cpu(text), (named("IBM"), None, Some(0x4e), Some(0x1203)));
    }

    #[test]
    fn s390_and_riscv_name_the_vendor_at_most() {
        assert_eq!(cpu("vendor_id       : IBM/S390\n# processors    : 2\n"), (named("IBM"), None, None, None));
        assert_eq!(cpu("processor\t: 0\nisa\t\t: rv64imafdc\nmvendorid\t: 0x489\n"), (named("0x489"), None, None, None));
        assert_eq!(cpu(""), (None, None, None, None));
    }
}
