//! Codes of POWER that stand for one event.

/// Alternatives of POWER7 to POWER9, with the code that stands for each set.
///
/// Source: `event_alternatives` of Linux, `arch/powerpc/perf/power{7,8,9}-pmu.c`; of the many sets only these count alike.
const ALTERNATIVES: &[(u64, u64)] = &[(0x200f4, 0x600f4), (0x400fa, 0x500fa), (0x300f2, 0x200f2)];

/// Where POWER7 differs from its successors: dispatched instructions have a second code on POWER8 and 9 alone.
const SINCE_POWER8: (u64, u64) = (0x3e054, 0x400f0);

/// POWER10 counts cycles and instructions of a running thread under the numbers that were all cycles before.
///
/// Source: Linux, `arch/powerpc/perf/power10-pmu.c`.
const POWER10: &[(u64, u64)] = &[(0x200f4, 0x600f4), (0x1e, 0x600f4), (0x400fa, 0x500fa), (0x2, 0x500fa)];

/// The code that stands for all codes of one event. `generation` is the name of the generic table: `power8`.
///
/// The first hexadecimal digit of five names a counter; it is no part of the meaning of the two events that every counter can count
/// (0x1e cycles, 0x2 instructions). For every other code it is.
pub(in crate::catalog) fn canonical(generation: &str, config: u64) -> u64 {
    let replaced = |pairs: &[(u64, u64)]| pairs.iter().find(|(other, _)| *other == config).map(|(_, code)| *code);
    match generation {
        "power10" => replaced(POWER10).unwrap_or(config),
        "power7" => replaced(ALTERNATIVES).unwrap_or_else(|| any_counter(config)),
        "power8" | "power9" => replaced(ALTERNATIVES)
            .or_else(|| (config == SINCE_POWER8.1).then_some(SINCE_POWER8.0))
            .unwrap_or_else(|| any_counter(config)),
        _ => config,
    }
}

fn any_counter(config: u64) -> u64 {
    match (config >> 16, config & 0xffff) {
        (1, 0xf0) => 0x1e,
        (0..=6, code @ (0x1e | 0x2)) => code,
        _ => config,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_codes_are_one_event() {
        for (generation, code, canonical_code) in [
            ("power9", 0x2001e, 0x1e),
            ("power9", 0x100f0, 0x1e),
            ("power8", 0x40002, 0x2),
            ("power9", 0x200f4, 0x600f4),
            ("power9", 0x400f0, 0x3e054),
            ("power7", 0x400f0, 0x400f0),
            ("power9", 0x2c04e, 0x2c04e),
            ("power9", 0x3c04e, 0x3c04e),
            ("power10", 0x1e, 0x600f4),
            ("power10", 0x100f0, 0x100f0),
            ("power6", 0x200f4, 0x200f4),
        ] {
            assert_eq!(canonical(generation, code), canonical_code, "{generation} {code:#x}");
        }
    }

    #[test]
    fn cycles_and_run_cycles_stay_two_events() {
        for generation in ["power7", "power8", "power9"] {
            assert_ne!(canonical(generation, 0x1e), canonical(generation, 0x600f4));
        }
    }
}
