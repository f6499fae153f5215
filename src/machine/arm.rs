//! Names of ARM CPUs: implementers and parts of `MIDR_EL1`.
//!
//! Numbers after Linux, `arch/arm64/include/asm/cputype.h`; spellings after util-linux, `sys-utils/lscpu-arm.c`, for
//! `lscpu` prints the name instead of the number.

/// Implementers, with the vendor's name.
const IMPLEMENTERS: &[(u32, &str)] = &[
    (0x41, "ARM"),
    (0x42, "Broadcom"),
    (0x43, "Cavium"),
    (0x44, "DEC"),
    (0x46, "Fujitsu"),
    (0x48, "HiSilicon"),
    (0x49, "Infineon"),
    (0x4d, "Motorola/Freescale"),
    (0x4e, "NVIDIA"),
    (0x50, "APM"),
    (0x51, "Qualcomm"),
    (0x53, "Samsung"),
    (0x56, "Marvell"),
    (0x61, "Apple"),
    (0x66, "Faraday"),
    (0x69, "Intel"),
    (0x6d, "Microsoft"),
    (0x70, "Phytium"),
    (0xc0, "Ampere"),
];

/// Implementer, part and name. A name that stands for two parts (`Cortex-A17`, `Kryo`) is left out: it would be a guess.
const PARTS: &[(u32, u32, &str)] = &[
    (0x41, 0xb76, "ARM1176"),
    (0x41, 0xc05, "Cortex-A5"),
    (0x41, 0xc07, "Cortex-A7"),
    (0x41, 0xc08, "Cortex-A8"),
    (0x41, 0xc09, "Cortex-A9"),
    (0x41, 0xc0f, "Cortex-A15"),
    (0x41, 0xd01, "Cortex-A32"),
    (0x41, 0xd02, "Cortex-A34"),
    (0x41, 0xd03, "Cortex-A53"),
    (0x41, 0xd04, "Cortex-A35"),
    (0x41, 0xd05, "Cortex-A55"),
    (0x41, 0xd06, "Cortex-A65"),
    (0x41, 0xd07, "Cortex-A57"),
    (0x41, 0xd08, "Cortex-A72"),
    (0x41, 0xd09, "Cortex-A73"),
    (0x41, 0xd0a, "Cortex-A75"),
    (0x41, 0xd0b, "Cortex-A76"),
    (0x41, 0xd0c, "Neoverse-N1"),
    (0x41, 0xd0d, "Cortex-A77"),
    (0x41, 0xd0e, "Cortex-A76AE"),
    (0x41, 0xd40, "Neoverse-V1"),
    (0x41, 0xd41, "Cortex-A78"),
    (0x41, 0xd42, "Cortex-A78AE"),
    (0x41, 0xd43, "Cortex-A65AE"),
    (0x41, 0xd44, "Cortex-X1"),
    (0x41, 0xd46, "Cortex-A510"),
    (0x41, 0xd47, "Cortex-A710"),
    (0x41, 0xd48, "Cortex-X2"),
    (0x41, 0xd49, "Neoverse-N2"),
    (0x41, 0xd4a, "Neoverse-E1"),
    (0x41, 0xd4b, "Cortex-A78C"),
    (0x41, 0xd4c, "Cortex-X1C"),
    (0x41, 0xd4d, "Cortex-A715"),
    (0x41, 0xd4e, "Cortex-X3"),
    (0x41, 0xd4f, "Neoverse-V2"),
    (0x42, 0x00f, "Brahma-B15"),
    (0x42, 0x100, "Brahma-B53"),
    (0x42, 0x516, "ThunderX2"),
    (0x43, 0x0a0, "ThunderX"),
    (0x43, 0x0af, "ThunderX2-99xx"),
    (0x43, 0x0b8, "ThunderX3-T110"),
    (0x46, 0x001, "A64FX"),
    (0x48, 0xd01, "Kunpeng-920"),
    (0x48, 0xd40, "Cortex-A76"),
    (0x4e, 0x004, "Carmel"),
    (0x50, 0x000, "X-Gene"),
    (0x51, 0xc00, "Falkor"),
    (0x51, 0xc01, "Saphira"),
    (0x61, 0x022, "Icestorm-M1"),
    (0x61, 0x023, "Firestorm-M1"),
    (0x61, 0x032, "Blizzard-M2"),
    (0x61, 0x033, "Avalanche-M2"),
    (0x70, 0x662, "FTC662"),
    (0x70, 0x663, "FTC663"),
    (0xc0, 0xac3, "Ampere-1"),
    (0xc0, 0xac4, "Ampere-1a"),
];

/// Name of an implementer; its number (`0x99`) where it has none.
pub(crate) fn vendor(implementer: u32) -> String {
    let named = IMPLEMENTERS.iter().find(|(id, _)| *id == implementer);
    named.map_or_else(|| format!("{implementer:#04x}"), |(_, name)| (*name).to_owned())
}

/// The implementer of a name, in either case (`FUJITSU`), or of a number.
pub(crate) fn implementer(vendor: &str) -> Option<u32> {
    let named = IMPLEMENTERS.iter().find(|(_, name)| name.eq_ignore_ascii_case(vendor)).map(|(id, _)| *id);
    named.or_else(|| u32::from_str_radix(vendor.strip_prefix("0x")?, 16).ok().filter(|id| *id <= 0xff))
}

/// The part that an implementer sells under a name.
pub(crate) fn part(implementer: u32, name: &str) -> Option<u32> {
    PARTS.iter().find(|(maker, _, sold)| *maker == implementer && *sold == name).map(|(_, part, _)| *part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_part() {
        for (implementer, part_number, name) in PARTS {
            assert_eq!(part(*implementer, name), Some(*part_number), "{name}");
        }
    }

    #[test]
    fn a_vendor_is_found_by_name_and_by_number() {
        assert_eq!((implementer("FUJITSU"), vendor(0x46)), (Some(0x46), "Fujitsu".to_owned()));
        assert_eq!((implementer("0x09"), vendor(0x09)), (Some(0x09), "0x09".to_owned()));
        assert_eq!((implementer("Amazon"), implementer("0x")), (None, None));
    }
}
