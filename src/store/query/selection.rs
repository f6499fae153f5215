//! Which results are wanted: one grammar for every question.
//!
//! A condition names a field and patterns, one of which must fit; all conditions must hold. So options that are given twice widen a
//! selection and different options narrow it, in whatever order they come.

mod field;
mod left_out;
mod pattern;

use std::fmt;
use std::sync::Arc;

pub use field::{Field, Level, Order};
pub use left_out::LeftOut;
pub use pattern::{Pattern, Value, by_version};

/// Patterns for one field.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What they look at.
    pub field: Field,
    /// Whether none of them may fit, instead of one that must.
    pub negated: bool,
    /// What is wanted, or not.
    pub patterns: Vec<Pattern>,
}

/// Which results are wanted; without conditions, all.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    conditions: Vec<Condition>,
    left_out: Vec<Arc<LeftOut>>,
}

impl Selection {
    /// Adds a pattern to the condition on its field.
    ///
    /// # Errors
    /// The same is wanted and excluded, which leaves nothing.
    pub fn add(&mut self, negated: bool, field: Field, pattern: Pattern) -> Result<(), String> {
        let opposite = self.conditions.iter().find(|known| known.field == field && known.negated != negated);
        if opposite.is_some_and(|known| known.patterns.iter().any(|other| other.as_str() == pattern.as_str())) {
            return Err(format!("{field}={} is both wanted and excluded: nothing can be both", pattern.as_str()));
        }
        match self.conditions.iter_mut().find(|known| known.field == field && known.negated == negated) {
            Some(known) => known.patterns.push(pattern),
            None => self.conditions.push(Condition { field, negated, patterns: vec![pattern] }),
        }
        Ok(())
    }

    /// Adds what is written `FIELD=PATTERN`.
    ///
    /// # Errors
    /// There is no such field, it is no pattern for that field, or the same is wanted and excluded.
    pub fn add_written(&mut self, negated: bool, written: &str) -> Result<(), String> {
        let (field, pattern) = written.split_once('=').ok_or_else(|| {
            format!("'{written}' is no condition; write FIELD=PATTERN, for example tool=perf, model=>=60 or label.threads=8")
        })?;
        let field = Field::named(field)?;
        let pattern = Pattern::read(&field, pattern)?;
        self.add(negated, field, pattern)
    }

    /// The selection of what both want.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let conditions = self.conditions.iter().chain(&other.conditions).cloned().collect();
        let left_out = self.left_out.iter().chain(&other.left_out).cloned().collect();
        Self { conditions, left_out }
    }

    /// The same without some results. They are no condition: what was counted together with them stays so.
    #[must_use]
    pub fn without(mut self, results: &Arc<LeftOut>) -> Self {
        self.left_out.push(Arc::clone(results));
        self
    }

    /// Whether a result for which all conditions hold is left out nevertheless.
    pub(in crate::store) fn leaves_out(&self, id: (i64, i32)) -> bool {
        self.left_out.iter().any(|results| results.meets(id))
    }

    /// Its conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether runs of an experiment can be wanted; `None` is the experiment of those that have none.
    pub fn admits_experiment(&self, name: Option<&str>) -> bool {
        let value = name.map_or(Value::Unknown, Value::Text);
        self.admits(|field| (*field == Field::Experiment).then(|| vec![value]))
    }

    /// Whether a field decides.
    pub fn asks(&self, level: Level) -> bool {
        self.conditions.iter().any(|condition| condition.field.level() == level)
    }

    /// Whether something is wanted that has these values. A field for which `values` gives `None` is not asked here.
    pub(in crate::store) fn admits<'v>(&self, mut values: impl FnMut(&Field) -> Option<Vec<Value<'v>>>) -> bool {
        self.conditions.iter().all(|condition| values(&condition.field).is_none_or(|values| condition.holds(&values)))
    }
}

