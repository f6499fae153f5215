//! From the text of a template to one regular expression.

use regex_syntax::hir::{Hir, HirKind};

use super::error::LayoutError;
use super::field::{Field, ValueKind};
use super::restriction::Restriction;

/// Longest template, in bytes.
const MAX_TEMPLATE: usize = 4096;

/// What a template is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A path: parts with `/` between them.
    Path,
    /// A line of text, without blanks at its ends.
    Line,
}

impl Subject {
    /// Any value.
    fn value(self) -> &'static str {
        match self {
            Self::Path => "[^/]+",
            Self::Line => r"[^\s](?:[^\n]*[^\s])?",
        }
    }

    /// `*`.
    fn anything(self) -> &'static str {
        match self {
            Self::Path => "[^/]*",
            Self::Line => r"[^\n]*",
        }
    }
}

/// A name in a template, and the group that holds its value.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// As it stands in the template, `a` or `label.a`.
    pub(super) written: String,
    pub(super) group: String,
    pub(super) field: Field,
    pub(super) kind: ValueKind,
}

/// A template as a regular expression for the whole subject.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) pattern: String,
    pub(super) names: Vec<Name>,
}

/// Reads a template.
pub(super) fn draft(template: &str, subject: Subject) -> Result<Draft, LayoutError> {
    if template.len() > MAX_TEMPLATE {
        return Err(LayoutError::new("...", 0, format!("it is longer than {MAX_TEMPLATE} bytes")));
    }
    let (pattern, names) = match template.strip_prefix("regex:") {
        Some(text) => expression(template, text)?,
        None => Scanner { template, subject, at: 0, out: String::new(), open: Vec::new(), names: Vec::new() }.scan()?,
    };
    check_spelling(template, &names)?;
    Ok(Draft { pattern: format!(r"\A(?:{pattern})\z"), names: names.into_iter().map(|(_, name)| name).collect() })
}

/// A name with the place where it stands.
type Placed = (usize, Name);

/// `regex:`: the groups are the names.
fn expression(template: &str, text: &str) -> Result<(String, Vec<Placed>), LayoutError> {
    let at = template.len() - text.len();
    let hir = Restriction { template, at, text }.parse()?;
    let mut groups = Vec::new();
    collect_groups(&hir, &mut groups);
    let names = groups.into_iter().map(|group| {
        let at = at + text.find(&format!("<{group}>")).map_or(0, |at| at + 1);
        let field = Field::named(&group).map_err(|reason| LayoutError::new(template, at, reason))?;
        Ok((at, Name { written: group.clone(), kind: field.kind(), field, group }))
    });
    Ok((hir.to_string(), names.collect::<Result<_, _>>()?))
}

fn collect_groups(hir: &Hir, groups: &mut Vec<String>) {
    if let HirKind::Capture(capture) = hir.kind() {
        groups.extend(capture.name.as_deref().map(str::to_owned));
    }
    hir.kind().subs().iter().for_each(|sub| collect_groups(sub, groups));
}

/// One field under two spellings (`{site}` and `{label.site}`) is a slip.
fn check_spelling(template: &str, names: &[Placed]) -> Result<(), LayoutError> {
    for (i, (at, name)) in names.iter().enumerate() {
        let same = names[..i].iter().map(|(_, earlier)| earlier).filter(|earlier| earlier.field == name.field);
        if let Some(other) = same.into_iter().find(|earlier| earlier.written != name.written) {
            return Err(LayoutError::new(template, *at, format!("'{}' was written '{}' before", name.written, other.written)));
        }
    }
    Ok(())
}

/// Reads the template language, character by character.
struct Scanner<'t> {
    template: &'t str,
    subject: Subject,
    at: usize,
    out: String,
    /// Where each `[` that is still open stands, and how long the expression was then.
    open: Vec<(usize, usize)>,
    names: Vec<Placed>,
}

impl<'t> Scanner<'t> {
    fn scan(mut self) -> Result<(String, Vec<Placed>), LayoutError> {
        self.check_start()?;
        while let Some(c) = self.rest().chars().next() {
            match c {
                '{' => self.name()?,
                '[' => self.open_option(),
                ']' => self.close_option()?,
                '*' => self.wildcard()?,
                '}' => return Err(self.error("there is no '{' before this '}'; write \\} for the character itself")),
                '\\' => self.escaped()?,
                ' ' | '\t' if self.subject == Subject::Line => self.blanks(),
                c => self.literal(c),
            }
        }
        match self.open.first() {
            Some((at, _)) => {
                Err(LayoutError::new(self.template, *at, "this '[' is not closed; write \\[ for the character itself"))
            }
            None => Ok((self.out, self.names)),
        }
    }

