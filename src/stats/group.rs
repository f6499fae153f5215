//! Every value of a group against the others.

use super::outlier::{Deviation, Floor, MODIFIED_Z_LIMIT};
use super::robust::MAD_TO_SIGMA;
use super::sample::{Sample, SampleError};

/// Above this size one value moves median and MAD of its group by less than half a rank in a hundred, and is judged by the whole group:
/// without it the work would grow with the square of the size.
pub const LEAVE_OUT_UP_TO: usize = 100;

/// How each value, in the order given, stands against the others: leave-one-out, so that a fault does not widen the spread that it is
/// judged by. A lone value stands nowhere: its deviation is 0 against none.
pub fn deviations(values: &[f64], floor: Floor) -> Result<Vec<Deviation>, SampleError> {
    let group = Sample::new(values.to_vec())?;
    if group.len() > LEAVE_OUT_UP_TO {
        let judge = |&value: &f64| Deviation { n: group.len() - 1, ..group.deviation_of(value, floor) };
        return Ok(values.iter().map(judge).collect());
    }
    Ok(values.iter().map(|&value| against_others(&group, value, floor)).collect())
}

fn against_others(group: &Sample, value: f64, floor: Floor) -> Deviation {
    others(group, value).map_or(Deviation::alone(value), |others| others.deviation_of(value, floor))
}

/// The group without one of its values; `None` when that leaves nothing.
fn others(group: &Sample, value: f64) -> Option<Sample> {
    let at = group.values().partition_point(|other| *other < value);
    Sample::new([&group.values()[..at], &group.values()[at + 1..]].concat()).ok()
}

/// The same against the nearest mode of the others: where a program runs in one of two ways, neither way is an outlier. The spread is
/// that of all others about their own modes, for a mode alone has few members; and so wide that no other, a few excepted, that is
/// [`NEAR`] would stand out of it itself. docs/calibration.md has what this finds and what it costs.
pub fn deviations_in_modes(values: &[f64], floor: Floor) -> Result<Vec<Deviation>, SampleError> {
    let group = Sample::new(values.to_vec())?;
    if group.len() > LEAVE_OUT_UP_TO {
        let ways = Ways { n: group.len() - 1, ..Ways::of(&group, floor) };
        return Ok(values.iter().map(|&value| ways.deviation_of(value, floor)).collect());
    }
    let judge = |&value: &f64| match others(&group, value) {
        Some(others) => Ways::of(&others, floor).deviation_of(value, floor),
        None => Deviation::alone(value),
    };
    Ok(values.iter().map(judge).collect())
}

/// The modes of a group, as far as a value is held against them.
struct Ways {
    centres: Vec<f64>,
    /// Distances of all values from the centres of their own modes.
    distances: Sample,
    /// Others that a value is held against.
    n: usize,
}

impl Ways {
    fn of(group: &Sample, floor: Floor) -> Self {
        let modes = modes(group, floor);
        let centres = modes.iter().map(Sample::median).collect();
        Self { centres, distances: distances(&modes), n: group.len() }
    }

    fn deviation_of(&self, value: f64, floor: Floor) -> Deviation {
        let off = |centre: f64| (centre - value).abs();
        let nearest = self.centres.iter().copied().min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(value);
        let spread = robust(&self.distances).max(tail(&self.distances, nearest) / WITHIN);
        Deviation::new(value, nearest, floor.raise(spread, nearest), self.n)
    }
}

/// Distances of all values from the medians of their own modes. Each further median takes one of the least away, as each further
/// parameter takes a degree of freedom: the middle of every small mode is at no distance of itself.
fn distances(modes: &[Sample]) -> Sample {
    let distances = modes.iter().flat_map(|mode| mode.distances(mode.median()).values().to_vec());
    let all = Sample::derived(distances.collect());
    if modes.len() == 1 { all } else { Sample::derived(all.values()[modes.len() - 1..].to_vec()) }
}

fn robust(distances: &Sample) -> f64 {
    MAD_TO_SIGMA * distances.median()
}

