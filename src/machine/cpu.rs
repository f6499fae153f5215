//! The CPU fields of an [`Environment`], one convention for each architecture.
//!
//! | architecture | vendor | family | model | stepping |
//! |---|---|---|---|---|
//! | x86 | as CPUID names it | family | model | stepping |
//! | ARM | name of the implementer, else its number `0x99` | - | part of `MIDR_EL1` | variant x 16 + revision: r1p2 is 18 |
//! | POWER | `IBM` | - | version of the PVR | revision of the PVR |
//! | s390 | `IBM` | - | machine type, its digits as a decimal number: 3906 | - |
//! | RISC-V | `mvendorid` in hexadecimal: `0x489` | - | `marchid` | `mimpid` |
//!
//! A RISC-V identity of 0 says "not implemented" (privileged specification on `mvendorid`, `marchid` and `mimpid`) and stays unknown; one above 2^31 - 1
//! does not fit and is told by the label `cpuid` alone.

use super::{arm as names, label};
use crate::model::{Context, Environment};

/// x86: numbers as the CPU's identification gives them.
pub(crate) fn x86(vendor: &str, family: Option<&str>, model: Option<&str>, stepping: Option<&str>) -> Environment {
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    Environment {
        vendor: Some(vendor.to_owned()),
        family: number(family),
        model: number(model),
        stepping: number(stepping),
        ..Environment::default()
    }
}

/// ARM: fields of `MIDR_EL1`, those that are known.
pub(crate) fn arm(implementer: u32, part: Option<u32>, variant: Option<u32>, revision: Option<u32>) -> Environment {
    let stepping = variant.zip(revision).filter(|(variant, revision)| *variant < 16 && *revision < 16);
    Environment {
        vendor: Some(names::vendor(implementer)),
        model: part.and_then(|part| i32::try_from(part).ok()),
        stepping: stepping.and_then(|(variant, revision)| i32::try_from(variant << 4 | revision).ok()),
        ..Environment::default()
    }
}

/// ARM: the whole `MIDR_EL1` : implementer, variant, architecture, part, revision from bit 31 down.
pub(crate) fn midr(register: u32) -> Environment {
    arm(register >> 24, Some(register >> 4 & 0xfff), Some(register >> 20 & 0xf), Some(register & 0xf))
}

/// POWER: halves of the processor version register.
pub(crate) fn power(version: u16, revision: u16) -> Environment {
    Environment {
        vendor: Some("IBM".to_owned()),
        model: Some(version.into()),
        stepping: Some(revision.into()),
        ..Environment::default()
    }
}

/// POWER: `2.3 (pvr 004e 1203)`, both hexadecimal (Linux, `arch/powerpc/kernel/setup-common.c`).
pub(crate) fn pvr(text: &str) -> Option<Environment> {
    let (_, rest) = text.split_once("(pvr ")?;
    let (version, revision) = rest.split_once(')')?.0.split_once(' ')?;
    let hexadecimal = |digits| u16::from_str_radix(digits, 16).ok();
    Some(power(hexadecimal(version)?, hexadecimal(revision)?))
}

/// s390: the machine type, when it is known; four digits, however the source's number is called.
pub(crate) fn s390(machine: Option<&str>) -> Environment {
    let digits = machine.filter(|text| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()));
    Environment { vendor: Some("IBM".to_owned()), model: digits.and_then(|text| text.parse().ok()), ..Environment::default() }
}

/// RISC-V: the three identities, hexadecimal; all of them are also kept as label.
pub(crate) fn riscv(vendor: &str, arch: &str, implementation: &str) -> Option<Context> {
    let register = |text: &str| u64::from_str_radix(text.strip_prefix("0x")?, 16).ok();
    let (vendor, arch, implementation) = (register(vendor)?, register(arch)?, register(implementation)?);
    let number = |id: u64| i32::try_from(id).ok().filter(|id| *id != 0);
    let environment = Environment {
        vendor: (vendor != 0).then(|| format!("{vendor:#x}")),
        model: number(arch),
        stepping: number(implementation),
        ..Environment::default()
    };
    let mut context = Context { environment, ..Context::default() };
    if (vendor, arch, implementation) != (0, 0, 0) {
        context.labels.insert(label::CPUID.to_owned(), format!("{vendor:#x}-{arch:#x}-{implementation:#x}"));
    }
    Some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(environment: &Environment) -> (Option<&str>, Option<i32>, Option<i32>) {
        (environment.vendor.as_deref(), environment.model, environment.stepping)
    }

    #[test]
    fn registers_and_their_fields_are_one_cpu() {
        // Cortex-A57 r1p2; the registers of a Kunpeng 920 and an Ampere-1 as posted to linux-kernel.
        assert_eq!(numbers(&midr(0x411f_d072)), (Some("ARM"), Some(0xd07), Some(18)));
        assert_eq!(midr(0x411f_d072), arm(0x41, Some(0xd07), Some(1), Some(2)));
        assert_eq!(numbers(&midr(0x480f_d010)), (Some("HiSilicon"), Some(0xd01), Some(0)));
        assert_eq!(numbers(&midr(0xc00f_ac30)), (Some("Ampere"), Some(0xac3), Some(0)));
        assert_eq!(pvr("2.3 (pvr 004e 1203)"), Some(power(78, 4611)));
        assert_eq!(pvr("2.3"), None);
    }

    #[test]
    fn a_risc_v_identity_of_zero_is_unknown_and_a_large_one_a_label() {
        let u74 = riscv("0x489", "0x8000000000000007", "0x20181004").unwrap();
        assert_eq!(numbers(&u74.environment), (Some("0x489"), None, Some(0x2018_1004)));
        assert_eq!(u74.labels["cpuid"], "0x489-0x8000000000000007-0x20181004");
        assert_eq!(riscv("0x0", "0x0", "0x0"), Some(Context::default()));
        assert_eq!(riscv("489", "0x0", "0x0"), None);
    }
}
