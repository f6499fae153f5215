//! The population in portions that fit in memory.

use crate::store::query::Selection;
use crate::store::query::selection::{Field, Pattern};
use crate::store::{JudgedExperiment, Store, StoreError};

/// Results of a portion, unless a single experiment has more.
const RESULTS: i64 = 250_000;

/// The portions of a population: a number is judged by its experiment alone, so that whole experiments can be judged one after the other
/// with the same outcome.
pub(super) fn of(store: &mut Store, population: &Selection) -> Result<Vec<Selection>, StoreError> {
    let wanted = |experiment: &JudgedExperiment| population.admits_experiment(experiment.name.as_deref());
    let experiments: Vec<JudgedExperiment> = store.judged_experiments()?.into_iter().filter(wanted).collect();
    let portions = packed(experiments, |experiment| experiment.results);
    if portions.len() <= 1 {
        return Ok(vec![population.clone()]);
    }
    Ok(portions.iter().map(|portion| population.and(&selection(portion))).collect())
}

/// Things in their order, as many together as fit.
pub(super) fn packed<T>(things: Vec<T>, results: impl Fn(&T) -> i64) -> Vec<Vec<T>> {
    let mut portions: Vec<Vec<T>> = Vec::new();
    let mut held = 0;
    for thing in things {
        held += results(&thing);
        match portions.last_mut() {
            Some(portion) if held <= RESULTS => portion.push(thing),
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
    let mut selection = Selection::default();
    let names = experiments.iter().filter_map(|experiment| experiment.name.clone()).collect();
    let unknown = experiments.iter().any(|experiment| experiment.name.is_none());
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
        let sizes = [RESULTS, 1, RESULTS - 1, 1, 3 * RESULTS, RESULTS];
        let portions = packed(sizes.to_vec(), |results| *results);
        assert_eq!(portions, [vec![RESULTS], vec![1, RESULTS - 1], vec![1], vec![3 * RESULTS], vec![RESULTS]]);
    }
}
