//! Rows of the predecessor in words for people, as examples of what had to be interpreted.

use crate::store::seed::SeedEnvironment;

/// The columns that hold something.
pub(super) fn environment(row: &SeedEnvironment) -> String {
    let text = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
    let number = |name: &str, value: Option<i32>| value.map(|value| format!("{name} {value}"));
    let known = [
        Some(format!("env_id {}", row.id)),
        Some(row.arch.clone()),
        text("microarch", &row.microarch),
        text("vendor", &row.vendor),
        number("family", row.family),
        number("model", row.model),
        number("stepping", row.stepping),
        text("virt", &row.virt),
        text("kernel", &row.kernel),
    ];
    known.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A text in quotes, or that there is none.
pub(super) fn quoted(text: Option<&String>) -> String {
    text.map_or_else(|| "nothing".to_owned(), |text| format!("'{text}'"))
}
