//! All ways in which a text fits a pattern.
//!
//! A regular expression engine gives one match and hides the others. To know that a value is the only one, all ways must be seen;
//! there may be too many to list, but the states of the automaton that lie on *some* way from the beginning to the end of the text
//! are few: one pass forward finds those that can be reached, one pass backward those that lead to the end. The groups begin and
//! end at such states, so their positions show every value that a group has on any way. The cost is the length of the text times
//! the number of states, whatever the pattern.

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// The values of one group over all ways.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Values<'t> {
    /// It takes part in no way.
    Absent,
    /// It has this value in every way.
    One(&'t str),
    /// It has these two values in two ways, perhaps others in others; `None`: it takes no part.
    Several(&'t str, Option<&'t str>),
}

/// The states on ways through a text.
#[derive(Debug)]
pub(super) struct Ways<'t> {
    nfa: &'t NFA,
    text: &'t str,
    /// For each position of the text, the end of its states in `states`.
    ends: Vec<usize>,
    states: Vec<StateID>,
    /// First and last position of each slot of the groups.
    slots: Vec<Option<(usize, usize)>>,
}

impl<'t> Ways<'t> {
    /// All ways; none when the text does not fit.
    pub(super) fn new(nfa: &'t NFA, text: &'t str) -> Self {
        let mut ways = Self { nfa, text, ends: Vec::with_capacity(text.len() + 1), states: Vec::new(), slots: Vec::new() };
        ways.forward(None);
        ways.backward();
        ways.find_slots();
        ways
    }

    /// Adds the states that can be reached at each position without passing through `barred`.
    fn forward(&mut self, barred: Option<usize>) {
        let mut seen = vec![false; self.nfa.states().len()];
        let mut seeds = vec![self.nfa.start_anchored()];
        for at in 0..=self.text.len() {
            let begin = self.states.len();
            while let Some(id) = seeds.pop() {
                let state = self.nfa.state(id);
                if seen[id] || barred.is_some() && slot(state) == barred {
                    continue;
                }
                seen[id] = true;
                self.states.push(id);
                epsilons(self.nfa, state, self.text, at, |next| seeds.push(next));
            }
            let reached = &self.states[begin..];
            seeds.extend(reached.iter().filter_map(|id| consumes(self.nfa.state(*id), self.text, at)));
            mark(&mut seen, reached, false);
            self.ends.push(self.states.len());
        }
    }

    fn at(&self, at: usize) -> &[StateID] {
        &self.states[self.begin(at)..self.ends[at]]
    }

    fn begin(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    fn matches(&self) -> bool {
        let last = self.at(self.text.len());
        last.iter().any(|id| matches!(self.nfa.state(*id), State::Match { .. }))
    }

    /// Keeps the states from which the end can be reached.
    fn backward(&mut self) {
        let mut leads = vec![false; self.nfa.states().len()];
        let mut ahead: Vec<StateID> = Vec::new();
        let mut kept: Vec<Vec<StateID>> = Vec::with_capacity(self.ends.len());
        for at in (0..=self.text.len()).rev() {
            mark(&mut leads, &ahead, true);
            let mut alive: Vec<StateID> =
                self.at(at).iter().copied().filter(|id| self.ends_or_consumes(*id, at, &leads)).collect();
            mark(&mut leads, &ahead, false);
            self.spread(at, &mut alive, &mut leads);
            mark(&mut leads, &alive, false);
            ahead.clone_from(&alive);
            kept.push(alive);
        }
        self.states.clear();
        for (end, alive) in self.ends.iter_mut().zip(kept.iter().rev()) {
            self.states.extend(alive);
            *end = self.states.len();
        }
    }

    fn ends_or_consumes(&self, id: StateID, at: usize, leads: &[bool]) -> bool {
        let state = self.nfa.state(id);
        matches!(state, State::Match { .. }) && at == self.text.len()
            || consumes(state, self.text, at).is_some_and(|next| leads[next])
    }

    /// Adds to `alive` the states at a position that reach one of them without consuming anything.
    fn spread(&self, at: usize, alive: &mut Vec<StateID>, leads: &mut [bool]) {
        mark(leads, alive, true);
        loop {
            let before = alive.len();
            for id in self.at(at).iter().rev() {
                let mut leads_on = false;
                if !leads[*id] {
                    epsilons(self.nfa, self.nfa.state(*id), self.text, at, |next| leads_on |= leads[next]);
                }
                if leads_on {
                    leads[*id] = true;
                    alive.push(*id);
                }
            }
            if alive.len() == before {
                return;
            }
        }
    }

    fn find_slots(&mut self) {
        let mut slots: Vec<Option<(usize, usize)>> = vec![None; self.nfa.group_info().slot_len()];
        for at in 0..=self.text.len() {
            for found in self.at(at).iter().filter_map(|id| slot(self.nfa.state(*id))) {
                slots[found] = Some((slots[found].map_or(at, |(first, _)| first), at));
            }
        }
        self.slots = slots;
    }

    /// The values of a group; `optional`: a way around it may exist.
    pub(super) fn values(&self, group: usize, optional: bool) -> Values<'t> {
        let (Some(begin), Some(end)) = (self.slots[2 * group], self.slots[2 * group + 1]) else { return Values::Absent };
        let first = if begin.0 == begin.1 && end.0 == end.1 {
            &self.text[begin.0..end.0]
        } else {
            let mut texts = self.texts(group);
            let first = texts.next().unwrap_or_default();
            if let Some(other) = texts.find(|text| *text != first) {
                return Values::Several(first, Some(other));
            }
            first
        };
        if optional && self.around(2 * group) { Values::Several(first, None) } else { Values::One(first) }
    }

