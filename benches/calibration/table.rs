//! The figures as tables of Markdown.

use std::io::{self, Write};

use super::fault::Fault;
use super::generate::{Data, SIZES};
use super::judged::{BOUNDS, METHODS, Row};
use super::score::{area, confusion, thresholds};

/// False alarms at which recall is quoted.
const RATE: f64 = 0.001;

/// Prints what each method finds of each fault, and what it makes of good rows.
pub(super) fn print(seeds: &[Vec<Row>], out: &mut impl Write) -> io::Result<()> {
    let rows: Vec<Row> = seeds.concat();
    let strict = thresholds(&rows, RATE);
    writeln!(
        out,
        "| fault | planted | found by trust, 3 sigma, Tukey, % | at 0.1 % false alarms, % | AUC (95 % of the seeds) |"
    )?;
    writeln!(out, "|---|---|---|---|---|")?;
    for (fault, name) in Fault::NAMES {
        line(seeds, &rows, &strict, name, |row| row.fault == Some(fault), out)?;
    }
    line(
        seeds,
        &rows,
        &strict,
        "gross faults, runs >= 10",
        |row| row.size >= 10 && row.fault.is_some_and(Fault::is_gross),
        out,
    )?;
    writeln!(
        out,
        "\n| good rows | rows | false alarms of trust, 3 sigma, Tukey, % | recall of gross faults, trust, 3 sigma, Tukey % | same at 0.1 % |\n|---|---|---|---|---|"
    )?;
    for (data, name) in Data::NAMES {
        good(&rows, name, |row| row.data == data, out)?;
    }
    for size in SIZES {
        good(&rows, &format!("{size} runs"), |row| row.size == size, out)?;
    }
    good(&rows, "two modes, runs >= 10", |row| row.size >= 10 && row.data == Data::TwoModes, out)?;
    good(
        &rows,
        "heavy, two modes, runs >= 10",
        |row| row.size >= 10 && matches!(row.data, Data::TwoModes | Data::HeavyTails),
        out,
    )?;
    good(&rows, "all", |_| true, out)
}

fn line(
    seeds: &[Vec<Row>],
    rows: &[Row],
    strict: &[f64; METHODS],
    name: &str,
    wanted: impl Fn(&Row) -> bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let planted = rows.iter().filter(|row| wanted(row)).count();
    let recall = |bounds: &[f64; METHODS]| percents(|method| confusion(rows, method, bounds[method], &wanted).recall());
    let areas: Vec<String> = (0..METHODS)
        .filter_map(|method| area(seeds, method, &wanted))
        .map(|(mean, low, high)| format!("{mean:.4} ({low:.4} to {high:.4})"))
        .collect();
    writeln!(out, "| {name} | {planted} | {} | {} | {} |", recall(&BOUNDS), recall(strict), areas.join(", "))
}

fn good(rows: &[Row], name: &str, wanted: impl Fn(&Row) -> bool, out: &mut impl Write) -> io::Result<()> {
    let chosen: Vec<Row> = rows.iter().filter(|row| wanted(row)).copied().collect();
    let strict = thresholds(&chosen, RATE);
    let gross = |row: &Row| row.fault.is_some_and(Fault::is_gross);
    let of = |method: usize, bound| confusion(&chosen, method, bound, gross);
    writeln!(
        out,
        "| {name} | {} | {} | {} | {} |",
        chosen.len(),
        percents(|method| of(method, BOUNDS[method]).false_alarm_rate()),
        percents(|method| of(method, BOUNDS[method]).recall()),
        percents(|method| of(method, strict[method]).recall())
    )
}

fn percents(share: impl Fn(usize) -> Option<f64>) -> String {
    let texts: Vec<String> =
        (0..METHODS).map(|method| share(method).map_or("-".to_owned(), |share| format!("{:.2}", 100.0 * share))).collect();
    texts.join(", ")
}
