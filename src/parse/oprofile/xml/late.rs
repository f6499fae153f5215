//! Symbols are referred to by number before the table that names them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::parse::oprofile::profile::Profile;

/// `symboldata`: what a symbol is.
#[derive(Debug, Clone, Default)]
pub(super) struct SymbolData {
    pub(super) name: String,
    pub(super) file: Option<String>,
    pub(super) line: Option<String>,
    pub(super) address: Option<u64>,
}

impl SymbolData {
    /// `calc.c:6`
    pub(super) fn location(&self) -> Option<String> {
        location(self.file.as_deref(), self.line.as_deref())
    }
}

/// Source file and line, as far as both are stated.
pub(super) fn location(file: Option<&str>, line: Option<&str>) -> Option<String> {
    Some(format!("{}:{}", file?, line?))
}

/// Entries whose symbols are to be named.
#[derive(Debug)]
struct Reference {
    entries: Range<usize>,
    symbol: String,
    of_symbol: Option<String>,
}

/// A row of a symbol that has details.
#[derive(Debug, Clone)]
pub(super) struct Detailed {
    pub(super) range: (u64, u64),
    pub(super) image: Option<String>,
    pub(super) app: Option<String>,
}

/// What waits for the tables at the end of a document.
#[derive(Debug, Default)]
pub(super) struct Late {
    references: Vec<Reference>,
    symbols: HashMap<String, SymbolData>,
    /// Rows with details by symbol and by the first number of their range; ranges do not overlap.
    details: HashMap<String, BTreeMap<u64, Detailed>>,
}

impl Late {
    /// Entries of a symbol that is still to be named.
    pub(super) fn refer(&mut self, entries: Range<usize>, symbol: &str, of_symbol: Option<&str>) {
        let of_symbol = of_symbol.map(str::to_owned);
        self.references.push(Reference { entries, symbol: symbol.to_owned(), of_symbol });
    }

    /// A row of the table.
    pub(super) fn define(&mut self, id: String, data: SymbolData) {
        self.symbols.insert(id, data);
    }

    /// A symbol that was defined.
    pub(super) fn symbol(&self, id: &str) -> Option<&SymbolData> {
        self.symbols.get(id)
    }

    /// A symbol's details are those of a range of the table.
    pub(super) fn detailed(&mut self, id: &str, detailed: Detailed) {
        self.details.entry(id.to_owned()).or_default().entry(detailed.range.0).or_insert(detailed);
    }

    /// The row that a detail belongs to.
    pub(super) fn owner(&self, id: &str, detail: Option<u64>) -> Option<&Detailed> {
        let detail = detail?;
        let (_, row) = self.details.get(id)?.range(..=detail).next_back()?;
        (detail <= row.range.1).then_some(row)
    }

    /// Names the symbols of all entries, and says how many have no name.
    pub(super) fn resolve(self, profile: &mut Profile) {
        let mut nameless = 0_usize;
        for Reference { entries, symbol, of_symbol } in self.references {
            let data = self.symbols.get(&symbol);
            nameless += usize::from(data.is_none());
            let name = data.and_then(|data| profile.name_of(&data.name));
            let location = data.and_then(SymbolData::location).and_then(|place| profile.name_of(&place));
            let of = of_symbol.and_then(|id| self.symbols.get(&id)).and_then(|data| profile.name_of(&data.name));
            let address = data.and_then(|data| data.address);
            for entry in &mut profile.entries_from(entries.start)[..entries.len()] {
                (entry.symbol, entry.of_symbol) = (name, of);
                entry.location = entry.location.or(location);
                entry.address = entry.address.or(address);
            }
        }
        if nameless > 0 {
            profile.builder().note(format!("{nameless} rows refer to symbols that the document does not name"));
        }
    }
}
