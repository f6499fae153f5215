//! What numbers cover, by the scopes that the database has.

use hashbrown::HashMap;

use super::shared::Covered;
use crate::model::{Interner, Scope, ScopeKind};
use crate::question::key::{Aspect, Part};
use crate::store::query::Fact;

/// Scopes that are kept: those of threads may be as many as the numbers.
const MOST_KEPT: usize = 100_000;

/// Numbers of what is covered by the ids of scopes, so that no text is looked at for each number.
pub(super) struct Scopes {
    /// What is not looked at.
    mixed: [bool; 3],
    known: HashMap<Option<i64>, u32>,
}

impl Scopes {
    pub(super) fn new(mixed: &[Aspect]) -> Self {
        // Parts of different kinds have nothing but their numbers to be told by.
        let all = mixed.contains(&Aspect::Scope);
        let mixed = [Aspect::Scope, Aspect::Part, Aspect::Cgroup].map(|aspect| all || mixed.contains(&aspect));
        Self { mixed, known: HashMap::new() }
    }

    /// The number of what a number covers.
    pub(super) fn covered(&mut self, fact: &Fact<'_>, covered: &mut Interner<Covered>) -> u32 {
        if let Some(known) = self.known.get(&fact.scope_id) {
            return *known;
        }
        if self.known.len() > MOST_KEPT {
            self.known.clear();
        }
        let number = covered.intern(&self.of(fact.scope));
        self.known.insert(fact.scope_id, number);
        number
    }

    fn of(&self, scope: Option<&Scope>) -> Covered {
        let [mixes_kind, mixes_part, mixes_cgroup] = self.mixed;
        let text = |text: Option<&str>| text.map_or(Part::Unknown, |text| Part::Text(text.into()));
        let kind = scope.filter(|_| !mixes_kind).map_or(ScopeKind::Whole, |scope| scope.kind);
        let part = scope.filter(|scope| !mixes_part && is_same_in_every_run(scope.kind)).map(|scope| scope.label.as_str());
        let cgroup = scope.filter(|_| !mixes_cgroup).and_then(|scope| scope.cgroup.as_deref());
        Covered { scope: kind, part: text(part), cgroup: text(cgroup) }
    }
}

/// Whether equal labels name the same part in every run: those of threads hold the number that a process got.
fn is_same_in_every_run(kind: ScopeKind) -> bool {
    !matches!(kind, ScopeKind::Whole | ScopeKind::Thread)
}
