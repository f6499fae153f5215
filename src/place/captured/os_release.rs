//! `/etc/os-release` (os-release(5)): assignments as a shell reads them.

use std::collections::BTreeMap;

use crate::machine::label;
use crate::model::Context;

/// The operating system's name. Every line must be an assignment: other files have them in between.
pub(in crate::place) fn read(text: &str) -> Option<Context> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let values: BTreeMap<&str, String> = lines.map(assignment).collect::<Option<_>>()?;
    // The manual promises both, with defaults; a file without either is another one of assignments.
    let (_, name) = (values.get("ID")?, values.get("NAME")?);
    let pretty = values.get("PRETTY_NAME").unwrap_or(name).clone();
    let labels = BTreeMap::from([(label::OS.to_owned(), pretty)]);
    Some(Context { labels, ..Context::default() })
}

fn assignment(line: &str) -> Option<(&str, String)> {
    let (key, value) = line.split_once('=')?;
    let letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!key.is_empty() && key.bytes().all(letter)).then(|| (key, unquoted(value)))
}

/// A value without its quotes; inside double quotes a backslash takes the next letter as it is.
fn unquoted(value: &str) -> String {
    if let Some(inner) = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')) {
        return inner.to_owned();
    }
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let mut plain = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_unquoted_as_a_shell_does() {
        let os = |text: &str| read(text).map(|context| context.labels["os"].clone());
        assert_eq!(os("NAME=Fedora\nID=fedora\nPRETTY_NAME='Fedora \"39\"'\n").as_deref(), Some("Fedora \"39\""));
        assert_eq!(os("# x\nNAME=\"A\\\"B\\$\"\n\nID=x\n").as_deref(), Some("A\"B$"));
        assert_eq!(os("NAME=x\n"), None);
        assert_eq!(os("NAME=x\nID=x\n1234 cycles\n"), None);
    }
}
