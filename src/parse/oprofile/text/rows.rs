//! The rows of a table, whichever it is.

use std::borrow::Cow;

use super::cells::Broken;
use super::clean::Span;
use crate::parse::oprofile::profile::Profile;

/// A table that is being read.
pub(super) trait Rows<'a> {
    /// Reads and places a row of this text, whose names `kept` makes outlive it.
    fn read<'t>(
        &mut self,
        profile: &mut Profile,
        text: &'t str,
        span: Span<'a>,
        kept: impl Fn(&'t str) -> Cow<'a, str>,
    ) -> Result<(), Broken>;

    /// Reads and places a row. The text of one that was wrapped stands nowhere as it is, and its names are copied.
    fn row(&mut self, profile: &mut Profile, span: Span<'a>) -> Result<(), Broken> {
        match span.text() {
            Cow::Borrowed(text) => self.read(profile, text, span, Cow::Borrowed),
            Cow::Owned(text) => self.read(profile, &text, span, |name| Cow::Owned(name.to_owned())),
        }
    }
}
