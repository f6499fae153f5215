//! How well trust finds faults that are known, beside what people use instead: `cargo bench --bench calibration`.
//!
//! Faults are planted into generated data and into the logs of `fixtures/lab`. The figures are in docs/calibration.md.

#[path = "calibration/fault.rs"]
mod fault;
#[path = "calibration/generate.rs"]
mod generate;
#[path = "calibration/judged.rs"]
mod judged;
#[path = "calibration/rivals.rs"]
mod rivals;
#[path = "calibration/score.rs"]
mod score;
#[path = "calibration/table.rs"]
mod table;

use std::{env, io};

/// The first seed of the figures that are published. Nothing was tuned on it and those that follow.
const FIRST: u64 = 1_000;
/// Seeds, from the first.
const SEEDS: u64 = 20;

/// `cargo bench --bench calibration -- SEED` begins with another seed.
fn main() -> io::Result<()> {
    let first = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(FIRST);
    let kinds = generate::Data::NAMES.map(|(kind, _)| kind);
    let seeds: Vec<Vec<judged::Row>> =
        (first..first + SEEDS).map(|seed| judged::generated(seed, &kinds, &generate::SIZES)).collect();
    table::print(&seeds, &mut io::stdout().lock())
}
