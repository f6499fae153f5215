//! The bits of `attr.config` on x86: event 0-7, unit mask 8-15, edge 18, any thread 21, inverted 23, counter mask 24-31.
//!
//! AMD has four more bits of the event in 32-35, recent Intel eight more of the unit mask in 40-47, transactional Intel two flags in
//! 32 and 33 (Linux, `arch/x86/include/asm/perf_event.h` and the `format` attributes of `arch/x86/events`).

const EDGE: u64 = 1 << 18;
const ANY: u64 = 1 << 21;
const INV: u64 = 1 << 23;

const EVENT_AND_UMASK: u64 = 0xffff;
const CMASK: u64 = 0xff << 24;
const AMD_EVENT_HIGH: u64 = 0xf << 32;
const INTEL_HIGH: u64 = 0b11 << 32 | 0xff << 40;

/// The part of a raw number that chooses what is counted; the kernel itself sets the rest (rings, interrupt, enable).
pub(in crate::catalog) fn raw_mask(is_amd: bool) -> u64 {
    let common = EVENT_AND_UMASK | EDGE | INV | CMASK;
    if is_amd { common | AMD_EVENT_HIGH } else { common | ANY | INTEL_HIGH }
}

/// An event number of up to twelve bits where AMD wants it.
pub(in crate::catalog) fn amd_event(event: u64) -> u64 {
    event & 0xff | (event & 0xf00) << 24
}

/// The two codes of an offcore response, by generation: the kernel takes the second for the first when its register is in use, and the
/// other way round.
///
/// Source: Linux, `arch/x86/events/intel/core.c`, `intel_alt_er` and the tables `extra_regs`.
const OFFCORE: &[(u64, u64)] = &[(0x1bb, 0x1b7), (0x2b7, 0x1b7), (0x12b, 0x12a)];

/// The code that stands for both codes of an offcore response.
pub(in crate::catalog) fn canonical_offcore(config: u64) -> u64 {
    let first = OFFCORE.iter().find(|(second, _)| *second == config & EVENT_AND_UMASK).map(|(_, first)| *first);
    first.map_or(config, |first| config & !EVENT_AND_UMASK | first)
}

/// What changes the meaning of event and unit mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::catalog) struct Extra {
    /// Counts cycles in which at least so many happen.
    pub(in crate::catalog) cmask: u64,
    /// Turns that comparison round.
    pub(in crate::catalog) inv: bool,
    /// Counts beginnings.
    pub(in crate::catalog) edge: bool,
    /// Counts for every thread of the core.
    pub(in crate::catalog) any: bool,
}

impl Extra {
    /// Its bits.
    pub(in crate::catalog) fn bits(self) -> u64 {
        let flag = |set: bool, bit: u64| if set { bit } else { 0 };
        (self.cmask & 0xff) << 24 | flag(self.inv, INV) | flag(self.edge, EDGE) | flag(self.any, ANY)
    }

    /// The bits of a word that hold it.
    pub(in crate::catalog) const BITS: u64 = CMASK | INV | EDGE | ANY;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_that_the_kernel_sets_are_no_part_of_the_event() {
        assert_eq!(0x53_003c & raw_mask(false), 0x3c);
        assert_eq!(0x1_0053_0076 & raw_mask(true), 0x1_0000_0076);
        assert_eq!(0x20_003c & raw_mask(false), 0x20_003c);
        assert_eq!(amd_event(0x1c0), 0x1_0000_00c0);
    }

    #[test]
    fn stalled_cycles_are_not_the_uops_they_are_made_of() {
        let stalled = Extra { cmask: 1, inv: true, ..Extra::default() };
        assert_eq!(0x10e | stalled.bits(), 0x0180_010e);
    }
}
