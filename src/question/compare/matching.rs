//! Which groups of two sides belong together.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::question::{Aspects, Group, Part, Together};

/// Groups of both sides that have the parts of their keys in common.
pub(super) struct Matching<'g> {
    first: &'g [Group],
    second: &'g [Group],
}

/// A group of one side or both.
pub(super) enum Match<'g> {
    /// Both sides have it.
    Both(&'g Group, &'g Group),
    /// Only the first side has it; the aspects of the nearest of the second.
    First(&'g Group, Option<Arc<Aspects>>),
    /// Only the second side.
    Second(&'g Group, Option<Arc<Aspects>>),
}

/// Parts the groups of two sides, both in natural order of their keys, by the parts of their keys.
pub(super) fn by_parts<'g>(mut first: &'g [Group], mut second: &'g [Group]) -> impl Iterator<Item = Matching<'g>> {
    std::iter::from_fn(move || {
        let heads = [first.first(), second.first()].into_iter().flatten();
        let parts: &[Part] = heads.map(|group| group.key.parts.as_ref()).min()?;
        Some(Matching { first: take(&mut first, parts), second: take(&mut second, parts) })
    })
}

/// Takes the groups with these parts from the front.
fn take<'g>(groups: &mut &'g [Group], parts: &[Part]) -> &'g [Group] {
    let end = groups.iter().position(|group| *group.key.parts != *parts).unwrap_or(groups.len());
    let (taken, rest) = groups.split_at(end);
    *groups = rest;
    taken
}

impl<'g> Matching<'g> {
    /// Each group with its partner, or with the nearest that is none.
    pub(super) fn matches(&self) -> impl Iterator<Item = Match<'g>> {
        let (of_first, of_second) = (Others::new(self.first), Others::new(self.second));
        let first = self.first.iter().map(move |group| match of_second.find(&group.key.aspects) {
            Ok(partner) => Match::Both(group, partner),
            Err(nearest) => Match::First(group, nearest),
        });
        let second = self.second.iter().filter_map(move |group| {
            let nearest = of_first.find(&group.key.aspects).err()?;
            Some(Match::Second(group, nearest))
        });
        first.chain(second)
    }
}

/// Groups of a side by their aspects: first by all of them but those in which nearly all groups may differ.
struct Others<'g> {
    groups: &'g [Group],
    classes: Vec<Class<'g>>,
}

struct Class<'g> {
    aspects: Aspects,
    /// Place of the first group.
    first: usize,
    /// Places by the events counted together; of equal ones the first.
    together: HashMap<Option<&'g Together>, usize>,
    /// Places by the part of the machine and the control group; of equal ones the first.
    covered: HashMap<Covered<'g>, usize>,
    /// Places by both.
    both: HashMap<(Covered<'g>, Option<&'g Together>), usize>,
}

/// Part of the machine, and control group.
type Covered<'g> = (&'g Part, &'g Part);

impl<'g> Others<'g> {
    fn new(groups: &'g [Group]) -> Self {
        let mut classes: Vec<Class<'g>> = Vec::new();
        for (at, group) in groups.iter().enumerate() {
            let aspects = alone(&group.key.aspects);
            let known = classes.iter().position(|class| class.aspects == aspects);
            let known = known.unwrap_or_else(|| {
                classes.push(Class::new(aspects, at));
                classes.len() - 1
            });
            classes[known].add(&group.key.aspects, at);
        }
        Self { groups, classes }
    }

    /// The group of these aspects, or else the aspects that differ in the fewest; of several the first.
    fn find(&self, aspects: &Aspects) -> Result<&'g Group, Option<Arc<Aspects>>> {
        let wanted = alone(aspects);
        let of_class = |class: &Class<'g>| {
            let (apart, at) = class.nearest(aspects);
            (class.aspects.differences(&wanted).len() + apart, at)
        };
        match self.classes.iter().map(of_class).min() {
            Some((0, at)) => Ok(&self.groups[at]),
            nearest => Err(nearest.map(|(_, at)| Arc::clone(&self.groups[at].key.aspects))),
        }
    }
}

impl<'g> Class<'g> {
    fn new(aspects: Aspects, first: usize) -> Self {
        Self { aspects, first, together: HashMap::new(), covered: HashMap::new(), both: HashMap::new() }
    }

    fn add(&mut self, aspects: &'g Aspects, at: usize) {
        let (covered, together) = (covered(aspects), aspects.together.as_ref());
        self.together.entry(together).or_insert(at);
        self.covered.entry(covered).or_insert(at);
        self.both.insert((covered, together), at);
    }

    /// In how many of the aspects that the class does not tell the nearest group differs, and its place.
    fn nearest(&self, aspects: &'g Aspects) -> (usize, usize) {
        let (covered, together) = (covered(aspects), aspects.together.as_ref());
        if let Some(at) = self.both.get(&(covered, together)) {
            return (0, *at);
        }
        match self.covered.get(&covered).or_else(|| self.together.get(&together)) {
            Some(at) => (1, *at),
            None => (2, self.first),
        }
    }
}

fn covered(aspects: &Aspects) -> Covered<'_> {
    (&aspects.part, &aspects.cgroup)
}

/// Aspects without those in which nearly all groups may differ.
fn alone(aspects: &Aspects) -> Aspects {
    Aspects { together: None, part: Part::Unknown, cgroup: Part::Unknown, ..aspects.clone() }
}