/// Largest share of its centre by which a good number may be off: a page placed otherwise or a neighbour on the machine costs some
/// percent, while the faults of tools begin at a factor. Judgement.
pub const NEAR: f64 = 0.25;
/// Share of a group that may be faults within [`NEAR`]: one of forty. More of them are how the group varies. Judgement.
pub const FEW: f64 = 0.025;

/// Where the farthest good number is put: within the limit, so that another one as far off does not stand out by a rounding.
const WITHIN: f64 = MODIFIED_Z_LIMIT - 1e-9;

/// How far off the others are: the farthest of those that are [`NEAR`], without the few that may be faults. Where tails are heavy, the
/// MAD alone tells of the middle only; and a way to run that one or two of the others went is no mode.
fn tail(distances: &Sample, centre: f64) -> f64 {
    let near = distances.values().partition_point(|distance| *distance <= NEAR * centre.abs());
    let few = floor(FEW * distances.n());
    near.checked_sub(few + 1).map_or(0.0, |at| distances.values()[at])
}

/// Least members of a mode: three, and a fifth of the group. Fewer are outliers, not a way to run.
pub const LEAST_MODE: (usize, f64) = (3, 0.2);
/// A gap between modes is this many times wider than the spread about both.
pub const MODE_GAP: f64 = 5.0;

