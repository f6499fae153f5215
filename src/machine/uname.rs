//! What `uname -a` and `/proc/version` print.

use crate::model::{Context, Environment};

/// Architectures as `uname -m` prints them.
pub(crate) const ARCHITECTURES: [&str; 24] = [
    "x86_64",
    "i686",
    "i586",
    "i486",
    "i386",
    "aarch64",
    "aarch64_be",
    "armv8l",
    "armv7l",
    "armv6l",
    "armv5tel",
    "ppc64le",
    "ppc64",
    "ppc",
    "s390x",
    "s390",
    "riscv64",
    "riscv32",
    "loongarch64",
    "mips64",
    "mips",
    "sparc64",
    "parisc64",
    "alpha",
];

/// Whether a word can be the release of a kernel: `6.1.0-18-amd64`.
pub(crate) fn is_release(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.')
}

/// `Linux node7 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64 GNU/Linux`
///
/// Behind the build come machine, processor and hardware platform (coreutils, src/uname.c): the first of them is the
/// architecture (Red Hat: `i686 i686 i386`).
pub(crate) fn uname(line: &str) -> Option<Context> {
    let mut words = line.split_ascii_whitespace();
    let (system, host, release, build) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let arch = words.find(|word| ARCHITECTURES.contains(word))?;
    (system == "Linux" && is_release(release) && build.starts_with('#')).then(|| Context {
        host: Some(host.to_owned()),
        environment: Environment { arch: Some(arch.to_owned()), kernel: Some(release.to_owned()), ..Environment::default() },
        ..Context::default()
    })
}

/// `Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 ...) #1 SMP ...` (Linux, init/version.c)
pub(crate) fn proc_version(line: &str) -> Option<Context> {
    let (release, rest) = line.strip_prefix("Linux version ")?.split_once(' ')?;
    (is_release(release) && rest.starts_with('(')).then(|| Context {
        environment: Environment { kernel: Some(release.to_owned()), ..Environment::default() },
        ..Context::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_architecture_is_the_machine_and_not_its_platform() {
        for (line, arch) in [
            ("Linux old 2.6.32-754.el6.i686 #1 SMP Tue Jun 19 21:51:20 UTC 2018 i686 i686 i386 GNU/Linux", "i686"),
            ("Linux vm 6.18.44 #1 SMP PREEMPT_DYNAMIC @0 x86_64 GNU/Linux", "x86_64"),
            (
                "Linux gentoo 6.6.30-gentoo #2 SMP x86_64 Intel(R) Core(TM) i7-6700 CPU @ 3.40GHz GenuineIntel GNU/Linux",
                "x86_64",
            ),
        ] {
            assert_eq!(uname(line).and_then(|context| context.environment.arch).as_deref(), Some(arch), "{line}");
        }
    }

    #[test]
    fn proc_version_names_the_release() {
        let line = "Linux version 6.1.0-50-arm64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP";
        assert_eq!(proc_version(line).and_then(|context| context.environment.kernel).as_deref(), Some("6.1.0-50-arm64"));
        assert_eq!(proc_version("Linux version control (git)"), None);
    }
}