    fn check_start(&self) -> Result<(), LayoutError> {
        if self.subject == Subject::Path && (self.template.starts_with('/') || self.template.starts_with("./")) {
            return Err(self.error("a path is held against the template without '/' or './' in front"));
        }
        Ok(())
    }

    fn rest(&self) -> &'t str {
        &self.template[self.at..]
    }

    fn error(&self, reason: impl Into<String>) -> LayoutError {
        LayoutError::new(self.template, self.at, reason)
    }

    fn literal(&mut self, c: char) {
        regex_syntax::escape_into(c.encode_utf8(&mut [0; 4]), &mut self.out);
        self.at += c.len_utf8();
    }

    fn escaped(&mut self) -> Result<(), LayoutError> {
        let Some(c) = self.rest().chars().nth(1) else {
            return Err(self.error("a character must follow this '\\'"));
        };
        self.at += 1;
        self.literal(c);
        Ok(())
    }

    /// Logs are aligned by hand: blanks in a text pattern stand for any blanks.
    fn blanks(&mut self) {
        self.out.push_str(r"[\t ]+");
        self.at = self.template.len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn open_option(&mut self) {
        self.open.push((self.at, self.out.len()));
        self.out.push_str("(?:");
        self.at += 1;
    }

    fn close_option(&mut self) -> Result<(), LayoutError> {
        let Some((_, length)) = self.open.pop() else {
            return Err(self.error("there is no '[' before this ']'; write \\] for the character itself"));
        };
        if self.out.len() == length + "(?:".len() {
            return Err(self.error("nothing stands between '[' and ']'"));
        }
        self.out.push_str(")?");
        self.at += 1;
        Ok(())
    }

    fn wildcard(&mut self) -> Result<(), LayoutError> {
        let stars = self.rest().len() - self.rest().trim_start_matches('*').len();
        if stars == 1 {
            self.out.push_str(self.subject.anything());
            self.at += 1;
            return Ok(());
        }
        let (before, after) = (&self.template[..self.at], &self.rest()[stars..]);
        let alone = (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'));
        if stars > 2 || !alone || !self.open.is_empty() || self.subject == Subject::Line {
            return Err(self.error("'**' stands for whole parts of a path: alone between '/', outside of [ ]"));
        }
        // With the '/' that follows, so that no part at all leaves no '/' behind.
        self.out.push_str(if after.is_empty() { "[^/]+(?:/[^/]+)*" } else { "(?:[^/]+/)*" });
        self.at += stars + usize::from(!after.is_empty());
        Ok(())
    }

    /// `{name}`, `{name:REGEX}`, `{name:@date}`.
    fn name(&mut self) -> Result<(), LayoutError> {
        let Some(length) = braced(self.rest()) else {
            return Err(self.error("this '{' is not closed; write \\{ for the character itself"));
        };
        let inside = &self.rest()[1..length - 1];
        let (name, restriction) = inside.split_once(':').map_or((inside, None), |(name, text)| (name, Some(text)));
        let begins = self.at + 1;
        let field = Field::named(name).map_err(|reason| LayoutError::new(self.template, begins, reason))?;
        let (kind, pattern) = self.value(&field, begins + name.len() + 1, restriction)?;
        let group = format!("v{}", self.names.len());
        self.out.extend(["(?P<", &group, ">", &pattern, ")"]);
        self.names.push((begins, Name { written: name.to_owned(), group, field, kind }));
        self.at += length;
        Ok(())
    }

    fn value(&self, field: &Field, at: usize, restriction: Option<&str>) -> Result<(ValueKind, String), LayoutError> {
        let kind = match restriction {
            Some("@date") if field.kind() == ValueKind::Text => ValueKind::Date,
            _ => field.kind(),
        };
        let pattern = match restriction {
            None | Some("@date") => kind.pattern().unwrap_or(self.subject.value()).to_owned(),
            Some("") => return Err(LayoutError::new(self.template, at, "a pattern must follow the ':'")),
            Some(word) if word.starts_with('@') => {
                return Err(LayoutError::new(self.template, at, "the only pattern with a name is @date"));
            }
            Some(text) => Restriction { template: self.template, at, text }.pattern(self.subject == Subject::Path)?,
        };
        Ok((kind, pattern))
    }
}

/// Length of the text in braces that `text` begins with; braces inside are in pairs, unless a `\` stands before them.
fn braced(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}
