//! Holds what docs/calibration.md promises of trust on generated data, on seeds of its own.

#[path = "../benches/calibration/fault.rs"]
mod fault;
#[path = "../benches/calibration/generate.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod generate;
#[path = "../benches/calibration/judged.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod judged;
#[path = "../benches/calibration/rivals.rs"]
mod rivals;
#[path = "../benches/calibration/score.rs"]
mod score;

use fault::Fault;
use generate::{Data, SIZES};
use judged::{BOUNDS, Row, generated};
use score::{area, confusion, thresholds};

const SEEDS: std::ops::Range<u64> = 30_000..30_012;
const TRUST: usize = 0;

fn rows(data: &[Data], sizes: &[usize]) -> Vec<Row> {
    SEEDS.flat_map(|seed| generated(seed, data, sizes)).collect()
}

fn is_gross(row: &Row) -> bool {
    row.fault.is_some_and(Fault::is_gross)
}

#[test]
fn gross_faults_beside_heavy_tails_and_two_modes_are_found() {
    let rows = rows(&[Data::HeavyTails, Data::TwoModes], &SIZES[2..]);
    let threshold = thresholds(&rows, 0.001)[TRUST];
    let strict = confusion(&rows, TRUST, threshold, is_gross);
    let usual = confusion(&rows, TRUST, BOUNDS[TRUST], is_gross);
    assert!(strict.recall().unwrap() >= 0.95 && strict.false_alarm_rate().unwrap() <= 0.001, "{threshold} {strict:?}");
    assert!(usual.recall().unwrap() >= 0.97 && usual.false_alarm_rate().unwrap() <= 0.003, "{usual:?}");
    assert!(area(&[rows], TRUST, is_gross).unwrap().0 >= 0.99);
}

#[test]
fn steady_and_drifting_runs_are_left_alone() {
    let rows = rows(&[Data::Gaussian, Data::Drift], &SIZES);
    let found = confusion(&rows, TRUST, BOUNDS[TRUST], is_gross);
    assert!(found.false_alarm_rate().unwrap() <= 0.0005, "{found:?}");
}

/// Of five runs four are others: too few for the border of "suspicious", enough to rank.
#[test]
fn gross_faults_in_five_runs_rank_below_good_rows() {
    let rows = rows(&[Data::Gaussian, Data::Drift], &SIZES[..1]);
    assert!(area(&[rows], TRUST, is_gross).unwrap().0 >= 0.99);
}