impl Condition {
    /// Whether it holds for something that has all these values: one of several names is enough.
    fn holds(&self, values: &[Value<'_>]) -> bool {
        self.negated != self.patterns.iter().any(|pattern| values.iter().any(|value| pattern.wants(*value)))
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.conditions.is_empty() {
            return f.write_str("everything");
        }
        for (number, condition) in self.conditions.iter().enumerate() {
            let patterns: Vec<&str> = condition.patterns.iter().map(Pattern::as_str).collect();
            let not = if condition.negated { "not " } else { "" };
            let and = if number == 0 { "" } else { " and " };
            write!(f, "{and}{not}{}={}", condition.field, patterns.join("|"))?;
        }
        Ok(())
    }
}

/// The known names that a wrong one may stand for, the likeliest first.
pub fn nearest<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = wrong.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .map(|name| (strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    near.into_iter().take(3).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(wanted: &[&str], excluded: &[&str]) -> Selection {
        let mut selection = Selection::default();
        for (negated, texts) in [(false, wanted), (true, excluded)] {
            for text in texts {
                selection.add_written(negated, text).unwrap();
            }
        }
        selection
    }

    fn admits(selection: &Selection, event: &str, tool: &str) -> bool {
        selection.admits(|field| match field {
            Field::Event => Some(vec![Value::Text(event)]),
            Field::Tool => Some(vec![Value::Text(tool)]),
            _ => None,
        })
    }

    /// The old program wrote `True AND e=a OR e=b AND tool=perf`, so that the answer hung on the order of the options.
    #[test]
    fn values_of_one_field_are_alternatives_and_fields_must_all_hold_in_any_order() {
        for written in
            [["event=a", "event=b", "tool=perf"], ["event=a", "tool=perf", "event=b"], ["tool=perf", "event=b", "event=a"]]
        {
            let selection = selection(&written, &[]);
            assert!(admits(&selection, "a", "perf") && admits(&selection, "b", "perf"));
            assert!(!admits(&selection, "a", "oprofile") && !admits(&selection, "c", "perf"));
        }
    }

    #[test]
    fn what_is_excluded_is_excluded_under_each_of_its_names() {
        let selection = selection(&[], &["event=cycles", "event=branches"]);
        assert!(
            !admits(&selection, "cycles", "perf") && !admits(&selection, "branches", "perf") && admits(&selection, "x", "perf")
        );
        let two = |_: &Field| Some(vec![Value::Text("CPU_CYCLES"), Value::Text("cycles")]);
        assert!(!selection.admits(two));
        assert_eq!(selection.to_string(), "not event=cycles|branches");
    }

    #[test]
    fn what_is_left_out_is_counted_where_it_is_met() {
        let results = Arc::new([(1, 0), (2, 7)].into_iter().collect::<LeftOut>());
        let both = selection(&["tool=perf"], &[]).without(&results).and(&selection(&["event=a"], &[]));
        assert_eq!([(1, 0), (1, 1), (2, 7), (2, 7)].map(|id| both.leaves_out(id)), [true, false, true, true]);
        assert_eq!((results.met(), both.conditions().len()), (3, 2));
        assert!(!Selection::default().leaves_out((1, 0)));
    }

    #[test]
    fn what_can_never_hold_is_told() {
        let mut selection = selection(&["tool=perf"], &[]);
        assert_eq!(
            selection.add_written(true, "tool=perf").unwrap_err(),
            "tool=perf is both wanted and excluded: nothing can be both"
        );
        assert!(selection.add_written(false, "tool").unwrap_err().contains("FIELD=PATTERN"));
        assert!(selection.add_written(false, "tol=perf").unwrap_err().contains("do you mean tool"));
    }

    #[test]
    fn near_names_come_by_likeness() {
        assert_eq!(nearest("cylces", ["instructions", "cycles", "cycle"].into_iter()), ["cycles", "cycle"]);
        assert!(nearest("zzz", ["cycles"].into_iter()).is_empty());
    }
}
