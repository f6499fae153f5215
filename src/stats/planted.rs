//! Gross faults planted into groups with heavy tails and two modes: how many of them trust finds, and at which price.
//!
//! A floor under the formulas, not a measurement: what trust is worth on real logs is measured on real logs.

use super::bootstrap::Draws;
use super::group::{deviations, deviations_in_modes};
use super::outlier::{Deviation, Floor};
use super::recall::{Confusion, Judged, at_false_alarm_rate, auc};
use super::trust::{Evidence, Weights, judge};
use super::{Class, Sample, SampleError};

const GROUPS: usize = 600;
const SIZE: usize = 10;

#[expect(clippy::cast_precision_loss, reason = "53 random bits")]
fn uniform(draws: &mut Draws) -> f64 {
    ((draws.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Student's t with 2 degrees of freedom, by its quantile function: infinite variance.
fn heavy(draws: &mut Draws) -> f64 {
    let p = uniform(draws);
    (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt()
}

/// Ten rows about a common value, four of them 3.5 % above it in every third group.
fn group(draws: &mut Draws, number: usize, spread: f64) -> Vec<f64> {
    let centre = 10_f64.powf(4.0 + 6.0 * uniform(draws));
    let way = |at: usize| if number.is_multiple_of(3) && at >= 6 { 1.035 } else { 1.0 };
    (0..SIZE).map(|at| (centre * way(at) * (1.0 + spread * heavy(draws))).abs().round()).collect()
}

/// A digit group lost, doubled, wrapped around, left unscaled at a quarter of the time, zeroed, another event's.
fn fault(value: f64, kind: usize) -> f64 {
    [(value / 1000.0).floor(), value * 2.0, 1.844_674e19, value / 4.0, 0.0, value * 0.31][kind % 6]
}

type Against = fn(&[f64], Floor) -> Result<Vec<Deviation>, SampleError>;

/// Every second group gets a fault.
fn judged(against: Against) -> Vec<Judged> {
    let mut draws = Draws::from_seed(20_261_122);
    let mut rows = Vec::new();
    for number in 0..GROUPS {
        let class = Class::WORDS[number % 3].0;
        let mut values = group(&mut draws, number, class.tolerance() / 30.0);
        let faulty = (number % 2 == 1).then_some(number % SIZE);
        if let Some(at) = faulty {
            values[at] = fault(values[at], number / 2);
        }
        let cov = Sample::new(values.clone()).unwrap().robust_cov();
        let found = against(&values, Floor::COUNT).unwrap();
        rows.extend(found.into_iter().enumerate().map(|(at, deviation)| {
            let peers = Some(deviation.into());
            let evidence = Evidence { running: Some(1.0), peers, cov, supported: Some(true), ..Evidence::unknown(class) };
            (judge(&evidence, &Weights::DEFAULT).auto, faulty != Some(at))
        }));
    }
    rows
}

/// Area under the ROC curve, and what the border of "suspicious" makes of the rows.
fn quality(against: Against) -> (f64, Confusion) {
    let rows = judged(against);
    (auc(&rows).unwrap(), Confusion::of(&rows, 0.5))
}

#[test]
fn every_gross_fault_is_suspicious_and_modes_save_most_false_alarms() {
    let (plain, in_modes) = (quality(deviations), quality(deviations_in_modes));
    assert_eq!((plain.1.recall(), in_modes.1.recall()), (Some(1.0), Some(1.0)));
    assert!(in_modes.0 > 0.999 && in_modes.0 > plain.0, "{in_modes:?}");
    assert!(in_modes.1.false_alarm_rate().unwrap() < 0.025, "{in_modes:?}");
    assert!(plain.1.false_alarms > 5 * in_modes.1.false_alarms, "{plain:?} {in_modes:?}");
}

#[test]
fn nine_of_ten_are_found_at_one_false_alarm_in_a_thousand() {
    let (_, confusion) = at_false_alarm_rate(&judged(deviations_in_modes), 0.001).unwrap();
    assert!(confusion.recall().unwrap() > 0.9 && confusion.false_alarm_rate().unwrap() <= 0.001, "{confusion:?}");
}