/// Divides a group at its widest gap, and the parts likewise, as long as both sides are large enough to be a mode and the gap is
/// wider than [`MODE_GAP`] robust deviations (floors included) about both. Own rule; judgement.
pub fn modes(group: &Sample, floor: Floor) -> Vec<Sample> {
    let values = group.values();
    let least = LEAST_MODE.0.max(ceil(LEAST_MODE.1 * group.n()));
    let mut modes = Vec::new();
    divide(values, least, floor, &mut modes);
    modes
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
fn ceil(share: f64) -> usize {
    share.ceil() as usize
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
fn floor(share: f64) -> usize {
    share as usize
}

fn divide(values: &[f64], least: usize, floor: Floor, modes: &mut Vec<Sample>) {
    let gap = |at: &usize| values[*at] - values[at - 1];
    let cuts = least..(values.len() + 1).saturating_sub(least);
    let widest = cuts.max_by(|a, b| gap(a).total_cmp(&gap(b)));
    match widest.filter(|at| apart(&values[..*at], &values[*at..], gap(at), floor)) {
        Some(at) => {
            divide(&values[..at], least, floor, modes);
            divide(&values[at..], least, floor, modes);
        }
        None => modes.push(Sample::derived(values.to_vec())),
    }
}

fn apart(left: &[f64], right: &[f64], gap: f64, floor: Floor) -> bool {
    let sides = [left, right].map(|side| Sample::derived(side.to_vec()));
    let centre = sides[0].median().abs().max(sides[1].median().abs());
    gap > MODE_GAP * floor.raise(robust(&distances(&sides)), centre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Judge = fn(&[f64], Floor) -> Result<Vec<Deviation>, SampleError>;

    fn standing_out(judge: Judge, values: &[f64]) -> Vec<usize> {
        let found = judge(values, Floor::COUNT).unwrap();
        (0..values.len()).filter(|&at| found[at].stands_out()).collect()
    }

    const STEADY: [f64; 10] = [1e6, 1.0001e6, 0.9999e6, 1.00005e6, 0.99995e6, 1e6, 1.00002e6, 0.99998e6, 1.00001e6, 1e6];

    #[test]
    fn two_equal_faults_of_ten_are_both_found_and_no_good_row_is() {
        let mut values = STEADY;
        (values[3], values[8]) = (2e6, 2e6);
        for judge in [deviations, deviations_in_modes] {
            assert_eq!(standing_out(judge, &values), [3, 8]);
            assert_eq!(standing_out(judge, &STEADY), [0; 0]);
        }
    }

    #[test]
    fn the_others_of_a_value_are_one_less_than_its_group_however_large_that_is() {
        for size in [2, LEAVE_OUT_UP_TO, LEAVE_OUT_UP_TO + 1, 200] {
            for judge in [deviations, deviations_in_modes] {
                let found = judge(&vec![5.0; size], Floor::COUNT).unwrap();
                assert!(found.iter().all(|deviation| deviation.n == size - 1), "{size}: {}", found[0].n);
            }
        }
    }

    /// As `sort` runs in two ways whose cycles are 3.5 % apart.
    #[test]
    fn a_second_mode_is_no_fault_and_a_fault_beside_two_modes_is() {
        let mut values: Vec<f64> = STEADY.iter().chain(&STEADY[..5]).copied().collect();
        values.iter_mut().skip(10).for_each(|value| *value *= 1.035);
        assert_eq!(standing_out(deviations, &values), [10, 11, 12, 13, 14]);
        assert_eq!(standing_out(deviations_in_modes, &values), [0; 0]);
        values[2] = 5e5;
        assert_eq!(standing_out(deviations_in_modes, &values), [2]);
    }

    /// `instructions` of memwalk, counted eight times by perf 6.1: fixtures/lab.
    const MEMWALK: [f64; 8] =
        [12_915_434.0, 12_925_238.0, 12_993_071.0, 12_994_056.0, 13_088_572.0, 13_091_028.0, 13_105_940.0, 13_178_012.0];

    #[test]
    fn where_good_numbers_are_far_off_another_one_is_nothing_special_and_a_factor_is() {
        assert_eq!(standing_out(deviations_in_modes, &MEMWALK), [0; 0]);
        for (at, fault) in [(0, 2.0), (3, 0.5), (7, 0.0), (5, 0.001)] {
            let mut values = MEMWALK;
            values[at] *= fault;
            // One of seven others is no number of memwalk then: its largest stands out by a hair.
            let far = |at: &usize| deviations_in_modes(&values, Floor::COUNT).unwrap()[*at].z.abs() > 5.0;
            assert_eq!((0..8).filter(far).collect::<Vec<_>>(), [at], "{values:?}");
        }
    }

    /// Too few for a mode; one alone is not excused.
    #[test]
    fn two_of_ten_that_went_a_near_way_excuse_each_other() {
        let mut values = STEADY;
        (values[3], values[8]) = (1.03e6, 1.03e6);
        assert_eq!(standing_out(deviations, &values), [3, 8]);
        assert_eq!(standing_out(deviations_in_modes, &values), [0; 0]);
        values[8] = 1e6;
        assert_eq!(standing_out(deviations_in_modes, &values), [3]);
    }

    #[test]
    fn one_fault_of_forty_does_not_hide_another() {
        let mut values: Vec<f64> = STEADY.iter().cycle().take(42).copied().collect();
        (values[3], values[8]) = (1.03e6, 1.031e6);
        assert_eq!(standing_out(deviations_in_modes, &values), [3, 8]);
    }

    #[test]
    fn drift_is_one_mode() {
        let values: Vec<f64> = (0..30).map(|i| 1e6 * (1.0 + f64::from(i) / 1000.0)).collect();
        assert_eq!(modes(&Sample::new(values.clone()).unwrap(), Floor::COUNT).len(), 1);
        assert_eq!(standing_out(deviations_in_modes, &values), [0; 0]);
    }

    #[test]
    fn lone_and_refused_values_are_no_panic() {
        let lone = deviations(&[5.0], Floor::COUNT).unwrap();
        assert_eq!((lone[0].z, lone[0].n), (0.0, 0));
        assert!(deviations(&[], Floor::COUNT).is_err() && deviations_in_modes(&[f64::NAN], Floor::COUNT).is_err());
    }

    proptest! {
        #[test]
        fn modes_divide_the_group_and_the_order_does_not_show(values in prop::collection::vec(prop_oneof![Just(1e6), 1e6..1.01e6, 2e6..2.01e6], 1..40)) {
            let group = Sample::new(values.clone()).unwrap();
            let joined: Vec<f64> = modes(&group, Floor::COUNT).iter().flat_map(|mode| mode.values().to_vec()).collect();
            prop_assert_eq!(joined, group.values());
            let turned: Vec<f64> = values.iter().rev().copied().collect();
            for judge in [deviations, deviations_in_modes] as [Judge; 2] {
                let mut backward = judge(&turned, Floor::COUNT).unwrap();
                backward.reverse();
                prop_assert_eq!(judge(&values, Floor::COUNT).unwrap(), backward);
            }
        }
    }
}
