//! What a source says about where it was made.

use std::collections::BTreeMap;

use super::Environment;

/// Facts that a source states about its machine, in lines that describe themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Name of the machine.
    pub host: Option<String>,
    /// What is known of the machine and its kernel.
    pub environment: Environment,
    /// Other facts that runs can be told apart by, such as `os`: key and value.
    pub labels: BTreeMap<String, String>,
}

impl Context {
    /// The labels as a JSON object with sorted keys; `None` when there are none.
    pub fn label_text(&self) -> Option<String> {
        labels_as_json(self.labels.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    }
}

/// Labels as a JSON object with sorted keys; `None` when there are none.
pub(super) fn labels_as_json<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let labels: BTreeMap<&str, &str> = labels.collect();
    (!labels.is_empty()).then(|| serde_json::to_string(&labels).expect("texts are always JSON"))
}
