//! Elements that are open, and what they say of the counts inside them.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

/// An open element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// `profile`, or an element that says nothing of counts.
    Other,
    /// `binary`: an application and its main image.
    Binary(String),
    /// `process` of a thread group.
    Process(Option<i64>, String),
    /// `thread`
    Thread(Option<i64>),
    /// `module`: another image.
    Module(String),
    /// `symbol`, with the range of its details.
    Symbol {
        id: String,
        details: Option<(u64, u64)>,
    },
    /// `callers` or `callees`.
    Callers,
    Callees,
    /// A `symbol` among them, and whether it is the symbol itself.
    Arc {
        id: String,
        caller: bool,
        own: bool,
    },
    /// `symboldetails` of a symbol.
    Details(String),
    /// `detaildata`
    Detail {
        id: Option<u64>,
        address: Option<u64>,
        file: Option<String>,
        line: Option<String>,
    },
    /// `count` of a class.
    Count(Option<String>),
}

impl Frame {
    /// The element inside those that are open.
    pub(super) fn of(element: &Element<'_>, open: &[Self]) -> Self {
        let text = |key: &str| element.get(key).unwrap_or_default();
        let number = |key: &str| element.get(key).and_then(|text| text.parse().ok());
        match element.name() {
            "binary" => Self::Binary(text("name")),
            "process" => Self::Process(number("pid"), text("name")),
            "thread" => Self::Thread(number("tid")),
            "module" => Self::Module(text("name")),
            "callers" => Self::Callers,
            "callees" => Self::Callees,
            "symboldetails" => Self::Details(text("id")),
            // Details carry an empty class where there is only one.
            "count" => Self::Count(element.get("class").filter(|class| !class.is_empty())),
            "detaildata" => Self::Detail {
                id: element.number("id"),
                address: element.get("vmaoffset").and_then(|hex| u64::from_str_radix(&hex, 16).ok()),
                file: element.get("file"),
                line: element.get("line"),
            },
            // Neighbours in another image stand inside its module.
            "symbol" => match open.iter().rfind(|frame| !matches!(frame, Self::Module(_))) {
                Some(Self::Callers) => Self::Arc { id: text("idref"), caller: true, own: false },
                Some(Self::Callees) => {
                    let own = element.get("self").as_deref() == Some("true");
                    Self::Arc { id: text("idref"), caller: false, own }
                }
                _ => Self::Symbol { id: text("idref"), details: element.number("detaillo").zip(element.number("detailhi")) },
            },
            _ => Self::Other,
        }
    }
}

/// A start tag with its attributes.
#[derive(Debug)]
pub(in crate::parse::oprofile) struct Element<'a>(pub(in crate::parse::oprofile) &'a BytesStart<'a>);

impl Element<'_> {
    /// Its name.
    pub(in crate::parse::oprofile) fn name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// An attribute; entities other than those of XML itself are left as they stand.
    pub(in crate::parse::oprofile) fn get(&self, key: &str) -> Option<String> {
        let attribute = self.0.attributes().flatten().find(|attribute| attribute.key.into_inner() == key)?;
        let raw: &str = &attribute.value;
        Some(unescape(raw).unwrap_or(Cow::Borrowed(raw)).into_owned())
    }

    /// An attribute that is a number.
    pub(in crate::parse::oprofile) fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    /// Whether every attribute can be read.
    pub(in crate::parse::oprofile) fn is_sound(&self) -> bool {
        self.0.attributes().all(|attribute| attribute.is_ok_and(|attribute| unescape(&attribute.value).is_ok()))
    }
}
