//! Captures cut short and damaged: whatever stands in a file, no parser panics, and every line is accounted for.

use std::panic;
use std::thread;

use prc_etl::model::{Kind, Report, Status};
use prc_etl::parse::{FORMATS, Format, Sniffed, sniff};

#[path = "support/fixtures.rs"]
mod fixtures;

/// Damaged copies of each capture.
const COPIES: usize = 150;

/// What a report claims that cannot be true of the text.
fn broken_claims(text: &str, report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.matches('\n').count() + usize::from(!text.is_empty() && !text.ends_with('\n'));
    let tally = report.tally;
    if !tally.adds_up() || tally.lines as usize != lines || tally.rejected as usize != report.rejects.len() {
        found.push(format!("{lines} lines, {} rejects, but {tally:?}", report.rejects.len()));
    }
    let exists = |line: u32| (1..=lines).contains(&(line as usize));
    found.extend(report.rejects.iter().filter(|reject| !exists(reject.line)).map(|reject| format!("no such line: {reject:?}")));
    found.extend(report.runs.iter().filter(|run| !exists(run.line)).map(|run| format!("no such line: {run:?}")));
    for result in &report.results {
        let inside = |index: u32, length: usize| (index as usize) < length;
        let owner = result.metric_of.map(|at| report.results.get(at as usize));
        let owner_counts = owner.is_none_or(|owner| {
            owner.is_some_and(|owner| {
                inside(owner.spelling, report.spellings.values().len()) && {
                    report.spellings.get(owner.spelling).kind == Kind::Count && owner.run == result.run
                }
            })
        });
        let sound = exists(result.line)
            && inside(result.run, report.runs.len())
            && inside(result.spelling, report.spellings.values().len())
            && result.scope.is_none_or(|scope| inside(scope, report.scopes.values().len()))
            && owner_counts
            && result.number.is_some() == (result.status == Status::Counted)
            && result.number.is_none_or(|number| number.value.is_finite());
        if !sound {
            found.push(format!("{result:?}"));
        }
    }
    found
}

/// A text for a message; all of it when it is short.
fn shown(text: &str) -> String {
    const LONGEST: usize = 500;
    let kept: String = text.chars().take(LONGEST).collect();
    let cut = if kept.len() < text.len() { "..." } else { "" };
    format!("{kept:?}{cut}")
}

/// Holds one parser to its promises on one text.
fn hold(what: &str, format: &Format, text: &str) -> Option<String> {
    match panic::catch_unwind(|| (format.parse)(text)) {
        Err(_) => Some(format!("{what}: {} panics on {}", format.name, shown(text))),
        Ok(report) => {
            let claims = broken_claims(text, &report);
            (!claims.is_empty()).then(|| format!("{what}: {}: {} on {}", format.name, claims.join("; "), shown(text)))
        }
    }
}

/// Holds the parser that a text is taken for, and with `all` every other one too, to its promises.
fn hold_all(what: &str, text: &str, all: bool) -> Vec<String> {
    let Ok(sniffed) = panic::catch_unwind(|| sniff(text)) else {
        return vec![format!("{what}: sniffing panics on {}", shown(text))];
    };
    let mut taken_for: Vec<&Format> = match sniffed {
        Sniffed::Known(format, _) => vec![format],
        Sniffed::Ambiguous(formats) => formats.into_iter().map(|(format, _)| format).collect(),
        Sniffed::Unknown(_) => Vec::new(),
    };
    if all {
        taken_for = FORMATS.iter().collect();
    }
    taken_for.into_iter().filter_map(|format| hold(what, format, text)).collect()
}

/// Runs a check on every capture, on two threads, and fails with the first differences.
fn on_every_capture(check: fn(&str, &[u8]) -> Vec<String>) {
    let captures = fixtures::captures();
    let (even, odd) = captures.split_at(captures.len() / 2);
    let half = |paths: &[String]| paths.iter().flat_map(|path| check(path, &fixtures::read(path))).collect::<Vec<_>>();
    let found = thread::scope(|scope| {
        let other = scope.spawn(|| half(odd));
        let mut found = half(even);
        found.extend(other.join().expect("panics of parsers are caught"));
        found
    });
    assert!(found.is_empty(), "{} broken promises, the first:\n{}", found.len(), found[..found.len().min(5)].join("\n"));
}

fn cuts(path: &str, bytes: &[u8]) -> Vec<String> {
    (0..bytes.len())
        .flat_map(|at| hold_all(&format!("{path} cut at {at}"), &String::from_utf8_lossy(&bytes[..at]), at % 25 == 0))
        .collect()
}

/// A sequence of numbers that is the same in every run (xorshift64, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("smaller than the limit")
    }
}

/// Bytes that mean something to one of the formats, and some that mean nothing anywhere.
const BYTES: &[u8] = b"0189.,;:|#-+%<>(){}[]\"'\\ \t\r\n\0\x1b\xc3\xff/";

fn mutations(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64);
    let mut found = Vec::new();
    for round in 0..COPIES {
        let mut damaged = bytes.to_vec();
        for _ in 0..=dice.below(4) {
            damage(&mut damaged, &mut dice);
        }
        found.extend(hold_all(&format!("{path} damaged, round {round}"), &String::from_utf8_lossy(&damaged), round % 5 == 0));
    }
    found
}

/// Changes, removes, inserts or repeats a piece.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        return;
    }
    let at = dice.below(bytes.len());
    let end = (at + 1 + dice.below(40)).min(bytes.len());
    let byte = BYTES[dice.below(BYTES.len())];
    match dice.below(4) {
        0 => bytes[at] = byte,
        1 => drop(bytes.drain(at..end)),
        2 => bytes.insert(at, byte),
        _ => {
            let piece = bytes[at..end].to_vec();
            let to = dice.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

#[test]
fn a_capture_cut_anywhere_is_accounted_for() {
    on_every_capture(cuts);
}

#[test]
fn a_damaged_capture_is_accounted_for() {
    on_every_capture(mutations);
}
