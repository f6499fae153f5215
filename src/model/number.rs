//! A number as a tool printed it.

/// A number of a result: the float value, and the exact integer where one was printed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// The value; always finite.
    pub value: f64,
    /// The exact count when the text was an integer of at most 2^63 - 1.
    pub count: Option<i64>,
}

impl Number {
    /// An exact count.
    #[expect(clippy::cast_precision_loss, reason = "the exact count stands beside the float")]
    pub fn exact(count: i64) -> Self {
        Self { value: count as f64, count: Some(count) }
    }

    /// A value that is no exact integer; `None` when it is not finite.
    pub fn inexact(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self { value, count: None })
    }
}
