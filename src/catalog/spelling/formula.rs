//! How a derived preset is computed, written down: `derived_sub(A, B)`, `derived_postfix N0|N1|-|(A, B)`.

use super::Name;

/// `None` when the text is no formula.
pub(super) fn read(text: &str) -> Option<Name> {
    let (head, natives) = text.strip_suffix(')')?.split_once('(')?;
    let (kind, expression) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
    let natives: Vec<String> = natives.split(',').map(|name| name.trim().to_owned()).collect();
    let is_name = |name: &String| !name.is_empty() && !name.contains([' ', '(', ')']);
    let is_whole = kind.starts_with("derived_") && !expression.trim().contains([' ', ',']) && natives.iter().all(is_name);
    is_whole.then(|| Name::Formula { kind: kind.to_owned(), expression: expression.trim().to_owned(), natives })
}
