//! `/proc/cpuinfo`, which every architecture writes in its own words.
//!
//! A number is a fact only when all CPUs agree on it. Whether the machine is virtual is not read: the flag `hypervisor` of x86
//! does not say which one it is, and its absence does not exclude a container.

use crate::machine::{Fields, arm as names, cpu, label};
use crate::model::{Context, Environment};

/// The CPU as far as the text names it; `None` when it is no such file.
pub(in crate::place) fn read(text: &str) -> Option<Context> {
    let fields = Fields::of(text);
    if fields.all("vendor_id").eq(["IBM/S390"]) {
        return Some(of(cpu::s390(machine_type(&fields).as_deref())));
    }
    if fields.has("vendor_id") && fields.has("cpu family") {
        return x86(&fields);
    }
    if fields.has("CPU implementer") {
        return Some(arm(text, &fields));
    }
    if fields.has("hart") || fields.has("mvendorid") {
        return Some(riscv(&fields));
    }
    power(&fields)
}

fn of(environment: Environment) -> Context {
    Context { environment, ..Context::default() }
}

fn with_label(mut context: Context, key: &str, value: Option<&str>) -> Context {
    context.labels.extend(value.map(|value| (key.to_owned(), value.to_owned())));
    context
}

/// Linux, `arch/x86/kernel/cpu/proc.c`: decimal numbers, `unknown` for a stepping that is none.
fn x86(fields: &Fields<'_>) -> Option<Context> {
    let vendor = fields.one("vendor_id")?;
    let environment = cpu::x86(vendor, fields.one("cpu family"), fields.one("model"), fields.one("stepping"));
    let context = with_label(of(environment), label::CPU, fields.one("model name"));
    Some(with_label(context, label::MICROCODE, fields.one("microcode")))
}

/// Linux, `arch/arm64/kernel/cpuinfo.c`, `arch/arm/kernel/setup.c`: hexadecimal implementer, variant and part, decimal revision.
fn arm(text: &str, fields: &Fields<'_>) -> Context {
    let number =
        |text: &str| text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok());
    let one = |key| fields.one(key).and_then(number);
    let Some(implementer) = one("CPU implementer") else {
        return with_label(Context::default(), label::CPU_PARTS, Some(&parts(text)));
    };
    let part = one("CPU part");
    // Revisions of different parts have nothing to do with each other, even where they are equal.
    let (variant, revision) = part.and_then(|_| one("CPU variant").zip(one("CPU revision"))).unzip();
    let context = of(cpu::arm(implementer, part, variant, revision));
    let context = with_label(context, label::CPU, fields.one("model name"));
    let several = fields.all("CPU part").nth(1).map(|_| parts(text));
    with_label(context, label::CPU_PARTS, several.as_deref())
}

/// The kinds of CPU: `ARM:0xd03 ARM:0xd08`. The kernel writes the implementer of a CPU above its part.
fn parts(text: &str) -> String {
    let mut implementer = None;
    let mut parts: Vec<String> = Vec::new();
    for (key, value) in text.lines().filter_map(|line| line.split_once(':')) {
        match key.trim() {
            "CPU implementer" => implementer = names::implementer(value.trim()),
            "CPU part" => {
                let vendor = implementer.map_or_else(|| "?".to_owned(), names::vendor);
                parts.push(format!("{vendor}:{}", value.trim()));
            }
            _ => {}
        }
    }
    parts.sort_unstable();
    parts.dedup();
    parts.join(" ")
}

/// Linux, `arch/powerpc/kernel/setup-common.c`: name, then version and revision of the PVR.
fn power(fields: &Fields<'_>) -> Option<Context> {
    let revision = fields.all("revision").next().filter(|_| fields.has("cpu"))?;
    cpu::pvr(revision)?;
    let environment = fields
        .one("revision")
        .and_then(cpu::pvr)
        .unwrap_or_else(|| Environment { vendor: Some("IBM".to_owned()), ..Environment::default() });
    Some(with_label(of(environment), label::CPU, fields.one("cpu")))
}

/// Linux, `arch/s390/kernel/processor.c`: `processor 0: version = FF,  identification = 0133E8,  machine = 3906`.
fn machine_type(fields: &Fields<'_>) -> Option<String> {
    let processors = fields.iter().filter(|(key, _)| key.starts_with("processor "));
    let values = processors.flat_map(|(_, values)| values.iter());
    let mut types = values.filter_map(|value| Some(value.rsplit_once("machine = ")?.1));
    let first = types.next()?;
    types.all(|other| other == first).then(|| first.to_owned())
}

/// Linux, `arch/riscv/kernel/cpu.c`; older kernels have no identities. A kernel of 64 bits prints an `isa` of `rv64`.
fn riscv(fields: &Fields<'_>) -> Context {
    let identity = || cpu::riscv(fields.one("mvendorid")?, fields.one("marchid")?, fields.one("mimpid")?);
    let mut context = identity().unwrap_or_default();
    let bits = |isa: &str| match isa.get(..4) {
        Some("rv64") => Some("riscv64".to_owned()),
        Some("rv32") => Some("riscv32".to_owned()),
        _ => None,
    };
    context.environment.arch = fields.all("isa").next().and_then(bits);
    with_label(context, label::CPU, fields.one("uarch"))
}
