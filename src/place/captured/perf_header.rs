//! `perf report --header-only`: what perf kept of the machine that recorded (Linux, `tools/perf/util/header.c`).

use crate::machine::{Fields, cpu, is_release, label};
use crate::model::{Context, Environment};

/// The facts; `None` when the text has no such header.
pub(super) fn read(text: &str) -> Option<Context> {
    let comments = text.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    let fields: Fields<'_> = comments.filter_map(|line| line.split_once(':')).collect();
    let kernel = fields.one("os release").filter(|release| is_release(release))?;
    fields.one("perf version").or(fields.one("cpuid")).or(fields.one("hostname"))?;
    let arch = fields.one("arch");
    let mut context = fields.one("cpuid").and_then(|cpuid| identity(cpuid, arch, core_pmus(&fields) == 1)).unwrap_or_default();
    context.host = fields.one("hostname").filter(|host| *host != "(none)").map(str::to_owned);
    context.environment.arch = arch.map(str::to_owned);
    context.environment.kernel = Some(kernel.to_owned());
    let labels = [(label::CPU, fields.one("cpudesc")), (label::PERF_VERSION, fields.one("perf version"))];
    context.labels.extend(labels.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))));
    Some(context)
}

/// How many kinds of ARM cores the PMUs speak of: each kind has one of its own (`armv8_cortex_a53`, `apple_icestorm_pmu`); none
/// when the header was cut.
fn core_pmus(fields: &Fields<'_>) -> usize {
    let mappings = fields.one("pmu mappings").unwrap_or_default();
    mappings.split(',').filter(|pmu| ["armv", "apple_"].iter().any(|core| pmu.trim().starts_with(core))).count()
}

/// `get_cpuid` of each `tools/perf/arch/*/util/header.c`. Forms that are not known give nothing.
///
/// ARM's register is that of one CPU: it speaks for all where they are known to be alike.
fn identity(cpuid: &str, arch: Option<&str>, alike: bool) -> Option<Context> {
    let of = |environment: Environment| Context { environment, ..Context::default() };
    let is = |prefix: &str| arch.is_none_or(|arch| arch.starts_with(prefix));
    let fields: Vec<&str> = cpuid.split(',').map(str::trim).collect();
    match fields[..] {
        // s390: manufacturer, type, capacity and model, then version and authorisation of the counters.
        ["IBM", machine, _, ..] if is("s390") => Some(of(cpu::s390(Some(machine)))),
        // x86: vendor, family, model, stepping, all decimal.
        [vendor, family, model, stepping] if is("x86") || is("i") => {
            let numbers = [family, model, stepping].iter().all(|text| text.parse::<i32>().is_ok());
            numbers.then(|| of(cpu::x86(vendor, Some(family), Some(model), Some(stepping))))
        }
        // POWER: version and revision of the PVR, decimal.
        [version, revision] if is("ppc") => Some(of(cpu::power(version.parse().ok()?, revision.parse().ok()?))),
        // ARM: the whole MIDR_EL1.
        [register] if register.starts_with("0x") && register.len() == 18 && (is("aarch64") || is("arm")) => {
            let register = u32::try_from(u64::from_str_radix(&register[2..], 16).ok()?).ok()?;
            let environment = cpu::midr(register);
            Some(of(if alike { environment } else { Environment { model: None, stepping: None, ..environment } }))
        }
        // RISC-V: mvendorid-marchid-mimpid.
        [identities] if is("riscv") => {
            let mut parts = identities.split('-');
            cpu::riscv(parts.next()?, parts.next()?, parts.next()?)
        }
        _ => None,
    }
}
