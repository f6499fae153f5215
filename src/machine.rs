//! How a machine is written down: one encoding of CPU, kernel and host, whatever text they were read from.
//!
//! A result file, a captured system file and this machine's own `/proc` describe a machine in different words. All readers
//! build the facts here, so that one machine is one [`Environment`](crate::model::Environment) from whatever source.

pub(crate) mod arm;
pub(crate) mod cpu;
mod fields;
mod merge;
mod uname;

pub(crate) use fields::Fields;
pub(crate) use merge::merge;
pub(crate) use uname::{ARCHITECTURES, is_release, proc_version, uname};

/// Keys of [`Context::labels`](crate::model::Context::labels).
pub(crate) mod label {
    /// Name of the CPU as the machine states it.
    pub(crate) const CPU: &str = "cpu";
    /// Parts of a machine with more than one kind of CPU, sorted: `ARM:0xd03 ARM:0xd08`.
    pub(crate) const CPU_PARTS: &str = "cpu_parts";
    /// RISC-V: `mvendorid-marchid-mimpid` as perf writes it; a 64-bit `marchid` fits no number of an environment.
    pub(crate) const CPUID: &str = "cpuid";
    /// Revision of the microcode, hexadecimal.
    pub(crate) const MICROCODE: &str = "microcode";
    /// Name of the operating system.
    pub(crate) const OS: &str = "os";
    /// Version of the perf that wrote a header.
    pub(crate) const PERF_VERSION: &str = "perf_version";
}
