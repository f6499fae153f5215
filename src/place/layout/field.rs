//! What a template can name.

use std::fmt;

use super::date;
use crate::model::ToolName;

/// A field of a run that a name in a template stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The experiment.
    Experiment,
    /// The tool, `NAME` or `NAME-VERSION`.
    Tool,
    /// The host.
    Host,
    /// Architecture.
    Arch,
    /// Vendor of the CPU.
    Vendor,
    /// CPU family, decimal.
    Family,
    /// CPU model, decimal.
    Model,
    /// CPU stepping, decimal.
    Stepping,
    /// Microarchitecture.
    Microarch,
    /// Kernel release.
    Kernel,
    /// Virtualisation.
    Virt,
    /// When the run started; [`super::date_micros`] gives its time.
    Date,
    /// Which repetition of the same run it is, decimal.
    Repeat,
    /// Any other fact, with its key.
    Label(String),
}

/// Every field that is no label, with the name it has in templates.
const NAMES: [(&str, Field); 13] = [
    ("experiment", Field::Experiment),
    ("tool", Field::Tool),
    ("host", Field::Host),
    ("arch", Field::Arch),
    ("vendor", Field::Vendor),
    ("family", Field::Family),
    ("model", Field::Model),
    ("stepping", Field::Stepping),
    ("microarch", Field::Microarch),
    ("kernel", Field::Kernel),
    ("virt", Field::Virt),
    ("date", Field::Date),
    ("repeat", Field::Repeat),
];

impl Field {
    /// The field that a name in a template stands for; a name that is no field of its own is the key of a label.
    pub(super) fn named(name: &str) -> Result<Self, String> {
        let key = name.strip_prefix("label.");
        let odd = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-');
        if key.unwrap_or(name).is_empty() {
            return Err("a name is missing".to_owned());
        }
        if let Some(c) = name.chars().find(|c| odd(*c)) {
            return Err(format!("'{c}' cannot be in a name; letters, digits, '_', '.' and '-' can"));
        }
        if let Some(key) = key {
            return Ok(Self::Label(key.to_owned()));
        }
        match NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((known, field)) if known == name => Ok(field),
            Some((known, _)) => Err(format!("write '{known}' for the field, or 'label.{name}' for a label of that name")),
            None => Ok(Self::Label(name.to_owned())),
        }
    }

    /// The label of this key.
    pub fn label(key: &str) -> Result<Self, String> {
        Self::named(&format!("label.{key}"))
    }

    /// What its values are.
    pub(super) fn kind(&self) -> ValueKind {
        match self {
            Self::Tool => ValueKind::Tool,
            Self::Family | Self::Model | Self::Stepping | Self::Repeat => ValueKind::Number,
            Self::Date => ValueKind::Date,
            _ => ValueKind::Text,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label(key) => write!(f, "label.{key}"),
            field => f.write_str(NAMES.iter().find(|(_, known)| known == field).map_or("", |(name, _)| name)),
        }
    }
}

/// What values of a name look like, and which of those that do are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    Text,
    Number,
    Date,
    Tool,
}

impl ValueKind {
    /// The pattern for values where the template gives none; `None` when any text will do.
    pub(super) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::Tool => None,
            Self::Number => Some("[0-9]+"),
            Self::Date => Some(date::PATTERN),
        }
    }

    /// Why a text that fits the template is still no value.
    pub(super) fn objection(self, text: &str) -> Option<String> {
        match self {
            Self::Text => None,
            Self::Number => text.parse::<i32>().err().map(|_| "is no number of at most 2147483647".to_owned()),
            Self::Date => date::micros(text).is_none().then(|| "is no date".to_owned()),
            Self::Tool => text.parse::<ToolName>().err().map(|_| "is no tool, NAME or NAME-VERSION".to_owned()),
        }
    }
}
