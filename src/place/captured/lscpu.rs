//! `lscpu` in English, as text or as JSON (util-linux, `sys-utils/lscpu.c`).
//!
//! In other languages the keys are translated; a key that is not known is no fact. Up to util-linux 2.36 `lscpu` describes the
//! first kind of CPU only, so a capture of such a version hides that there are more.

use serde::Deserialize;

use crate::machine::{Fields, arm as names, cpu, label};
use crate::model::Context;

/// The facts; `None` when the text is no output of `lscpu`.
pub(super) fn read(text: &str) -> Option<Context> {
    if text.trim_start().starts_with('{') {
        let document: Document = serde_json::from_str(text).ok()?;
        let mut pairs = Vec::new();
        flatten(&document.lscpu, &mut pairs);
        return facts(&pairs.into_iter().collect());
    }
    facts(&Fields::of(text))
}

/// `lscpu -J`.
#[derive(Debug, Deserialize)]
struct Document {
    lscpu: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    field: String,
    data: Option<String>,
    /// Rows of one kind of CPU below its model name, where the output is a hierarchy.
    #[serde(default)]
    children: Vec<Row>,
}

fn flatten<'a>(rows: &'a [Row], pairs: &mut Vec<(&'a str, &'a str)>) {
    for row in rows {
        let key = row.field.trim().trim_end_matches(':');
        pairs.extend(row.data.as_deref().map(|data| (key, data)));
        flatten(&row.children, pairs);
    }
}

fn facts(fields: &Fields<'_>) -> Option<Context> {
    let arch = fields.one("Architecture").filter(|arch| !arch.contains(char::is_whitespace))?;
    fields.one("CPU(s)")?;
    let mut context = identity(arch, fields);
    context.environment.arch = Some(arch.to_owned());
    context.environment.virt = virtualisation(fields).map(str::to_owned);
    let name = fields.one("Model name").filter(|name| *name != "-");
    context.labels.extend(name.map(|name| (label::CPU.to_owned(), name.to_owned())));
    Some(context)
}

/// The CPU; `Model` is another thing on each architecture: revision on ARM, PVR on POWER, `mimpid` on RISC-V.
fn identity(arch: &str, fields: &Fields<'_>) -> Context {
    let of = |environment| Context { environment, ..Context::default() };
    let one = |key| fields.one(key);
    let read = match arch {
        "x86_64" | "i386" | "i486" | "i586" | "i686" => {
            one("Vendor ID").map(|vendor| of(cpu::x86(vendor, one("CPU family"), one("Model"), one("Stepping"))))
        }
        "aarch64" | "aarch64_be" | "armv8l" | "armv7l" | "armv6l" => arm(fields),
        "ppc64le" | "ppc64" | "ppc" => one("Model").and_then(cpu::pvr).map(of),
        "s390x" | "s390" => Some(of(cpu::s390(one("Machine type")))),
        "riscv64" | "riscv32" => {
            one("Vendor ID").zip(one("CPU family")).zip(one("Model")).and_then(|((v, a), i)| cpu::riscv(v, a, i))
        }
        _ => None,
    };
    read.unwrap_or_default()
}

fn arm(fields: &Fields<'_>) -> Option<Context> {
    let implementer = names::implementer(fields.one("Vendor ID")?)?;
    let part = |name| names::part(implementer, name);
    let known = fields.one("Model name").and_then(part);
    let (variant, revision) = known.and_then(|_| revision(fields)).unzip();
    let mut context = Context { environment: cpu::arm(implementer, known, variant, revision), ..Context::default() };
    if fields.all("Model name").nth(1).is_some() {
        let number = |name| part(name).map_or_else(|| name.to_owned(), |part| format!("{part:#05x}"));
        let vendor = names::vendor(implementer);
        let mut parts: Vec<String> = fields.all("Model name").map(|name| format!("{vendor}:{}", number(name))).collect();
        parts.sort_unstable();
        context.labels.insert(label::CPU_PARTS.to_owned(), parts.join(" "));
    }
    Some(context)
}

/// Variant and revision: stepping `r1p2`, or (implementers other than ARM) stepping `0x1` and model `2`.
fn revision(fields: &Fields<'_>) -> Option<(u32, u32)> {
    let stepping = fields.one("Stepping")?;
    if let Some((variant, revision)) = stepping.strip_prefix('r').and_then(|text| text.split_once('p')) {
        return variant.parse().ok().zip(revision.parse().ok());
    }
    let variant = u32::from_str_radix(stepping.strip_prefix("0x")?, 16).ok()?;
    Some((variant, fields.one("Model")?.parse().ok()?))
}

/// The hypervisor that `lscpu` found; that it found none is no proof.
fn virtualisation(fields: &Fields<'_>) -> Option<&'static str> {
    if fields.one("Virtualization type") == Some("container") {
        return Some("container");
    }
    if fields.one("Hypervisor").is_some_and(|name| name.starts_with("z/VM")) {
        return Some("zvm");
    }
    match fields.one("Hypervisor vendor")? {
        "KVM" => Some("kvm"),
        "Xen" => Some("xen"),
        "VMware" => Some("vmware"),
        "Microsoft" => Some("hyperv"),
        "Oracle" | "Innotek GmbH" => Some("virtualbox"),
        "Parallels" => Some("parallels"),
        "pHyp" => Some("powervm"),
        _ => None,
    }
}
