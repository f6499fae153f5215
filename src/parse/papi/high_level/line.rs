//! One line of PAPI's JSON.

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member<'a> {
    /// `"KEY":{`
    Open(&'a str),
    /// `}` or `},`
    Close,
    /// `"KEY":"VALUE"`: every number is a string.
    Leaf(&'a str, &'a str),
}

/// Reads a line; `None` when PAPI writes no such line. PAPI escapes nothing, so the marks around key and value decide.
pub(super) fn member(line: &str) -> Option<Member<'_>> {
    let text = line.trim();
    let text = text.strip_suffix(',').unwrap_or(text);
    if text == "}" {
        return Some(Member::Close);
    }
    let text = text.strip_prefix('"')?;
    if let Some(key) = text.strip_suffix("\":{") {
        return Some(Member::Open(key));
    }
    let (key, value) = text.strip_suffix('"')?.split_once("\":\"")?;
    Some(Member::Leaf(key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_one_a_line() {
        assert_eq!(member("    \"perf::PAGE-FAULTS\":{"), Some(Member::Open("perf::PAGE-FAULTS")));
        assert_eq!(member("  },"), Some(Member::Close));
        assert_eq!(member("\"A:::B\":\"12\","), Some(Member::Leaf("A:::B", "12")));
        for line in ["", "{", "\"A\":12", "\"threads\":[", "\"A\":\"12", "\""] {
            assert_eq!(member(line), None, "{line}");
        }
    }
}
