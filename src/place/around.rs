//! What lies around a source and can say where its runs belong: side files and captured system files, from its directory upwards.

use std::cell::OnceCell;
use std::sync::Arc;

use super::layout::{Layouts, TextPattern};
use super::{Captured, Facts, Sidecar};
use crate::model::{Digest, Identity, Origin};

/// Most side files that are listened to; those further up are left out.
const MOST: usize = 200;

/// Longest text on them, in bytes: it is an indexed column.
const LONGEST_TEXT: usize = 1000;

/// What the last line of that text begins with when not every file has a line.
pub const MORE: &str = "... ";

/// A file beside others that says something of them.
#[derive(Debug)]
pub struct Side {
    /// Its location.
    pub location: String,
    /// Hash of its bytes.
    pub digest: Digest,
    /// What it says.
    pub says: Says,
}

/// What a file says of those beside and below it.
#[derive(Debug)]
pub enum Says {
    /// A side file.
    Sidecar(Box<Sidecar>),
    /// What a machine says of itself.
    Captured(Box<Facts>),
    /// A side file that cannot be used: nothing below it is imported.
    Broken,
}

impl Says {
    /// What a captured system file says.
    pub fn captured(captured: &Captured) -> Self {
        Self::Captured(Box::new(Facts::from(&captured.context)))
    }
}

/// A directory, or an archive, and what is around it.
#[derive(Debug)]
pub struct Around {
    /// Its location; `None` for what was given on the command line, which speaks of paths below the argument.
    directory: Option<String>,
    sides: Vec<Side>,
    above: Option<Arc<Self>>,
    /// Every file around, nearest first: its path below the root of the argument and the hash of its bytes, a line each.
    text: Arc<str>,
}

/// The path of a source, seen from each directory above it.
#[derive(Debug)]
pub struct Seen<'a> {
    identity: &'a Identity,
    /// Made for the first directory that has a side file, which most sources never meet.
    location: OnceCell<String>,
}

impl<'a> Seen<'a> {
    /// The path that a source is known by.
    pub fn new(identity: &'a Identity) -> Self {
        Self { identity, location: OnceCell::new() }
    }

    fn below(&self, directory: Option<&str>) -> &str {
        let Some(directory) = directory else { return &self.identity.path };
        let location = self.location.get_or_init(|| self.identity.location().unwrap_or_else(|| self.identity.path.clone()));
        let rest = location.strip_prefix(directory).unwrap_or(location);
        rest.strip_prefix('/').unwrap_or(rest)
    }
}

impl Around {
    /// A directory with its sides, the side file before the captured ones; shares what is above when it adds nothing.
    ///
    /// `root` is the location of the argument, below which paths are shown.
    pub fn within(
        above: Option<&Arc<Self>>,
        directory: Option<String>,
        mut sides: Vec<Side>,
        root: Option<&str>,
    ) -> Option<Arc<Self>> {
        if sides.is_empty() {
            return above.cloned();
        }
        sides.sort_by(|a, b| {
            let rank = |side: &Side| (matches!(side.says, Says::Captured(_)), side.location.clone());
            rank(a).cmp(&rank(b))
        });
        let mut around = Self { directory, sides, above: above.cloned(), text: Arc::default() };
        around.text = around.described(root).into();
        Some(Arc::new(around))
    }

    /// This directory and those above it, nearest first.
    fn levels(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |level| level.above.as_deref())
    }

    /// Everything around, nearest first.
    fn sides(&self) -> impl Iterator<Item = (&Self, &Side)> {
        self.levels().flat_map(|level| level.sides.iter().map(move |side| (level, side))).take(MOST)
    }

    fn sidecars(&self) -> impl Iterator<Item = (&Self, &Sidecar)> {
        self.levels().flat_map(|level| level.sides.iter().map(move |side| (level, side))).filter_map(
            |(level, side)| match &side.says {
                Says::Sidecar(sidecar) => Some((level, &**sidecar)),
                Says::Captured(_) | Says::Broken => None,
            },
        )
    }

    /// The side file around that cannot be used, if there is one.
    pub fn broken(&self) -> Option<&str> {
        let broken = |side: &&Side| matches!(side.says, Says::Broken);
        self.levels().flat_map(|level| &level.sides).find(broken).map(|side| side.location.as_str())
    }

    /// Whether any side file is around, and not only captured ones.
    pub fn has_sidecars(&self) -> bool {
        self.sidecars().next().is_some()
    }

    /// Whether a file is wanted: the nearest side file that has `include` decides, and so does the nearest that has `exclude`.
    pub fn admits(&self, seen: &Seen<'_>, may_hold: bool) -> bool {
        let (mut included, mut excluded) = (None, None);
        for (level, sidecar) in self.sidecars() {
            let (include, exclude) = sidecar.admits(seen.below(level.directory.as_deref()), may_hold);
            included = included.or(include);
            excluded = excluded.or(exclude);
        }
        included.unwrap_or(true) && !excluded.unwrap_or(false)
    }

    /// The format that a file is to be read as, whatever its content looks like.
    pub fn format(&self, seen: &Seen<'_>) -> Option<&str> {
        self.sidecars().find_map(|(level, sidecar)| sidecar.format(seen.below(level.directory.as_deref())))
    }

    /// The templates that read the path, with the path as they see it.
    pub(super) fn layouts<'a>(&'a self, seen: &'a Seen<'_>) -> Option<(&'a Layouts, &'a str)> {
        self.sidecars().find_map(|(level, sidecar)| Some((sidecar.layouts.as_ref()?, seen.below(level.directory.as_deref()))))
    }

    /// The patterns of lines between outputs.
    pub(super) fn text_patterns(&self) -> &[TextPattern] {
        self.sidecars().find_map(|(_, sidecar)| sidecar.text.as_deref()).unwrap_or_default()
    }

    /// Whether the files come from this machine.
    pub(super) fn is_local(&self) -> bool {
        self.sidecars().find_map(|(_, sidecar)| sidecar.local).unwrap_or(false)
    }

    /// What each of them says, nearest first.
    pub(super) fn facts(&self) -> impl Iterator<Item = (Origin, &Facts)> {
        (0_u8..).zip(self.sides()).filter_map(|(position, (_, side))| match &side.says {
            Says::Sidecar(sidecar) => Some((Origin::Sidecar(position), &sidecar.facts)),
            Says::Captured(facts) => Some((Origin::Captured(position), facts)),
            Says::Broken => None,
        })
    }

    /// Every file around, nearest first: its path and the hash of its bytes, a line each.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    fn described(&self, root: Option<&str>) -> String {
        let lines: Vec<String> =
            self.sides().map(|(_, side)| format!("{} {}", shown(&side.location, root), side.digest)).collect();
        let text = lines.join("\n");
        if text.len() <= LONGEST_TEXT {
            return text;
        }
        // Still the same text for the same files, and another one for others.
        let end = text[..text.floor_char_boundary(LONGEST_TEXT - 100)].rfind('\n').map_or(0, |newline| newline + 1);
        format!("{}{MORE}{} in all, {}", &text[..end], lines.len(), Digest::of(text.as_bytes()))
    }
}

/// A location below the root of the argument, whole when it lies elsewhere; on one line.
fn shown(location: &str, root: Option<&str>) -> String {
    let below = root.and_then(|root| location.strip_prefix(root)?.strip_prefix('/'));
    below.unwrap_or(location).replace('\n', "\\x0A")
}
