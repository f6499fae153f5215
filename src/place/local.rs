//! This machine, read from files of its kernel; no program is run.

use std::fs;
use std::path::Path;

use super::captured;
use crate::model::Environment;

/// What this machine says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub host: Option<String>,
    /// CPU, kernel and virtualisation.
    pub environment: Environment,
}

impl Local {
    /// Looks at this machine. What it does not tell stays unknown.
    pub fn read() -> Self {
        let cpuinfo = line_or_text("/proc/cpuinfo").unwrap_or_default();
        let facts = VirtFacts {
            cpuinfo: &cpuinfo,
            product: line_or_text("/sys/class/dmi/id/product_name"),
            vendor: line_or_text("/sys/class/dmi/id/sys_vendor"),
            hypervisor: line_or_text("/sys/hypervisor/type"),
            cgroup: line_or_text("/proc/1/cgroup"),
            container_file: ["/.dockerenv", "/run/.containerenv"].iter().any(|path| Path::new(path).exists()),
        };
        let environment = Environment {
            arch: line_or_text("/proc/sys/kernel/arch").or_else(|| Some(std::env::consts::ARCH.to_owned())),
            kernel: line_or_text("/proc/sys/kernel/osrelease"),
            virt: facts.virtualisation().map(str::to_owned),
            ..captured::cpuinfo(&cpuinfo).unwrap_or_default().environment
        };
        Self { host: line_or_text("/proc/sys/kernel/hostname"), environment }
    }
}

/// The content without blank ends; `None` when there is none.
fn line_or_text(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// What tells a virtual machine or a container from a machine.
struct VirtFacts<'a> {
    cpuinfo: &'a str,
    product: Option<String>,
    vendor: Option<String>,
    hypervisor: Option<String>,
    cgroup: Option<String>,
    container_file: bool,
}

/// Words of the firmware's tables, as systemd-detect-virt knows them.
const FIRMWARE: &[(&str, &str)] = &[
    ("KVM", "kvm"),
    ("QEMU", "kvm"),
    ("Google Compute Engine", "kvm"),
    ("Amazon EC2", "kvm"),
    ("VMware", "vmware"),
    ("Xen", "xen"),
    ("HVM domU", "xen"),
    ("Virtual Machine", "hyperv"),
];

const CONTAINERS: &[&str] = &["docker", "kubepods", "libpod", "lxc", "containerd"];

impl VirtFacts<'_> {
    /// `container` before the kind of virtual machine below it: it is what the measured program saw. `None` when nothing tells.
    fn virtualisation(&self) -> Option<&'static str> {
        let in_container = |cgroup: &str| CONTAINERS.iter().any(|word| cgroup.contains(word));
        if self.container_file || self.cgroup.as_deref().is_some_and(in_container) {
            return Some("container");
        }
        if self.hypervisor.as_deref() == Some("xen") {
            return Some("xen");
        }
        let firmware = [&self.product, &self.vendor].into_iter().flatten();
        let named = firmware.flat_map(|text| FIRMWARE.iter().filter(|(word, _)| text.contains(word))).next();
        // A machine of its own has no flag `hypervisor`; only x86 has the flags to tell.
        let flags = self.cpuinfo.lines().find(|line| line.starts_with("flags"));
        match (flags, named) {
            (Some(flags), _) if !flags.split_whitespace().any(|flag| flag == "hypervisor") => Some("none"),
            (_, Some((_, virt))) => Some(virt),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(cpuinfo: &str) -> VirtFacts<'_> {
        VirtFacts { cpuinfo, product: None, vendor: None, hypervisor: None, cgroup: None, container_file: false }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the shape of a fact")]
    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_container_is_told_before_the_machine_below_it() {
        let guest = "flags\t\t: fpu hypervisor\n";
        assert_eq!(VirtFacts { container_file: true, ..facts(guest) }.virtualisation(), Some("container"));
        let cgroup = text("0::/kubepods/burstable/pod1\n");
        assert_eq!(VirtFacts { cgroup, ..facts(guest) }.virtualisation(), Some("container"));
    }

    #[test]
    fn the_firmware_names_the_hypervisor() {
        let guest = "flags\t\t: fpu hypervisor\n";
        for (product, vendor, virt) in [
            ("Standard PC (Q35 + ICH9, 2009)", "QEMU", "kvm"),
            ("VMware Virtual Platform", "VMware, Inc.", "vmware"),
            ("Virtual Machine", "Microsoft Corporation", "hyperv"),
            ("HVM domU", "Xen", "xen"),
        ] {
            let found = VirtFacts { product: text(product), vendor: text(vendor), ..facts(guest) }.virtualisation();
            assert_eq!(found, Some(virt), "{product}");
        }
        assert_eq!(VirtFacts { hypervisor: text("xen"), ..facts(guest) }.virtualisation(), Some("xen"));
    }

    #[test]
    fn none_is_said_only_where_the_cpu_can_tell() {
        assert_eq!(facts("flags\t\t: fpu vme\n").virtualisation(), Some("none"));
        assert_eq!(facts("flags\t\t: fpu hypervisor\n").virtualisation(), None);
        assert_eq!(facts("Features\t: fp asimd\n").virtualisation(), None);
    }
}
