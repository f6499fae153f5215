//! Spellings of `OProfile`: `operf -e NAME:COUNT:MASK:KERNEL:USER`, `ocount -e NAME:MASK:KERNEL:USER`, each cut at any colon.

use std::fmt;

use super::{Modifiers, Name, unreadable};

/// A unit mask, as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mask {
    /// A number; a large one also holds the bits that a named mask adds.
    Number(u64),
    /// A name of the event's table.
    Named(String),
}

/// What follows the name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OprofileFields {
    /// Events between two samples.
    pub count: Option<u64>,
    /// The unit mask; `None` takes the default of the event.
    pub mask: Option<Mask>,
    /// Whether the kernel is counted.
    pub kernel: Option<bool>,
    /// Whether user mode is counted.
    pub user: Option<bool>,
}

impl fmt::Display for OprofileFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.count.iter().try_for_each(|count| write!(f, ":{count}"))?;
        match &self.mask {
            Some(Mask::Number(mask)) => write!(f, ":{mask:#x}")?,
            Some(Mask::Named(name)) => write!(f, ":{name}")?,
            None => {}
        }
        let flags = [self.kernel, self.user].into_iter().flatten();
        flags.into_iter().try_for_each(|flag| write!(f, ":{}", u8::from(flag)))
    }
}

/// Least sampling period of any event; a smaller number is a unit mask (the tables' `minimum` is 500 and more).
const LEAST_COUNT: u64 = 500;

pub(super) fn read(text: &str) -> (Name, Modifiers) {
    let mut pieces = text.split(':');
    let event = pieces.next().unwrap_or_default();
    let rest: Vec<&str> = pieces.collect();
    let why = "OProfile writes NAME, or NAME:COUNT:MASK:KERNEL:USER cut at any colon, without or with the count";
    if event.is_empty() || text.contains(char::is_whitespace) {
        return (unreadable(text, why), Modifiers::default());
    }
    let Some(fields) = fields(&rest) else { return (unreadable(text, why), Modifiers::default()) };
    let modifiers = Modifiers {
        scope: Modifiers::rings(with_default(&fields, fields.user), with_default(&fields, fields.kernel)),
        period: fields.count,
        ..Modifiers::default()
    };
    (Name::Oprofile { event: event.to_owned(), fields }, modifiers)
}

/// A ring that is not given is counted, as both are when neither is given.
fn with_default(fields: &OprofileFields, ring: Option<bool>) -> Option<bool> {
    (fields.kernel.is_some() || fields.user.is_some()).then(|| ring.unwrap_or(true))
}

fn fields(pieces: &[&str]) -> Option<OprofileFields> {
    // Reports print the mask in hexadecimal after the count, which is 0 for what the timer sampled.
    let is_report = pieces.get(1).is_some_and(|piece| piece.starts_with("0x"));
    let count = pieces.first().and_then(|piece| decimal(piece)).filter(|count| *count >= LEAST_COUNT || is_report);
    let rest = if count.is_some() { &pieces[1..] } else { pieces };
    let flag = |at: usize| match rest.get(at) {
        None => Some(None),
        Some(&"0") => Some(Some(false)),
        Some(&"1") => Some(Some(true)),
        Some(_) => None,
    };
    let mask = match rest.first() {
        None => None,
        Some(text) => Some(mask(text)?),
    };
    (rest.len() <= 3).then_some(OprofileFields { count, mask, kernel: flag(1)?, user: flag(2)? })
}

fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn mask(text: &str) -> Option<Mask> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')).map(Mask::Number);
    }
    if let Some(number) = decimal(text) {
        return Some(Mask::Number(number));
    }
    let named = text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    named.then(|| Mask::Named(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_fields(text: &str) -> OprofileFields {
        match read(text).0 {
            Name::Oprofile { fields, .. } => fields,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_count_is_told_from_a_mask_by_its_size() {
        let number = |mask| Some(Mask::Number(mask));
        for (text, count, mask, kernel, user) in [
            ("A", None, None, None, None),
            ("A:100000", Some(100_000), None, None, None),
            ("A:0x41", None, number(0x41), None, None),
            ("A:1", None, number(1), None, None),
            ("A:100000:0:1:0", Some(100_000), number(0), Some(true), Some(false)),
            ("A:0x1:0:1", None, number(1), Some(false), Some(true)),
            ("A:500:25165825:1", Some(500), number(0x0180_0001), Some(true), None),
            ("TIMER:0:0x00", Some(0), number(0), None, None),
            ("A:all:1:1", None, Some(Mask::Named("all".to_owned())), Some(true), Some(true)),
        ] {
            assert_eq!(read_fields(text), OprofileFields { count, mask, kernel, user }, "{text}");
        }
    }

    #[test]
    fn what_has_another_form_stays_whole() {
        for text in ["A:", "A:1:2", "A:500:1:1:1:1", ":1", "A B", "A:-1"] {
            assert!(matches!(read(text).0, Name::Unreadable(..)), "{text}");
        }
    }
}
