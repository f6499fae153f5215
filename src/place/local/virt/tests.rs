use std::fs;
use std::path::Path;

use super::*;

const GUEST: &str = "flags\t\t: fpu hypervisor\n";
const HOST: &str = "flags\t\t: fpu vme\n";
const DMI: &str = "sys/class/dmi/id/";
const CLOCK: &str = "sys/devices/system/clocksource/clocksource0/available_clocksource";

/// The answer for a machine with these files.
fn found(cpuinfo: &str, files: &[(&str, &str)]) -> Option<&'static str> {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    virtualisation(&Root::new(root.path()), cpuinfo)
}

fn firmware_says(product: &str, vendor: &str) -> Option<&'static str> {
    found(GUEST, &[(&format!("{DMI}product_name"), product), (&format!("{DMI}sys_vendor"), vendor)])
}

#[test]
fn a_container_is_told_before_the_machine_below_it() {
    for (path, content) in [
        (".dockerenv", ""),
        ("run/.containerenv", "engine=\"podman-4.3.1\"\n"),
        ("run/systemd/container", "systemd-nspawn\n"),
        ("proc/1/environ", "PATH=/bin\0container=lxc\0TERM=linux\0"),
        ("proc/1/cgroup", "0::/kubepods/burstable/pod1\n"),
        ("proc/vz/veinfo", "101\n"),
    ] {
        assert_eq!(found(GUEST, &[(path, content), (CLOCK, "kvm-clock tsc\n")]), Some("container"), "{path}");
    }
    let host = [("proc/1/environ", "HOME=/\0container=\0"), ("proc/1/cgroup", "0::/init.scope\n"), (CLOCK, "kvm-clock\n")];
    assert_eq!(found(GUEST, &host), Some("kvm"));
    assert_eq!(found(GUEST, &[("proc/vz/x", ""), ("proc/bc/x", "")]), None);
}

#[test]
fn a_mark_left_in_an_image_makes_no_container() {
    let (mark, clock, first) = ((".dockerenv", ""), (CLOCK, "kvm-clock tsc\n"), ("proc/2/comm", "kthreadd\n"));
    let machine =
        ("proc/self/mountinfo", "27 1 254:0 / / rw,relatime - ext4 /dev/root rw\n22 27 0:21 / /proc rw - proc proc rw\n");
    let container = (
        "proc/self/mountinfo",
        "601 590 0:52 / / rw - overlay overlay rw\n615 601 254:1 /var/lib/docker/containers/1f/hosts /etc/hosts rw - ext4 /dev/vda1 rw\n",
    );
    assert_eq!(found(GUEST, &[mark, clock, first, machine]), Some("kvm"));
    assert_eq!(found(GUEST, &[mark, clock, first, container]), Some("container"), "docker run --pid=host");
    assert_eq!(found(GUEST, &[mark, clock, first]), Some("container"));
    assert_eq!(found(GUEST, &[mark, clock, machine]), Some("container"));
}

#[test]
fn the_firmware_names_the_hypervisor() {
    for (product, vendor, virt) in [
        ("KVM", "Red Hat", "kvm"),
        ("Google Compute Engine", "Google", "kvm"),
        ("m5.xlarge", "Amazon EC2", "kvm"),
        ("VMware Virtual Platform", "VMware, Inc.", "vmware"),
        ("Virtual Machine", "Microsoft Corporation", "hyperv"),
        ("HVM domU", "Xen", "xen"),
        ("VirtualBox", "innotek GmbH", "virtualbox"),
        ("Standard PC (Q35 + ICH9, 2009)", "QEMU", "qemu"),
    ] {
        assert_eq!(firmware_says(product, vendor), Some(virt), "{product}");
    }
    assert_eq!(firmware_says("Surface Pro", "Microsoft Corporation"), None);
    assert_eq!(firmware_says("m5.metal", "Amazon EC2"), None);
}

#[test]
fn a_clock_tells_what_the_firmware_leaves_open() {
    let vendor = format!("{DMI}sys_vendor");
    assert_eq!(found(GUEST, &[(CLOCK, "tsc kvm-clock \n")]), Some("kvm"));
    assert_eq!(found(GUEST, &[(CLOCK, "kvm-clock\n"), (&vendor, "QEMU\n")]), Some("kvm"));
    assert_eq!(found(GUEST, &[(CLOCK, "kvm-clock\n"), (&vendor, "innotek GmbH\n")]), Some("virtualbox"));
    assert_eq!(found(GUEST, &[(CLOCK, "tsc hpet acpi_pm\n")]), None);
}

#[test]
fn kernel_device_tree_and_control_program_name_it_too() {
    let tree = "proc/device-tree/";
    assert_eq!(found(HOST, &[("sys/hypervisor/type", "xen\n")]), Some("xen"));
    assert_eq!(found("vendor_id\t: User Mode Linux\n", &[]), Some("uml"));
    assert_eq!(found("", &[(&format!("{tree}hypervisor/compatible"), "linux,kvm\0")]), Some("kvm"));
    assert_eq!(found("", &[(&format!("{tree}hypervisor/compatible"), "xen,xen-4.16\0xen,xen\0")]), Some("xen"));
    assert_eq!(found("", &[(&format!("{tree}compatible"), "qemu,pseries\0")]), Some("qemu"));
    assert_eq!(found("", &[(&format!("{tree}fw-cfg@9020000/reg"), "")]), Some("qemu"));
    let partition = [(&*format!("{tree}ibm,partition-name"), "lp1\0"), (&*format!("{tree}hmc-managed?"), "")];
    assert_eq!(found("", &partition), Some("powervm"));
    assert_eq!(found("", &[("proc/sysinfo", "VM00 Control Program: z/VM    6.4.0\n")]), Some("zvm"));
    assert_eq!(found("", &[("proc/sysinfo", "VM00 Control Program: KVM/Linux\n")]), Some("kvm"));
    assert_eq!(found("", &[("proc/sysinfo", "LPAR Name:            LP01\n")]), None);
}

#[test]
fn none_is_said_only_where_cpu_and_processes_can_tell() {
    let first = ("proc/2/comm", "kthreadd\n");
    assert_eq!(found(HOST, &[first]), Some("none"));
    assert_eq!(found(HOST, &[]), None, "the processes may be those of a container");
    assert_eq!(found(HOST, &[("proc/2/comm", "bash\n")]), None);
    assert_eq!(found(GUEST, &[first]), None);
    assert_eq!(found("Features\t: fp asimd\n", &[first]), None);
    assert_eq!(found("platform\t: PowerNV\n", &[first]), Some("none"));
    assert_eq!(found("platform\t: pSeries\n", &[first]), None);
    let metal = format!("{DMI}sys_vendor");
    assert_eq!(found(HOST, &[first, (&metal, "Amazon EC2\n")]), Some("none"), "a machine of one's own in a cloud");
}

#[test]
fn this_machine_can_be_asked() {
    let root = Root::new(Path::new("/"));
    let known = [
        "none",
        "container",
        "kvm",
        "qemu",
        "vmware",
        "xen",
        "hyperv",
        "virtualbox",
        "parallels",
        "bhyve",
        "powervm",
        "zvm",
        "uml",
    ];
    let answer = virtualisation(&root, &root.text("proc/cpuinfo").unwrap_or_default());
    assert!(answer.is_none_or(|virt| known.contains(&virt)), "{answer:?}");
}
