//! Whether this machine is virtual, and what it runs on.
//!
//! Places and signatures after systemd-detect-virt (systemd, `src/basic/virt.c` at 0099e5589762), without the instruction CPUID: what that
//! tells is taken from the clock sources, which the kernel offers after the same question. A container is named before the
//! virtual machine below it, for it is what the measured program saw. `None` when nothing tells; that nothing is found is no
//! proof of `none`.

use super::root::Root;

/// Texts of the firmware's tables, the beginning of a line each.
const FIRMWARE: &[(&str, &str)] = &[
    ("KVM", "kvm"),
    ("KubeVirt", "kvm"),
    ("Amazon EC2", "kvm"),
    ("Google Compute Engine", "kvm"),
    ("VMware", "vmware"),
    ("VMW", "vmware"),
    ("innotek GmbH", "virtualbox"),
    ("VirtualBox", "virtualbox"),
    ("Xen", "xen"),
    ("HVM domU", "xen"),
    ("Parallels", "parallels"),
    ("BHYVE", "bhyve"),
    ("Hyper-V", "hyperv"),
    // Whether KVM is below it the firmware does not say.
    ("QEMU", "qemu"),
];

/// Files with those texts; the product before the vendor, for QEMU names itself as vendor of KVM's machines too.
const FIRMWARE_FILES: [&str; 5] = ["product_name", "sys_vendor", "board_vendor", "bios_vendor", "product_version"];

/// Clock sources that a hypervisor offers.
const CLOCKS: [(&str, &str); 3] = [("kvm-clock", "kvm"), ("hyperv_clocksource_tsc_page", "hyperv"), ("xen", "xen")];

/// Words in the control groups of the first process of a container.
const CONTAINERS: [&str; 5] = ["docker", "kubepods", "libpod", "lxc", "containerd"];

/// Files that a container's manager writes into it while it runs.
const MANAGER_FILES: [&str; 2] = ["run/systemd/container", "run/host/container-manager"];

/// Files that mark a container, and are left in an image that was made of one.
const IMAGE_MARKS: [&str; 2] = [".dockerenv", "run/.containerenv"];

