//! From the numbers of a CPU to its row.

use super::{Microarch, Row, rows};
use crate::catalog::bundle::hexadecimal;
use crate::machine::arm;
use crate::model::Environment;

/// The microarchitecture of an environment; `None` when the facts do not tell, or the table has no such CPU.
///
/// The numbers of the CPU come before the name that somebody gave it: labels are often coarse (`SKL-SP` was three products).
/// A row that names models wins over one that takes all of a family; where the table parts a model by stepping, the stepping must be
/// known.
pub fn find(environment: &Environment) -> Option<Microarch> {
    let fits = |row: &&'static Row| is_of(row, environment);
    let (every, with_model): (Vec<_>, Vec<_>) = rows().iter().filter(fits).partition(|row| row.model == "*");
    let by_numbers = with_model.first().or(every.first()).map(|row| Microarch { row, pmu: None });
    by_numbers.or_else(|| super::named(environment.microarch.as_deref()?).ok())
}

fn is_of(row: &Row, environment: &Environment) -> bool {
    let arch = environment.arch.as_deref();
    if row.is_arm() {
        return arch.is_none_or(|arch| matches!(family_of(arch), "arm" | "aarch64")) && is_arm(row, environment);
    }
    if !arch.is_none_or(|arch| row.arch.split('|').any(|known| known == family_of(arch))) {
        return false;
    }
    match row.arch {
        "s390x" => holds(row.model, environment.model) && arch.is_some(),
        "riscv64" => is_riscv(row, environment),
        _ if row.is_power() => arch.is_some_and(|arch| arch.starts_with("ppc")) && is_number(row.model, environment.model),
        _ => is_x86(row, environment),
    }
}

/// Other words of `uname -m` for an architecture of the table.
fn family_of(arch: &str) -> &str {
    match arch {
        "amd64" => "x86_64",
        "i486" | "i586" | "i686" => "i386",
        "arm64" => "aarch64",
        _ if arch.starts_with("armv") => "arm",
        "s390" => "s390x",
        _ => arch,
    }
}

fn is_x86(row: &Row, environment: &Environment) -> bool {
    environment.vendor.as_deref() == Some(row.vendor)
        && is_number(row.family, environment.family)
        && holds(row.model, environment.model)
        && (row.stepping.is_empty() || holds(row.stepping, environment.stepping))
}

/// Implementer and part tell it alone: the architecture may be missing, and a 64-bit core may run a 32-bit kernel.
fn is_arm(row: &Row, environment: &Environment) -> bool {
    let maker = row.vendor.rsplit_once(':').and_then(|(_, number)| hexadecimal(number));
    let ours = environment.vendor.as_deref().and_then(arm::implementer).map(u64::from);
    ours.is_some() && maker == ours && environment.model.and_then(|part| u64::try_from(part).ok()) == hexadecimal(row.model)
}

fn is_riscv(row: &Row, environment: &Environment) -> bool {
    let vendor = row.vendor.strip_prefix("mvendorid:");
    let fits = |id: i32| row.model.split('|').any(|known| hexadecimal(known) == u64::try_from(id).ok());
    let model = environment.model;
    // An architecture identity that fits no number of ours is told by the vendor alone, where it sells one core.
    vendor.is_some() && vendor == environment.vendor.as_deref() && model.is_none_or(fits)
}

fn is_number(text: &str, number: Option<i32>) -> bool {
    number.is_some() && text.parse().ok() == number
}

