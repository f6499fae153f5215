//! As much of Rust's grammar as finding names takes: tokens without comments and literals, and the paths they form.

/// A word or a punctuation mark of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Line of the file, from 1.
    pub(crate) line: usize,
    /// A name, `::`, or one other character.
    pub(crate) text: String,
}

/// The tokens of a source file. Comments, strings and characters are left out: what they name is not used.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            let length = token_length(rest, first);
            if !first.is_whitespace() {
                found.push(Token { line, text: rest[..length].to_owned() });
            }
            length
        });
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

fn token_length(text: &str, first: char) -> usize {
    if is_word(first) {
        text.find(|c| !is_word(c)).unwrap_or(text.len())
    } else if text.starts_with("::") {
        2
    } else {
        first.len_utf8()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of the comment or literal that `text` begins with.
fn skipped(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(block_comment(text));
    }
    let literal = text.trim_start_matches(['b', 'c']);
    let prefix = text.len() - literal.len();
    if prefix <= 1 {
        if literal.starts_with('"') {
            return Some(prefix + quoted(literal, '"'));
        }
        if let Some(length) = raw_string(literal) {
            return Some(prefix + length);
        }
        if is_character(literal) {
            return Some(prefix + quoted(literal, '\''));
        }
    }
    None
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let step = if rest.starts_with("/*") {
            depth += 1;
            2
        } else if rest.starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.strip_prefix('r')?;
    let body = hashes.trim_start_matches('#');
    let end = format!("\"{}", "#".repeat(hashes.len() - body.len()));
    let opened = 1 + hashes.len() - body.len() + 1;
    let length = body.strip_prefix('"')?.find(&end)?;
    Some(opened + length + end.len())
}

/// A character literal, and not a lifetime: `'a'`, `'\n'`, but `'a` and `'_`.
fn is_character(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('\'') && (chars.next() == Some('\\') || chars.next() == Some('\''))
}

/// A use of a module at the top of the crate: the line, and the module (`*` for all of them at once).
pub(crate) type Use = (usize, String);

/// The top-level modules that a file names, by `crate::` or by enough `super::`, in `use` and in inline paths.
///
/// `module` is the path of the file's module: `["parse", "perf"]`.
pub(crate) fn crate_uses(tokens: &[Token], module: &[String]) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut depth = module.len();
    let mut braces: Vec<bool> = Vec::new();
    let text = |at: usize| tokens.get(at).map_or("", |token: &Token| token.text.as_str());
    let mut at = 0;
    while at < tokens.len() {
        match text(at) {
            "{" => {
                let opens_module = at >= 2 && text(at - 2) == "mod";
                depth += usize::from(opens_module);
                braces.push(opens_module);
            }
            "}" => depth -= usize::from(braces.pop().unwrap_or(false)),
            "crate" if text(at + 1) == "::" => uses.extend(heads(tokens, at + 2)),
            "super" => {
                let mut climbed = 1;
                while text(at + 1) == "::" && text(at + 2) == "super" {
                    climbed += 1;
                    at += 2;
                }
                if climbed >= depth && text(at + 1) == "::" {
                    uses.extend(heads(tokens, at + 2));
                }
            }
            _ => {}
        }
        at += 1;
    }
    uses
}

/// The first name of a path, or of each member of a group `{a::b, c}`.
fn heads(tokens: &[Token], at: usize) -> Vec<Use> {
    let Some(first) = tokens.get(at) else { return Vec::new() };
    if first.text != "{" {
        return vec![(first.line, first.text.clone())];
    }
    let mut found = Vec::new();
    let mut depth = 0;
    for pair in tokens[at..].windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0].text.as_str(), "{" | ",") && pair[1].text != "}" {
            found.push((pair[1].line, pair[1].text.clone()));
        }
    }
    found
}
