//! JSON with the line of every member, as PAPI and its scripts write it: damaged, cut, or on one line as well.
//!
//! PAPI escapes nothing in its strings, so what stands behind a quotation mark decides whether it ends one. A place that is no JSON
//! costs the rest of its line: reading goes on in the next, in the object that was open.

mod cursor;

use crate::model::RejectKind;
use cursor::Cursor;

/// Objects within objects that are followed. PAPI's own need seven, its script's nine.
const DEEPEST: usize = 16;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Line of the file, from 1.
    pub(super) line: u32,
    /// Column in characters, from 1.
    pub(super) column: u32,
}

/// A value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// The members of `{...}`, or of `[...]`: those have no key.
    Members(Vec<Member<'a>>),
    /// What stands between quotation marks, as it stands, or a bare word such as a number.
    Leaf(&'a str),
}

/// A member of an object or of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member<'a> {
    /// Its key; empty in a list.
    pub(super) key: &'a str,
    /// Where it begins.
    pub(super) place: Place,
    /// Its value.
    pub(super) value: Value<'a>,
}

impl<'a> Member<'a> {
    /// Its members; none when it has a plain value.
    pub(super) fn members(&self) -> &[Member<'a>] {
        match &self.value {
            Value::Members(members) => members,
            Value::Leaf(_) => &[],
        }
    }

    /// Its plain value.
    pub(super) fn leaf(&self) -> Option<&'a str> {
        match &self.value {
            Value::Leaf(text) => Some(text),
            Value::Members(_) => None,
        }
    }
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where.
    pub(super) place: Place,
    /// The class of the reason.
    pub(super) kind: RejectKind,
    /// Why.
    pub(super) reason: &'static str,
}

/// One object that stands by itself.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// Its first line.
    pub(super) first: u32,
    /// Its last line.
    pub(super) last: u32,
    /// Its members.
    pub(super) members: Vec<Member<'a>>,
    /// What could not be read, in order.
    pub(super) faults: Vec<Fault>,
    /// Whether its last brace was there.
    pub(super) complete: bool,
}

impl<'a> Document<'a> {
    /// The plain value of a member of the whole.
    pub(super) fn leaf(&self, key: &str) -> Option<&'a str> {
        self.members.iter().find(|member| member.key == key)?.leaf()
    }
}

