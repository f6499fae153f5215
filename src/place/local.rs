//! This machine, read from files of its kernel; no program is run.

mod root;
mod virt;

use std::collections::BTreeMap;
use std::path::Path;

use super::captured;
use crate::model::Environment;
use root::Root;

/// What this machine says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub host: Option<String>,
    /// CPU, kernel and virtualisation.
    pub environment: Environment,
    /// Other facts, with the keys that captured system files give: `cpu`, `cpu_parts`, `microcode`, `os`, ...
    pub labels: BTreeMap<String, String>,
}

impl Local {
    /// Looks at this machine. What it does not tell stays unknown.
    pub fn read() -> Self {
        Self::below(Path::new("/"))
    }

    /// Looks at the machine whose `/proc`, `/sys`, `/etc` and `/run` lie below a directory.
    pub fn below(root: &Path) -> Self {
        let root = Root::new(root);
        let cpuinfo = root.text("proc/cpuinfo").unwrap_or_default();
        let mut cpu = captured::cpuinfo(&cpuinfo).unwrap_or_default();
        let os = ["etc/os-release", "usr/lib/os-release"].iter().find_map(|path| root.text(path));
        cpu.labels.extend(os.and_then(|text| captured::os_release(&text)).unwrap_or_default().labels);
        let environment = Environment {
            arch: root.text("proc/sys/kernel/arch").or(cpu.environment.arch).or_else(|| built_for().map(str::to_owned)),
            kernel: root.text("proc/sys/kernel/osrelease"),
            virt: virt::virtualisation(&root, &cpuinfo).map(str::to_owned),
            ..cpu.environment
        };
        let host = root.text("proc/sys/kernel/hostname").filter(|name| name != "(none)");
        Self { host, environment, labels: cpu.labels }
    }
}

/// The architecture that this program was built for, as `uname -m` prints it; `None` where the kernel may have another one
/// (a program of 32 bits on a kernel of 64).
fn built_for() -> Option<&'static str> {
    match std::env::consts::ARCH {
        "powerpc64" if cfg!(target_endian = "little") => Some("ppc64le"),
        "powerpc64" => Some("ppc64"),
        arch @ ("x86_64" | "aarch64" | "s390x" | "riscv64" | "loongarch64" | "sparc64") => Some(arch),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A machine whose files are these.
    fn machine(files: &[(&str, &str)]) -> Local {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Local::below(root.path())
    }

    #[test]
    fn the_files_of_the_kernel_name_host_kernel_cpu_and_system() {
        let local = machine(&[
            ("proc/sys/kernel/hostname", "a57-lab\n"),
            ("proc/sys/kernel/osrelease", "6.1.0-50-arm64\n"),
            ("proc/sys/kernel/arch", "aarch64\n"),
            ("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=Debian\nID=debian\n"),
            (
                "proc/cpuinfo",
                "processor\t: 0\nCPU implementer\t: 0x41\nCPU variant\t: 0x1\nCPU part\t: 0xd07\nCPU revision\t: 0\n",
            ),
        ]);
        assert_eq!(local.host.as_deref(), Some("a57-lab"));
        let environment = Environment {
            arch: Some("aarch64".to_owned()),
            vendor: Some("ARM".to_owned()),
            model: Some(0xd07),
            stepping: Some(16),
            kernel: Some("6.1.0-50-arm64".to_owned()),
            ..Environment::default()
        };
        assert_eq!(local.environment, environment);
        assert_eq!(local.labels["os"], "Debian GNU/Linux 12 (bookworm)");
    }

    #[test]
    fn an_empty_machine_tells_nothing_but_the_architecture_of_the_program() {
        let environment = Environment { arch: built_for().map(str::to_owned), ..Environment::default() };
        assert_eq!(machine(&[]), Local { environment, ..Local::default() });
    }
}
