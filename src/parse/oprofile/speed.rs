//! The speed of the CPU that a report states.

/// From which speed on the number is in kHz although it is called MHz: 0.9.8 and 0.9.9, corrected in August 2013.
const KHZ_FROM: f64 = 100_000.0;

/// A stated speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Speed {
    /// Megahertz; `None` when it is zero, which stands for unknown.
    pub(super) mhz: Option<f64>,
    /// Whether the number was in kHz.
    pub(super) was_khz: bool,
}

impl Speed {
    /// Reads `2666.76`, `3e+06`, `0`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let number: f64 = text.parse().ok().filter(|speed: &f64| speed.is_finite())?;
        let was_khz = number >= KHZ_FROM;
        let mhz = if was_khz { number / 1000.0 } else { number };
        Some(Self { mhz: (mhz > 0.0).then_some(mhz), was_khz })
    }
}
