//! What both forms of ophelp share: how the CPU and the unit masks of an event are written down.

/// What stands before the name of the CPU type, in both forms.
pub(super) const TITLE: &str = "oprofile: available events for CPU type \"";

/// Key of the label that holds it.
pub(super) const CPU_LABEL: &str = "oprofile_cpu";

/// The CPU type in the title.
pub(super) fn cpu_type(title: &str) -> Option<&str> {
    title.trim().strip_prefix(TITLE)?.strip_suffix('"').filter(|name| !name.is_empty())
}

/// The unit masks of an event.
#[derive(Debug, Default)]
pub(super) struct Masks(String);

impl Masks {
    /// Adds the mask that is taken where none is asked for: by number, since OProfile 1.0 sometimes by name.
    pub(super) fn default_is(&mut self, mask: &str) {
        self.push(&format!("default {mask}"));
    }

    /// Adds a mask and its name, where it has one.
    pub(super) fn add(&mut self, mask: u64, name: Option<&str>) {
        let number = format!("{mask:#04x}");
        match name {
            Some(name) => self.push(&format!("{number} {name}")),
            None => self.push(&number),
        }
    }

    fn push(&mut self, part: &str) {
        if !self.0.is_empty() {
            self.0.push_str("; ");
        }
        self.0.push_str(part);
    }

    /// The text: `default 0x1; 0x01 loads; 0x02 stores`.
    pub(super) fn text(self) -> Option<String> {
        Some(self.0).filter(|text| !text.is_empty())
    }
}

/// Which default mask is meant: numbers in one notation, names as they are.
pub(super) fn default_mask(text: &str) -> String {
    let number = text.strip_prefix("0x").map_or_else(|| text.parse().ok(), |hex| u64::from_str_radix(hex, 16).ok());
    number.map_or_else(|| text.to_owned(), |number| format!("{number:#x}"))
}
