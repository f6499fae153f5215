//! The kernel's own names: hardware, cache and software events.

use crate::catalog::bundle::{Cells, bundle, hexadecimal};
use crate::catalog::event::Event;

/// A generic event of a kernel table.
#[derive(Debug)]
pub(in crate::catalog) struct Generic {
    /// Name as perf lists it first: `cpu-cycles`.
    pub(in crate::catalog) name: &'static str,
    /// The other name: `cycles`; empty when there is none.
    pub(in crate::catalog) alias: &'static str,
    /// The event.
    pub(in crate::catalog) event: Event,
    /// Which kernels have this row.
    pub(in crate::catalog) kernels: Kernels,
    /// POWER: the name in `/sys/bus/event_source/devices/cpu/events`; else empty.
    pub(in crate::catalog) sysfs: &'static str,
}

/// Which kernels have a row. Two kernels were read: 6.1 and 6.12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalog) enum Kernels {
    /// Equal in both.
    Every,
    /// 6.1 alone.
    Old,
    /// 6.12 alone.
    New,
    /// 6.1 always, 6.12 where the CPU lacks the event of the other row.
    OldAndFallback,
}

impl Kernels {
    /// Whether a kernel may have the row; of a kernel that was not read, or is unknown, nothing can be excluded.
    pub(in crate::catalog) fn may_hold(self, release: Option<&str>) -> bool {
        match (self, release.and_then(version)) {
            (Self::Old, Some(version)) => version < (6, 12),
            (Self::New, Some(version)) => version != (6, 1),
            _ => true,
        }
    }
}

/// Whether a kernel may give a Zen the events of family 10h: it had no table for family 17h.
///
/// Source: Linux 3fe3331bb285 ("perf/x86/amd: Add event map for AMD Family 17h") and 0e3b74e26280 ("perf/x86/amd: Update generic hardware
/// cache events for Family 17h"), both of which distributions brought to older kernels; which release had them first was not looked up,
/// 5.2 is taken for the latest.
pub(super) fn is_before_zen(release: Option<&str>) -> bool {
    release.and_then(version).is_some_and(|version| version < (5, 2))
}

/// The first two numbers of a release: `6.1.0-13-amd64` is (6, 1).
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(['.', '-']).map(|part| part.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

/// The generic events of a table; none when the kernel has no such table.
pub(super) fn of(table: &str) -> Vec<Generic> {
    bundle().rows(&format!("generic/{table}")).filter_map(row).collect()
}

/// The events that the kernel counts itself, on every machine.
pub(in crate::catalog) fn software() -> Vec<Generic> {
    of("*")
}

fn row(mut cells: Cells) -> Option<Generic> {
    let (pmu, name, alias, _) = (cells.text(), cells.text(), cells.text(), cells.text());
    let (config, config1) = (cells.text(), cells.number());
    // RISC-V: the firmware maps an index; it is no code of the CPU.
    let (pmu, config) = config.strip_prefix("sbi:").map_or((pmu, config), |index| ("sbi", index));
    let event = Event::numbered(pmu, hexadecimal(config)?, config1.unwrap_or(0));
    let kernels = match cells.text() {
        "6.1" => Kernels::Old,
        "6.12" => Kernels::New,
        "6.12 fallback" => Kernels::OldAndFallback,
        _ => Kernels::Every,
    };
    Some(Generic { name, alias, event, kernels, sysfs: cells.text().split(' ').next().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_was_not_read_excludes_nothing() {
        for (kernels, release, may) in [
            (Kernels::Old, Some("6.1.0-13-amd64"), true),
            (Kernels::New, Some("6.1.176"), false),
            (Kernels::Old, Some("6.12.117"), false),
            (Kernels::Old, Some("6.18-rc1"), false),
            (Kernels::New, Some("6.6.1"), true),
            (Kernels::Old, Some("6.6.1"), true),
            (Kernels::New, Some("5.10.0"), true),
            (Kernels::New, None, true),
            (Kernels::Old, Some("next"), true),
        ] {
            assert_eq!(kernels.may_hold(release), may, "{kernels:?} {release:?}");
        }
    }
}
