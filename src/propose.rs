//! Proposes templates for a tree from the paths of its result files.
//!
//! Paths are put together that have as many parts. Each part of such a group is looked at on its own: what never changes stays as it
//! is, a date is a date, what equals the host that the files name is the host, a number that changes is the repetition when no other
//! stands further in, be it one that never changes (`iter1`). What always has as many dots or underscores is taken apart there. Anything
//! else gets the number of its level as a name, for a person to replace. What was proposed is read back: [`Proposal::unread`] says how
//! many it misses.

mod affix;
mod part;
mod sample;
mod side_file;

use std::collections::{BTreeMap, BTreeSet};

use crate::place::layout::{Layout, Layouts, Reading};
use part::{Naming, Part};

#[cfg(test)]
mod tests;

pub use sample::{Sample, Seen};
pub use side_file::side_file;

/// Most templates that are proposed; a tree that needs more has no plan that could be found.
const MAX_TEMPLATES: usize = 40;

/// How many values of a name, and how many paths that are not read, are shown.
const SHOWN: usize = 6;

/// Templates for a tree.
#[derive(Debug)]
pub struct Proposal {
    /// The templates in the order in which they are tried.
    pub templates: Vec<Template>,
    /// How many paths no template reads.
    pub unread: usize,
    /// The first of them, each with the reason.
    pub first_unread: Vec<(String, String)>,
    /// How many paths were looked at.
    pub paths: usize,
}

/// A proposed template.
#[derive(Debug)]
pub struct Template {
    /// The template.
    pub text: String,
    /// How many of the paths it was made from.
    pub paths: usize,
    /// Its names with the values that they have, in order of the path.
    pub names: Vec<NameValues>,
}

/// A name and what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct NameValues {
    /// The name.
    pub name: String,
    /// The first of its values, sorted.
    pub values: Vec<String>,
    /// How many values it has.
    pub distinct: usize,
}

/// Makes templates for the paths of a sample, and reads them with these.
pub fn propose(sample: &Sample) -> Proposal {
    let files = sample.files();
    let mut depths: BTreeMap<usize, Group<'_>> = BTreeMap::new();
    for file in files {
        depths.entry(file.path.matches('/').count()).or_default().push(file);
    }
    let templates: Vec<Template> = depths.values().flat_map(templates).take(MAX_TEMPLATES).collect();
    let mut proposal = Proposal { templates, unread: 0, first_unread: Vec::new(), paths: files.len() };
    proposal.read_back(files);
    proposal
}

/// Files whose paths have as many parts.
type Group<'a> = Vec<&'a Seen>;

/// The directories are the same for all of a group; names that end in a number get a template of their own. It comes first, for it
/// is the narrower one.
fn templates(group: &Group<'_>) -> Vec<Template> {
    let mut columns = columns(group);
    let names = columns.pop().unwrap_or_default();
    let mut directories = Vec::new();
    for (at, column) in columns.into_iter().enumerate() {
        part::split(column, at + 1, &hosts(group), &mut directories);
    }
    let numbered = |at: &usize| affix::numeric_extension(names[*at]).is_some();
    let (numbered, plain): (Vec<usize>, Vec<usize>) = (0..names.len()).partition(numbered);
    let some = [numbered, plain].into_iter().filter(|chosen| !chosen.is_empty());
    some.map(|chosen| template(group, &directories, &names, &chosen)).collect()
}

fn columns<'a>(group: &Group<'a>) -> Vec<Vec<&'a str>> {
    let depth = group.first().map_or(0, |file| file.path.split('/').count());
    let mut columns: Vec<Vec<&str>> = vec![Vec::with_capacity(group.len()); depth];
    for file in group {
        for (part, column) in file.path.split('/').zip(&mut columns) {
            column.push(part);
        }
    }
    columns
}

fn hosts<'a>(files: &[&'a Seen]) -> Vec<Option<&'a str>> {
    files.iter().map(|file| file.host.as_deref()).collect()
}

/// The template for the chosen files of a group, whose names all end in a number or all do not.
fn template<'a>(group: &Group<'a>, directories: &[Part<'a>], names: &[&'a str], chosen: &[usize]) -> Template {
    let files: Group<'_> = chosen.iter().map(|at| group[*at]).collect();
    let names: Vec<&str> = chosen.iter().map(|at| names[*at]).collect();
    let mut parts: Vec<Part<'_>> = directories.iter().map(|part| part.only(chosen)).collect();
    let level = parts.last().map_or(1, |part| part.level + 1);
    let numbered: Option<Vec<(&str, &str)>> = names.iter().map(|name| affix::numeric_extension(name)).collect();
    if let Some(numbered) = numbered {
        let (stems, numbers) = numbered.into_iter().unzip();
        part::split(stems, level, &hosts(&files), &mut parts);
        part::join(&mut parts, ".");
        parts.push(Part::number(numbers, level));
    } else {
        part::split(names, level, &hosts(&files), &mut parts);
    }
    put_together(&parts, files.iter().any(|file| file.dated))
}

/// Names the parts, from the innermost on, and puts them together.
fn put_together(parts: &[Part<'_>], dated: bool) -> Template {
    let mut naming = Naming::new(dated);
    let mut pieces: Vec<String> = Vec::new();
    let mut names = Vec::new();
    for (at, part) in parts.iter().enumerate().rev() {
        let (text, name) = part.text(&mut naming, parts);
        pieces.extend((at + 1 < parts.len()).then(|| part.joint.to_owned()));
        pieces.push(text);
        names.extend(name.map(|name| values(name, &part.middles())));
    }
    names.reverse();
    let paths = parts.first().map_or(0, |part| part.column.len());
    Template { text: pieces.into_iter().rev().collect(), paths, names }
}

fn values(name: String, texts: &[&str]) -> NameValues {
    let distinct: BTreeSet<&str> = texts.iter().copied().collect();
    let values = distinct.iter().take(SHOWN).map(|text| (*text).to_owned()).collect();
    NameValues { name, values, distinct: distinct.len() }
}

impl Proposal {
    fn read_back(&mut self, files: &[Seen]) {
        let layouts: Vec<Layout> = self.templates.iter().filter_map(|template| template.text.parse().ok()).collect();
        let layouts = Layouts(layouts);
        for file in files {
            let reason = match layouts.read(&file.path) {
                Reading::Matched(_) => continue,
                Reading::NoMatch => "no template fits".to_owned(),
                Reading::Refused(reason) => reason,
            };
            self.unread += 1;
            if self.first_unread.len() < SHOWN {
                self.first_unread.push((file.path.clone(), reason));
            }
        }
    }
}
