//! The population in portions that fit in memory.

use hashbrown::HashSet;

use crate::model::Kind;
use crate::store::query::Selection;
use crate::store::query::selection::{Field, Pattern};
use crate::store::{JudgedExperiment, Store, StoreError};

/// Results of a portion, unless a single experiment has more.
pub(super) const RESULTS: i64 = 250_000;

/// The portions of a population: a number is judged by its experiment alone, so that whole experiments can be judged one after the other
/// with the same outcome.
pub(super) fn of(store: &mut Store, population: &Selection) -> Result<Vec<Selection>, StoreError> {
    let wanted = |experiment: &JudgedExperiment| population.admits_experiment(experiment.name.as_deref());
    let experiments: Vec<JudgedExperiment> = store.judged_experiments()?.into_iter().filter(wanted).collect();
    let portions = packed(experiments, RESULTS, |experiment| experiment.results);
    if portions.len() <= 1 {
        return Ok(vec![population.clone()]);
    }
    Ok(portions.iter().map(|portion| population.and(&selection(portion))).collect())
}

/// Those of a portion that can have peers. Numbers without an experiment have none, and metrics neither; to form groups of them that nobody
/// looks at would cost their memory, and the numbers without experiment may be all there are.
pub(super) fn with_peers(portion: &Selection) -> Selection {
    let mut without = Selection::default();
    // Nothing is wanted, so that nothing contradicts it.
    let _ = without.add(true, Field::Experiment, Pattern::unknown());
    let _ = without.add(true, Field::Kind, Pattern::exactly(Kind::Metric.as_str()));
    portion.and(&without)
}

/// Things in their order, as many together as have at most so many results; one that has more stands alone.
pub(super) fn packed<T>(things: Vec<T>, most: i64, results: impl Fn(&T) -> i64) -> Vec<Vec<T>> {
    let mut portions: Vec<Vec<T>> = Vec::new();
    let mut held = 0;
    for thing in things {
        held += results(&thing);
        match portions.last_mut() {
            Some(portion) if held <= most => portion.push(thing),
            _ => {
                held = results(&thing);
                portions.push(vec![thing]);
            }
        }
    }
    portions
}

/// The results of some experiments.
pub(super) fn selection(experiments: &[JudgedExperiment]) -> Selection {
    let names = experiments.iter().filter_map(|experiment| experiment.name.clone()).collect();
    selection_of(names, experiments.iter().any(|experiment| experiment.name.is_none()))
}

fn selection_of(names: HashSet<String>, unknown: bool) -> Selection {
    let mut selection = Selection::default();
    for pattern in [Some(Pattern::any_of(names)), unknown.then(Pattern::unknown)].into_iter().flatten() {
        // Nothing is excluded, so that nothing contradicts it.
        let _ = selection.add(false, Field::Experiment, pattern);
    }
    selection
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_are_never_parted_and_fill_portions() {
        let portions = packed(vec![10, 1, 9, 1, 30, 10], 10, |results| *results);
        assert_eq!(portions, [vec![10], vec![1, 9], vec![1], vec![30], vec![10]]);
    }

    #[test]
    fn a_portion_wants_its_experiments_and_nothing_else() {
        let known = selection_of(["a", "b"].into_iter().map(str::to_owned).collect(), false);
        let fits =
            |selection: &Selection| [Some("a"), Some("b"), Some("c"), None].map(|name| selection.admits_experiment(name));
        assert_eq!(fits(&known), [true, true, false, false]);
        assert_eq!(fits(&selection_of(["c".to_owned()].into_iter().collect(), true)), [false, false, true, true]);
        assert_eq!(fits(&selection_of(HashSet::new(), true)), [false, false, false, true]);
    }
}
