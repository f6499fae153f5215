//! Image summaries: applications, and below those with more than one image, their images.

use std::borrow::Cow;

use super::cells::{self, Broken};
use super::clean::Span;
use super::rows::Rows;
use super::titles::Shape;
use crate::model::EntryKind;
use crate::parse::oprofile::profile::{Cell, Place, Profile, columns};
use crate::parse::oprofile::shares::Shares;

/// Width of the column of samples.
const WIDTH: usize = 9;

/// An application and its images so far.
#[derive(Debug)]
struct Group<'a> {
    line: u32,
    app: Cow<'a, str>,
    cells: Vec<Cell>,
    /// First of the entries that its row gave.
    first: usize,
    /// Samples and shares of its images, by column; `None` as long as it has none.
    images: Option<Vec<Shares>>,
}

impl Group<'_> {
    fn is_full(&self) -> bool {
        let sums = self.images.iter().flatten().map(|shares| shares.sum);
        self.images.is_some() && self.cells.iter().zip(sums).all(|(cell, sum)| sum >= i128::from(cell.samples))
    }
}

/// A summary that is being read.
#[derive(Debug)]
pub(super) struct Summary<'a> {
    classes: Vec<usize>,
    /// First entry of the table.
    first: usize,
    /// Where the numbers of applications and those of images begin.
    outer: Option<usize>,
    inner: Option<usize>,
    /// The titles were repeated: images follow.
    repeated: bool,
    group: Option<Group<'a>>,
    /// Images whose shares are not of their application.
    doubtful: Vec<(u32, usize, Shares)>,
}

impl<'a> Rows<'a> for Summary<'a> {
    fn read<'t>(
        &mut self,
        profile: &mut Profile,
        text: &'t str,
        span: Span<'a>,
        kept: impl Fn(&'t str) -> Cow<'a, str>,
    ) -> Result<(), Broken> {
        let numbers = cells::numbers(text, Shape { classes: self.classes.len(), ..Shape::default() })?;
        if numbers.rest.is_empty() {
            let column = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let reason = "the row ends before its name".to_owned();
            return Err(Broken { column, kind: crate::model::RejectKind::Row, reason, ended: true });
        }
        let line = span.first();
        if self.is_image(begin_of_numbers(text)) {
            self.image(profile, line, numbers.rest, &numbers.cells);
        } else {
            self.application(profile, line, kept(numbers.rest), numbers.cells);
        }
        profile.builder().results_on(span.height());
        Ok(())
    }
}

impl<'a> Summary<'a> {
    /// A summary with these columns.
    pub(super) fn new(classes: Vec<usize>, first: usize) -> Self {
        Self { classes, first, outer: None, inner: None, repeated: false, group: None, doubtful: Vec::new() }
    }

    /// Whether the table has rows.
    pub(super) fn has_rows(&self) -> bool {
        self.outer.is_some()
    }

    /// How many columns it has.
    pub(super) fn columns(&self) -> usize {
        self.classes.len()
    }

    /// The titles came again: the images of the application above follow.
    pub(super) fn repeat(&mut self) {
        self.repeated = true;
    }

    /// Whether a text begins as a row does, complete or not.
    pub(super) fn begins(text: &str) -> bool {
        text.trim_start().starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether a row whose numbers begin at a column is one of an image of the application above.
    fn is_image(&mut self, begin: usize) -> bool {
        let Some(outer) = self.outer else {
            self.outer = Some(begin);
            self.repeated = false;
            return false;
        };
        if std::mem::take(&mut self.repeated) {
            self.inner = Some(begin);
            return true;
        }
        match self.inner {
            // A copy that lost the indentation: an application is over when its images add up.
            Some(inner) if inner <= outer => {
                self.group.as_ref().is_some_and(|group| group.images.is_some() && !group.is_full())
            }
            Some(inner) => begin.abs_diff(inner) < begin.abs_diff(outer),
            None if begin > outer => {
                self.inner = Some(begin);
                true
            }
            None => false,
        }
    }

    fn application(&mut self, profile: &mut Profile, line: u32, name: Cow<'a, str>, cells: Vec<Cell>) {
        self.settle(profile);
        let first = profile.next_entry();
        let place = Place { image: Some(&name), ..Place::default() };
        profile.row(line, EntryKind::Image, place, true, columns(&self.classes, &cells));
        self.group = Some(Group { line, app: name, cells, first, images: None });
    }

    fn image(&mut self, profile: &mut Profile, line: u32, name: &str, cells: &[Cell]) {
        let Some(group) = &mut self.group else { return };
        if group.images.is_none() {
            let next = profile.next_entry();
            for entry in &mut profile.entries_from(group.first)[..next - group.first] {
                (entry.kind, entry.app, entry.image) = (EntryKind::Application, entry.image, None);
            }
        }
        let sums = group.images.get_or_insert_with(|| vec![Shares::default(); cells.len()]);
        sums.iter_mut().zip(cells).for_each(|(shares, cell)| shares.add(line, cell.samples, cell.share));
        let place = Place { image: Some(name), app: Some(&group.app), ..Place::default() };
        profile.row(line, EntryKind::Image, place, false, columns(&self.classes, cells));
    }

    /// The images of an application add up to it.
    fn settle(&mut self, profile: &mut Profile) {
        let Some(Group { line, app, cells, images: Some(images), .. }) = self.group.take() else { return };
        for ((column, cell), shares) in columns(&self.classes, &cells).zip(images) {
            let total = i128::from(cell.samples);
            if shares.sum != total {
                let sum = shares.sum;
                profile.builder().note(format!("the images of {app} (line {line}) hold {sum} of its {total} samples"));
            }
            if !shares.could_be_of(total) {
                self.doubtful.push((line, column, shares));
            }
        }
    }

    /// The end of the table.
    pub(super) fn finish(mut self, profile: &mut Profile) {
        self.settle(profile);
        // With --global-percent the shares of images are of the whole.
        let totals = profile.sums();
        for (line, column, shares) in self.doubtful {
            if totals.get(column).is_none_or(|&total| !shares.could_be_of(total)) {
                let note = format!(
                    "the percentages of the images below line {line} are neither of their application nor of the whole"
                );
                profile.builder().note(note);
            }
        }
        // Where some applications list their images, one that does not is its only image; without any, images may be merged.
        if self.inner.is_some() {
            for entry in profile.entries_from(self.first) {
                if entry.kind == EntryKind::Image && entry.app.is_none() {
                    entry.app = entry.image;
                }
            }
        }
    }
}

/// Where the first column of numbers begins; a number that is too wide for it begins it.
fn begin_of_numbers(text: &str) -> usize {
    let digits = text.trim_start();
    let blanks = text[..text.len() - digits.len()].chars().count();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    (blanks + length).saturating_sub(length.max(WIDTH))
}