/// What the machine runs on.
pub(super) fn virtualisation(root: &Root<'_>, cpuinfo: &str) -> Option<&'static str> {
    if is_container(root) {
        return Some("container");
    }
    let kernel = || own_kernel(root, cpuinfo);
    let firmware = || firmware(root).filter(|_| hypervisor_flag(cpuinfo) != Some(false));
    kernel()
        .or_else(|| match firmware() {
            // VirtualBox offers the clock of KVM; only QEMU's own name leaves the kind open.
            named @ (None | Some("qemu")) => clock(root).or(named),
            named => named,
        })
        .or_else(|| device_tree(root))
        .or_else(|| control_program(root))
        .or_else(|| is_bare(root, cpuinfo).then_some("none"))
}

fn is_container(root: &Root<'_>) -> bool {
    let environment = root.text("proc/1/environ").unwrap_or_default();
    let variable = |text: &str| text.strip_prefix("container=").is_some_and(|manager| !manager.is_empty());
    let group = root.text("proc/1/cgroup").unwrap_or_default();
    // OpenVZ shows /proc/vz everywhere, /proc/bc only outside.
    let openvz = root.has("proc/vz") && !root.has("proc/bc");
    MANAGER_FILES.iter().any(|path| root.has(path))
        || (IMAGE_MARKS.iter().any(|path| root.has(path)) && !is_image_of_container(root))
        || environment.split('\0').any(variable)
        || openvz
        || CONTAINERS.iter().any(|word| group.contains(word))
}

/// Whether a machine was started from an image that was made of a container, and the marks in it mean nothing: the processes are
/// those of the machine, and no name service is mounted over the image's, as Docker and Podman do for every container.
fn is_image_of_container(root: &Root<'_>) -> bool {
    let mounts = root.text("proc/self/mountinfo");
    let mounted = |mounts: &str| mounts.lines().any(|mount| mount.split(' ').nth(4) == Some("/etc/hosts"));
    sees_kernel_threads(root) && mounts.is_some_and(|mounts| !mounted(&mounts))
}

/// Whether the processes are those of the machine: the second one of all is the kernel's, which a container does not see.
fn sees_kernel_threads(root: &Root<'_>) -> bool {
    root.text("proc/2/comm").as_deref() == Some("kthreadd")
}

/// What the kernel itself says to run on.
fn own_kernel(root: &Root<'_>, cpuinfo: &str) -> Option<&'static str> {
    if root.text("sys/hypervisor/type").as_deref() == Some("xen") || root.has("proc/xen") {
        return Some("xen");
    }
    field(cpuinfo, "vendor_id").is_some_and(|vendor| vendor.starts_with("User Mode Linux")).then_some("uml")
}

fn firmware(root: &Root<'_>) -> Option<&'static str> {
    let text = |name: &str| root.text(&format!("sys/class/dmi/id/{name}"));
    let product = text("product_name").unwrap_or_default();
    if product == "Virtual Machine" && text("sys_vendor").as_deref() == Some("Microsoft Corporation") {
        return Some("hyperv");
    }
    let named = |text: String| FIRMWARE.iter().find(|(begin, _)| text.starts_with(begin)).copied();
    let (begin, virt) = FIRMWARE_FILES.iter().filter_map(|name| text(name)).find_map(named)?;
    // Amazon names its machines alike, virtual or not; those that are not say so in their product.
    (begin != "Amazon EC2" || !product.contains(".metal")).then_some(virt)
}

fn clock(root: &Root<'_>) -> Option<&'static str> {
    let clocks = root.text("sys/devices/system/clocksource/clocksource0/available_clocksource")?;
    let offered = |clock: &str| clocks.split_whitespace().any(|word| word == clock);
    CLOCKS.iter().find(|(clock, _)| offered(clock)).map(|(_, virt)| *virt)
}

fn device_tree(root: &Root<'_>) -> Option<&'static str> {
    if let Some(hypervisor) = root.text("proc/device-tree/hypervisor/compatible") {
        let known = [("linux,kvm", "kvm"), ("xen", "xen"), ("vmware", "vmware")];
        return known.iter().find(|(word, _)| hypervisor.contains(word)).map(|(_, virt)| *virt);
    }
    let names = root.names("proc/device-tree");
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("ibm,partition-name") && has("hmc-managed?") && !root.has("proc/device-tree/chosen/qemu,graphic-width") {
        return Some("powervm");
    }
    let qemu = names.iter().any(|name| name.contains("fw-cfg")) || is_qemu_board(root);
    qemu.then_some("qemu")
}

fn is_qemu_board(root: &Root<'_>) -> bool {
    root.text("proc/device-tree/compatible").is_some_and(|boards| boards.starts_with("qemu,"))
}

/// s390: `VM00 Control Program: z/VM    6.4.0`; without the line it is a partition of the machine itself.
fn control_program(root: &Root<'_>) -> Option<&'static str> {
    let sysinfo = root.text("proc/sysinfo")?;
    let program = field(&sysinfo, "VM00 Control Program")?;
    [("z/VM", "zvm"), ("KVM", "kvm")].iter().find(|(name, _)| program.starts_with(name)).map(|(_, virt)| *virt)
}

/// Whether CPU or platform say that no hypervisor is below, and the processes are those of the machine.
fn is_bare(root: &Root<'_>, cpuinfo: &str) -> bool {
    let power = field(cpuinfo, "platform") == Some("PowerNV") && !is_qemu_board(root);
    let own = hypervisor_flag(cpuinfo) == Some(false) || power;
    own && sees_kernel_threads(root)
}

/// Whether an x86 CPU has the flag that hypervisors set; `None` for others, which have no such flag.
fn hypervisor_flag(cpuinfo: &str) -> Option<bool> {
    field(cpuinfo, "flags").map(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests;