/// Every object that begins a line, or follows another one, and whose first keys tell that it is wanted.
pub(super) fn documents<'a>(text: &'a str, wanted: fn(&[Key<'a>]) -> bool) -> Vec<Document<'a>> {
    let mut cursor = Cursor::new(text);
    let mut found = Vec::new();
    while !cursor.is_at_end() {
        let place = cursor.place();
        cursor.skip_between();
        if cursor.peek() == Some('{') && wanted(&keys(cursor.clone())) {
            found.push(document(&mut cursor));
            continue;
        }
        if let Some(before) = found.last_mut()
            && before.last == place.line
            && !matches!(cursor.peek(), Some('\n') | None)
        {
            before.faults.push(Fault { place, kind: RejectKind::Json, reason: "more than an object stands on the line" });
        }
        cursor.skip_line();
    }
    found
}

/// Whether a text may hold an object. Most texts have none at all; that is seen at a look.
pub(super) fn holds_object(text: &str) -> bool {
    memchr::memchr(b'{', text.as_bytes()).is_some()
}

/// The first key of the first object that [`documents`] would find.
pub(super) fn first_key<'a>(text: &'a str, wanted: fn(&[Key<'a>]) -> bool) -> Option<Key<'a>> {
    if !holds_object(text) {
        return None;
    }
    let mut cursor = Cursor::new(text);
    while !cursor.is_at_end() {
        cursor.skip_between();
        if cursor.peek() == Some('{') {
            let keys = keys(cursor.clone());
            if wanted(&keys) {
                return keys.first().copied();
            }
        }
        cursor.skip_line();
    }
    None
}

/// A key and its line.
pub(super) type Key<'a> = (&'a str, u32);

/// How many keys say what an object is.
const FIRST_KEYS: usize = 12;

/// Bytes in which they stand: the header of a report takes some 300. A line that only looks like one costs no more, however many there are.
const FIRST_BYTES: usize = 4096;

/// Marks between two keys; a key, a list and an object in it are four.
const MOST_MARKS: usize = DEEPEST;

fn keys(cursor: Cursor<'_>) -> Vec<Key<'_>> {
    let mut cursor = cursor.within(FIRST_BYTES);
    let mut keys = Vec::new();
    let mut in_value = false;
    let mut marks = 0;
    while keys.len() < FIRST_KEYS && marks <= MOST_MARKS {
        marks += 1;
        cursor.skip_space();
        match cursor.peek() {
            Some('"') if in_value => match cursor.string() {
                Some(_) => in_value = false,
                None => break,
            },
            Some('"') => {
                let line = cursor.place().line;
                let Some(key) = cursor.key() else { break };
                keys.push((key, line));
                in_value = true;
                marks = 0;
            }
            Some('{' | '[' | ',') => {
                in_value = false;
                cursor.bump();
            }
            Some(_) if cursor.word().is_some() => in_value = false,
            _ => break,
        }
    }
    keys
}

/// An object or list whose end has not come.
#[derive(Debug)]
struct Open<'a> {
    key: &'a str,
    place: Place,
    is_list: bool,
    members: Vec<Member<'a>>,
}

/// Reads from an opening brace to the one that closes it, or to the end of the text.
fn document<'a>(cursor: &mut Cursor<'a>) -> Document<'a> {
    let first = cursor.place().line;
    let mut reader = Reader::default();
    let mut whole = None;
    while whole.is_none() {
        cursor.skip_space();
        if cursor.is_at_end() {
            break;
        }
        match reader.step(cursor) {
            Ok(closed) => whole = closed,
            Err((place, reason)) => {
                reader.pending = None;
                reader.faults.push(Fault { place, kind: RejectKind::Json, reason });
                cursor.skip_line();
            }
        }
    }
    let complete = whole.is_some();
    let members = whole.or_else(|| reader.close(0)).unwrap_or_default();
    Document { first, last: cursor.last_line(), members, faults: reader.faults, complete }
}

#[derive(Debug, Default)]
struct Reader<'a> {
    open: Vec<Open<'a>>,
    /// A key whose value has not come.
    pending: Option<(&'a str, Place)>,
    faults: Vec<Fault>,
}

type Step<T> = Result<T, (Place, &'static str)>;

impl<'a> Reader<'a> {
    /// Reads one token; gives the members of the whole when it ends.
    fn step(&mut self, cursor: &mut Cursor<'a>) -> Step<Option<Vec<Member<'a>>>> {
        let place = cursor.place();
        match cursor.peek() {
            Some(brace @ ('{' | '[')) => self.begin(place, brace == '[').map(|()| cursor.bump())?,
            Some(brace @ ('}' | ']')) => {
                let whole = self.end(place, brace == ']')?;
                cursor.bump();
                return Ok(whole);
            }
            Some(',') if self.pending.is_none() => cursor.bump(),
            Some('"') if self.awaits_value() => {
                let text = cursor.string().ok_or((place, "a string does not end"))?;
                self.leaf(place, text)?;
            }
            Some('"') => {
                let key = cursor.key().ok_or((place, "neither a key nor the end of an object"))?;
                self.pending = Some((key, place));
            }
            _ => {
                let word = cursor.word().filter(|_| self.awaits_value()).ok_or((place, "no JSON"))?;
                self.leaf(place, word)?;
            }
        }
        Ok(None)
    }

    fn awaits_value(&self) -> bool {
        self.pending.is_some() || self.open.last().is_some_and(|open| open.is_list)
    }

    fn begin(&mut self, place: Place, is_list: bool) -> Step<()> {
        let (key, place) = match (self.pending.take(), self.open.last()) {
            (Some(pending), _) => pending,
            (None, Some(Open { is_list: false, .. })) => return Err((place, "an object without a key")),
            (None, _) => ("", place),
        };
        if self.open.len() == DEEPEST {
            return Err((place, "objects within objects, deeper than any output of PAPI"));
        }
        self.open.push(Open { key, place, is_list, members: Vec::new() });
        Ok(())
    }

    /// Closes what is open, and with it what should have been closed before.
    fn end(&mut self, place: Place, is_list: bool) -> Step<Option<Vec<Member<'a>>>> {
        let fits = self.open.iter().rposition(|open| open.is_list == is_list).filter(|_| self.pending.is_none());
        let depth = fits.ok_or((place, "closes what is not open"))?;
        if depth + 1 < self.open.len() {
            self.faults.push(Fault { place, kind: RejectKind::Json, reason: "what is open within was not closed" });
        }
        Ok(self.close(depth))
    }

    /// Closes everything from a depth on; gives the members of the whole when nothing stays open.
    fn close(&mut self, depth: usize) -> Option<Vec<Member<'a>>> {
        while self.open.len() > depth {
            let closed = self.open.pop()?;
            match self.open.last_mut() {
                Some(outer) => outer.members.push(closed.into()),
                None => return Some(closed.members),
            }
        }
        None
    }

    fn leaf(&mut self, place: Place, text: &'a str) -> Step<()> {
        let (key, place) = self.pending.take().unwrap_or(("", place));
        let open = self.open.last_mut().ok_or((place, "a value outside of an object"))?;
        open.members.push(Member { key, place, value: Value::Leaf(text) });
        Ok(())
    }
}

impl<'a> From<Open<'a>> for Member<'a> {
    fn from(open: Open<'a>) -> Self {
        Self { key: open.key, place: open.place, value: Value::Members(open.members) }
    }
}

#[cfg(test)]
mod tests;
