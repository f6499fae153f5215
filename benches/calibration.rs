//! How well trust finds faults that are known, beside what people use instead: `cargo bench --bench calibration`.
//!
//! Faults are planted into generated data and into the logs of `fixtures/lab`. The figures are in docs/calibration.md.

#[path = "calibration/fault.rs"]
mod fault;
#[path = "calibration/generate.rs"]
mod generate;
#[path = "calibration/judged.rs"]
mod judged;
#[path = "calibration/lab.rs"]
mod lab;
#[path = "calibration/rivals.rs"]
mod rivals;
#[path = "calibration/score.rs"]
mod score;
#[path = "calibration/table.rs"]
mod table;

use std::error::Error;
use std::{env, io};

use fault::Fault;
use generate::{Data, SIZES};
use judged::Row;

/// The first seed of the figures that are published. Nothing was tuned on it and those that follow.
const FIRST: u64 = 1_000;
/// Seeds, from the first.
const SEEDS: u64 = 20;

/// Imports of the laboratory with each fault.
const IMPORTS: u64 = 10;

/// `cargo bench --bench calibration -- SEED` begins with another seed.
fn main() -> Result<(), Box<dyn Error>> {
    let first = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(FIRST);
    let out = &mut io::stdout().lock();
    let kinds = Data::NAMES.map(|(kind, _)| kind);
    let seeds: Vec<Vec<Row>> = (first..first + SEEDS).map(|seed| judged::generated(seed, &kinds, &SIZES)).collect();
    table::generated(&seeds, out)?;
    let mut faults = Vec::new();
    for (fault, name) in Fault::NAMES {
        let imports: Result<Vec<Vec<Row>>, _> = (first..first + IMPORTS).map(|seed| lab::judged(fault, seed)).collect();
        faults.push((name, imports?));
    }
    Ok(table::laboratory(&faults, out)?)
}
