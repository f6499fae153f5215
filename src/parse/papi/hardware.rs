//! The lines with which PAPI's utilities describe the machine: `CPU Max MHz              : 2599`. Keys changed with PAPI 5.7.

use crate::machine::label;
use crate::model::{Context, Environment};
use crate::parse::builder::Builder;
use crate::parse::lines::Line;

/// What has to be remembered between these lines.
#[derive(Debug, Default)]
pub(super) struct Hardware {
    vendor: Option<Vendor>,
    /// Revision of an Arm CPU, which stands above its variant.
    revision: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vendor {
    X86,
    Arm,
}

impl Hardware {
    /// Keeps what the line says and counts it; `false` when it is no such line.
    pub(super) fn line(&mut self, builder: &mut Builder, line: Line<'_>) -> bool {
        let Some((key, value)) = line.text.split_once(": ").map(|(key, value)| (key.trim().to_lowercase(), value.trim()))
        else {
            return false;
        };
        // The last line of a file may have been cut within its value.
        if value.is_empty() || !line.ended {
            return false;
        }
        let Some(found) = self.fact(&key, value) else { return false };
        if !builder.keep(&found) {
            builder.foreign();
        }
        true
    }

    /// What a key says; nothing for those that are known and tell machines not apart, `None` for what is no key of PAPI.
    fn fact(&mut self, key: &str, value: &str) -> Option<Context> {
        let found = match key {
            "papi version" => labelled("papi_version", value),
            "operating system" => kernel(value),
            "vendor string and code" => return Some(self.vendor(named(value))),
            "model string and code" => labelled(label::CPU, named(value)),
            "cpu revision" => {
                self.revision = value.parse::<f64>().ok().and_then(whole);
                Context::default()
            }
            "cpuid" | "cpuid info" => self.cpuid(value),
            "total cores" | "total cpus" => labelled("cores", value),
            "number hardware counters" => labelled("hardware_counters", value),
            "vm vendor" => virtualisation(value),
            "cpu max mhz"
            | "cpu min mhz"
            | "cpu max megahertz"
            | "cpu min megahertz"
            | "smt threads per core"
            | "hdw threads per core"
            | "cores per socket"
            | "sockets"
            | "cores per numa region"
            | "cpus per node"
            | "numa nodes"
            | "numa regions"
            | "running in a vm"
            | "max multiplex counters"
            | "fast counter read (rdpmc)" => Context::default(),
            _ => return None,
        };
        Some(found)
    }

    fn vendor(&mut self, name: &str) -> Context {
        // Arm's designers have names of PAPI's own, and only Arm itself is told apart for sure.
        let (vendor, name) = match name {
            "GenuineIntel" | "AuthenticAMD" => (Some(Vendor::X86), Some(name)),
            "ARM_ARM" => (Some(Vendor::Arm), Some("ARM")),
            "IBM" => (None, Some("IBM")),
            _ => (None, None),
        };
        self.vendor = vendor;
        of(Environment { vendor: name.map(str::to_owned), ..Environment::default() })
    }

    /// `Family/Model/Stepping 6/85/7, 0x06/0x55/0x07`, before PAPI 5.7 `Family: 6  Model: 85  Stepping: 4`.
    ///
    /// On Arm (linux-common.c of PAPI) these are architecture, part and variant of `/proc/cpuinfo`.
    fn cpuid(&self, value: &str) -> Context {
        let plain = value.split(',').next().unwrap_or("").replace("Family/Model/Stepping", "");
        let numbers: Vec<i32> = plain.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
        let (Some(vendor), &[family, model, stepping]) = (self.vendor, &numbers[..]) else { return Context::default() };
        of(match vendor {
            Vendor::X86 => {
                Environment { family: Some(family), model: Some(model), stepping: Some(stepping), ..Environment::default() }
            }
            Vendor::Arm => {
                let stepping = self.revision.and_then(|revision| stepping.checked_mul(16)?.checked_add(revision));
                Environment { model: Some(model), stepping, ..Environment::default() }
            }
        })
    }
}

fn of(environment: Environment) -> Context {
    Context { environment, ..Context::default() }
}

fn labelled(key: &str, value: &str) -> Context {
    Context { labels: [(key.to_owned(), value.to_owned())].into(), ..Context::default() }
}

/// The name in `GenuineIntel (1, 0x1)`.
fn named(value: &str) -> &str {
    value.rsplit_once(" (").map_or(value, |(name, _)| name.trim())
}

fn kernel(value: &str) -> Context {
    let release = value.strip_prefix("Linux ").filter(|release| crate::machine::is_release(release));
    of(Environment { kernel: release.map(str::to_owned), ..Environment::default() })
}

/// By the names that hypervisors give in CPUID leaf 0x40000000. `Running in a VM : no` says nothing on Arm, and is not taken.
fn virtualisation(value: &str) -> Context {
    let virt = match value {
        "KVMKVMKVM" => Some("kvm"),
        "VMwareVMware" => Some("vmware"),
        "Microsoft Hv" => Some("hyperv"),
        "XenVMMXenVMM" => Some("xen"),
        _ => None,
    };
    of(Environment { virt: virt.map(str::to_owned), ..Environment::default() })
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be a small whole number")]
fn whole(number: f64) -> Option<i32> {
    (number.fract() == 0.0 && (0.0..16.0).contains(&number)).then_some(number as i32)
}
