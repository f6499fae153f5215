//! The figures as tables of Markdown.

use std::io::{self, Write};

use super::fault::Fault;
use super::generate::{Data, SIZES};
use super::judged::{BOUNDS, METHODS, Row};
use super::score::{area, confusion, thresholds};

/// False alarms at which recall is quoted.
const RATE: f64 = 0.001;

/// A choice of rows with its name.
type Choice<'c> = (String, Box<dyn Fn(&Row) -> bool + 'c>);

/// What each method finds of each fault in generated data, and what it makes of good rows.
pub(super) fn generated(seeds: &[Vec<Row>], out: &mut impl Write) -> io::Result<()> {
    let rows = seeds.concat();
    heading("generated data", out)?;
    for (fault, name) in Fault::NAMES {
        line(name, seeds, &|row| row.fault == Some(fault), out)?;
    }
    line("gross, 10 runs and more", seeds, &|row| row.size >= 10 && is_gross(row), out)?;
    writeln!(out, "\n| rows | good | false alarms % | gross faults found % | at 0.1 % % | precision % |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for (name, wanted) in choices() {
        let chosen: Vec<Row> = rows.iter().filter(|row| wanted(row)).copied().collect();
        good(&name, &chosen, out)?;
    }
    Ok(())
}

/// The same of a laboratory: each fault has imports of its own.
pub(super) fn laboratory(faults: &[(&str, Vec<Vec<Row>>)], out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    heading("fixtures/lab", out)?;
    for (name, seeds) in faults {
        line(name, seeds, &|row| row.fault.is_some(), out)?;
    }
    Ok(())
}

fn choices() -> Vec<Choice<'static>> {
    let kinds = Data::NAMES.map(|(data, name)| (name.to_owned(), Box::new(move |row: &Row| row.data == Some(data)) as _));
    let sizes = SIZES.map(|size| (format!("{size} runs"), Box::new(move |row: &Row| row.size == size) as _));
    let hard = |row: &Row| row.size >= 10 && matches!(row.data, Some(Data::TwoModes | Data::HeavyTails));
    let last: [Choice<'static>; 2] =
        [("heavy tails and two modes, 10 runs and more".to_owned(), Box::new(hard)), ("all".to_owned(), Box::new(|_| true))];
    kinds.into_iter().chain(sizes).chain(last).collect()
}

fn is_gross(row: &Row) -> bool {
    row.fault.is_some_and(Fault::is_gross)
}

fn heading(where_from: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "| {where_from} | planted | found % | good rows called bad % | found at 0.1 % of them % | AUC (95 % of the seeds) |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|")
}

/// One fault: trust, three sigma, Tukey's fences in each cell.
fn line(name: &str, seeds: &[Vec<Row>], wanted: &dyn Fn(&Row) -> bool, out: &mut impl Write) -> io::Result<()> {
    let rows = seeds.concat();
    let strict = thresholds(&rows, RATE);
    let planted = rows.iter().filter(|row| wanted(row)).count();
    let recall = |bounds: &[f64; METHODS]| each(|method| confusion(&rows, method, bounds[method], wanted).recall());
    let alarms = each(|method| confusion(&rows, method, BOUNDS[method], wanted).false_alarm_rate());
    let area = |method| area(seeds, method, wanted);
    let areas: Vec<String> =
        (0..METHODS).filter_map(area).map(|(mean, low, high)| format!("{mean:.4} ({low:.4}-{high:.4})")).collect();
    writeln!(out, "| {name} | {planted} | {} | {alarms} | {} | {} |", recall(&BOUNDS), recall(&strict), areas.join(" / "))
}

/// What becomes of the good rows among these.
fn good(name: &str, rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let strict = thresholds(rows, RATE);
    let of = |method: usize| confusion(rows, method, BOUNDS[method], is_gross);
    let at_rate = |method: usize| confusion(rows, method, strict[method], is_gross).recall();
    writeln!(
        out,
        "| {name} | {} | {} | {} | {} | {} |",
        rows.iter().filter(|row| row.fault.is_none()).count(),
        each(|method| of(method).false_alarm_rate()),
        each(|method| of(method).recall()),
        each(at_rate),
        each(|method| of(method).precision()),
    )
}

fn each(share: impl Fn(usize) -> Option<f64>) -> String {
    let text = |method| share(method).map_or("-".to_owned(), |share| format!("{:.2}", 100.0 * share));
    (0..METHODS).map(text).collect::<Vec<_>>().join(" / ")
}