/// Whether a list of numbers and ranges holds a number: `16-31|48`; `*` holds every one that is known.
fn holds(list: &str, number: Option<i32>) -> bool {
    let Some(number) = number else { return false };
    list == "*"
        || list.split('|').any(|part| match part.split_once('-') {
            Some((low, high)) => {
                low.parse().is_ok_and(|low: i32| low <= number) && high.parse().is_ok_and(|high: i32| number <= high)
            }
            None => part.parse() == Ok(number),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::cpu;

    fn short(arch: &str, environment: Environment) -> Option<&'static str> {
        find(&Environment { arch: Some(arch.to_owned()), ..environment }).map(|found| found.row.short)
    }

    fn x86(vendor: &str, family: &str, model: &str, stepping: &str) -> Option<&'static str> {
        short("x86_64", cpu::x86(vendor, Some(family), Some(model), Some(stepping)))
    }

    #[test]
    fn cpus_of_every_architecture_are_found() {
        assert_eq!(x86("GenuineIntel", "6", "58", "9"), Some("IVB"));
        assert_eq!(x86("AuthenticAMD", "23", "49", "0"), Some("ZEN2"));
        assert_eq!(x86("AuthenticAMD", "25", "1", "1"), Some("ZEN3"));
        assert_eq!(short("aarch64", cpu::midr(0x411f_d072)), Some("A57"));
        assert_eq!(short("aarch64", cpu::midr(0x410f_d034)), Some("A53"));
        assert_eq!(short("armv7l", cpu::midr(0x410f_d034)), Some("A53"));
        assert_eq!(short("ppc64le", cpu::pvr("2.3 (pvr 004e 1203)").unwrap()), Some("POWER9"));
        assert_eq!(short("s390x", cpu::s390(Some("3907"))), Some("z14"));
        let u74 = cpu::riscv("0x489", "0x8000000000000007", "0x20181004").unwrap().environment;
        assert_eq!(short("riscv64", u74), Some("U74"));
    }

    #[test]
    fn a_kernel_of_32_bits_runs_on_every_x86() {
        for (vendor, family, model, name) in [
            ("AuthenticAMD", "6", "10", "K7"),
            ("AuthenticAMD", "15", "65", "K8"),
            ("AuthenticAMD", "16", "4", "F10H"),
            ("GenuineIntel", "15", "4", "P4"),
            ("GenuineIntel", "6", "58", "IVB"),
        ] {
            let numbers = || cpu::x86(vendor, Some(family), Some(model), Some("1"));
            assert_eq!(short("i686", numbers()), Some(name), "{vendor} {family} {model}");
            assert_eq!(short("x86_64", numbers()), Some(name), "{vendor} {family} {model}");
            assert_eq!(short("aarch64", numbers()), None, "{vendor} {family} {model}");
        }
    }

    #[test]
    fn a_label_tells_what_the_numbers_do_not() {
        let labelled = |numbers: Environment| Environment { microarch: Some("SKL-SP".to_owned()), ..numbers };
        assert_eq!(short("x86_64", labelled(Environment::default())), Some("SKX"));
        let cascade_lake = cpu::x86("GenuineIntel", Some("6"), Some("85"), Some("7"));
        assert_eq!(short("x86_64", labelled(cascade_lake)), Some("CLX"));
    }

    #[test]
    fn model_0x55_needs_its_stepping() {
        for (stepping, name) in [("4", Some("SKX")), ("7", Some("CLX")), ("11", Some("CPX")), ("", None)] {
            assert_eq!(x86("GenuineIntel", "6", "85", stepping), name, "{stepping}");
        }
    }

    #[test]
    fn a_vendor_is_part_of_the_identity() {
        // The predecessor gave an AMD row of family 6, model 58 the name of Intel's.
        assert_eq!(x86("AuthenticAMD", "6", "58", "9"), Some("K7"));
        assert_eq!(x86("CentaurHauls", "6", "58", "9"), None);
        assert_eq!(find(&Environment::default()).map(|found| found.row.short), None);
    }

    #[test]
    fn a_named_model_wins_over_the_rest_of_its_family() {
        let table = |model| find(&cpu::x86("AuthenticAMD", Some("16"), Some(model), Some("0"))).unwrap().row.libpfm4;
        assert_eq!(table("4"), "amd64_fam10h_shanghai");
        assert!(table("10").contains('|'));
    }
}
