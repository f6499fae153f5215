//! `key: value` lines, in which a machine with many CPUs says the same again and again.

use std::collections::{BTreeMap, BTreeSet};

/// The distinct values of each key.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a> {
    values: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Fields<'a> {
    /// The fields of lines with a colon; blanks around key and value do not count, a key without value is none.
    pub(crate) fn of(text: &'a str) -> Self {
        text.lines().filter_map(|line| line.split_once(':')).collect()
    }

    /// The value of a key; `None` when the text has none or more than one.
    pub(crate) fn one(&self, key: &str) -> Option<&'a str> {
        let values = self.values.get(key)?;
        (values.len() == 1).then(|| values.first().copied())?
    }

    /// Every value of a key, sorted.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.values.get(key).into_iter().flatten().copied()
    }

    /// Whether the text has the key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// The keys with their values, in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &BTreeSet<&'a str>)> {
        self.values.iter().map(|(key, values)| (*key, values))
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Fields<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut fields = Self::default();
        for (key, value) in pairs {
            if !value.trim().is_empty() {
                fields.values.entry(key.trim()).or_default().insert(value.trim());
            }
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_one_that_all_lines_agree_on() {
        let fields = Fields::of("model\t\t: 85\nstepping\t: 4\n\nmodel\t\t: 85\nstepping\t: 7\npower management:\n");
        assert_eq!((fields.one("model"), fields.one("stepping"), fields.one("absent")), (Some("85"), None, None));
        assert_eq!(fields.all("stepping").collect::<Vec<_>>(), ["4", "7"]);
        assert!(!fields.has("power management"));
    }
}