    /// Whether a way exists that does not pass through a slot.
    fn around(&self, slot: usize) -> bool {
        let mut ways = Self { nfa: self.nfa, text: self.text, ends: Vec::new(), states: Vec::new(), slots: Vec::new() };
        ways.forward(Some(slot));
        ways.matches()
    }

    /// Every text that the group has on some way, perhaps more than once.
    fn texts(&self, group: usize) -> impl Iterator<Item = &'t str> {
        let begins = (0..=self.text.len()).flat_map(move |at| self.at(at).iter().map(move |id| (at, *id)));
        let begins = begins.filter(move |(_, id)| slot(self.nfa.state(*id)) == Some(2 * group));
        begins.flat_map(move |(begin, id)| {
            self.ends_of(id, begin, 2 * group + 1).into_iter().map(move |end| &self.text[begin..end])
        })
    }

    /// Where a group ends that begins with a state at a position.
    fn ends_of(&self, id: StateID, begin: usize, end_slot: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut open = vec![false; self.nfa.states().len()];
        let mut seeds = vec![id];
        for at in begin..=self.text.len() {
            let mut ahead = Vec::new();
            mark(&mut open, self.at(at), true);
            while let Some(id) = seeds.pop() {
                let state = self.nfa.state(id);
                if !std::mem::take(&mut open[id]) {
                    continue;
                }
                if slot(state) == Some(end_slot) {
                    ends.push(at);
                    continue;
                }
                ahead.extend(consumes(state, self.text, at));
                epsilons(self.nfa, state, self.text, at, |next| seeds.push(next));
            }
            mark(&mut open, self.at(at), false);
            seeds = ahead;
            if seeds.is_empty() {
                break;
            }
        }
        ends
    }
}

/// Whether some text has a way around a group.
pub(super) fn is_optional(nfa: &NFA, group: usize) -> bool {
    let mut seen = vec![false; nfa.states().len()];
    let mut seeds = vec![nfa.start_anchored()];
    while let Some(id) = seeds.pop() {
        let state = nfa.state(id);
        if slot(state) == Some(2 * group) || std::mem::replace(&mut seen[id], true) {
            continue;
        }
        match state {
            State::Match { .. } => return true,
            State::ByteRange { trans } => seeds.push(trans.next),
            State::Sparse(sparse) => seeds.extend(sparse.transitions.iter().map(|trans| trans.next)),
            State::Dense(dense) => seeds.extend(dense.transitions.iter()),
            State::Look { next, .. } | State::Capture { next, .. } => seeds.push(*next),
            State::Union { alternates } => seeds.extend(alternates.iter()),
            State::BinaryUnion { alt1, alt2 } => seeds.extend([*alt1, *alt2]),
            State::Fail => {}
        }
    }
    false
}

fn mark(flags: &mut [bool], ids: &[StateID], value: bool) {
    for id in ids {
        flags[*id] = value;
    }
}

fn slot(state: &State) -> Option<usize> {
    match state {
        State::Capture { slot, .. } => Some(slot.as_usize()),
        _ => None,
    }
}

/// The state behind the character at a position.
fn consumes(state: &State, text: &str, at: usize) -> Option<StateID> {
    match state {
        State::ByteRange { trans } => trans.matches(text.as_bytes(), at).then_some(trans.next),
        State::Sparse(sparse) => sparse.matches(text.as_bytes(), at),
        State::Dense(dense) => dense.matches(text.as_bytes(), at),
        _ => None,
    }
}

/// The states that follow without a character.
fn epsilons(nfa: &NFA, state: &State, text: &str, at: usize, mut to: impl FnMut(StateID)) {
    match state {
        State::Look { look, next } if nfa.look_matcher().matches(*look, text.as_bytes(), at) => to(*next),
        State::Capture { next, .. } => to(*next),
        State::Union { alternates } => alternates.iter().for_each(|next| to(*next)),
        State::BinaryUnion { alt1, alt2 } => {
            to(*alt1);
            to(*alt2);
        }
        _ => {}
    }
}
