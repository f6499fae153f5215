//! Where what users say of a name differs from what the tables say, or from what they said elsewhere: the losers stay on record.

use super::Tool;
use super::machine::Machine;
use super::own::Statement;
use super::resolution::Resolution;
use super::resolve::resolve;
use super::spelling::Spelling;

/// One name, and two of the meanings that it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// The tool whose name it is.
    pub tool: Tool,
    /// The name.
    pub spelling: String,
    /// Who wins.
    pub winner: String,
    /// What the name means.
    pub meaning: String,
    /// Who loses.
    pub loser: String,
    /// What it would mean.
    pub lost: String,
}

/// Every dispute on a machine, by tool and name.
pub fn disputes(machine: &Machine) -> Vec<Dispute> {
    let bare = Machine::new(machine.microarch());
    let mut found: Vec<Dispute> = Vec::new();
    for statement in machine.own().statements().iter().filter(|statement| statement.means.is_some()) {
        let kernel = statement.kernel.as_deref();
        let won = resolve(&statement.name, Some(machine), kernel);
        let by_tables = resolve(&statement.name, Some(&bare), kernel);
        let others = machine.own().of(&statement.name, kernel).into_iter().filter_map(|other| alone(machine, other, kernel));
        for (loser, lost) in others.chain([(origin(&by_tables), told(&by_tables))]) {
            let dispute = Dispute {
                tool: statement.name.tool,
                spelling: statement.name.to_string(),
                winner: origin(&won),
                meaning: told(&won),
                loser,
                lost,
            };
            if !dispute.lost.is_empty() && dispute.lost != dispute.meaning && !found.contains(&dispute) {
                found.push(dispute);
            }
        }
    }
    found.sort_by(|one, other| (one.tool, &one.spelling).cmp(&(other.tool, &other.spelling)));
    found
}

/// What a statement alone would make of its name.
fn alone(machine: &Machine, statement: &Statement, kernel: Option<&str>) -> Option<(String, String)> {
    let means: &Spelling = statement.means.as_ref()?;
    Some((statement.origin.clone(), told(&resolve(means, Some(machine), kernel))))
}

/// Where the meaning stands.
fn origin(resolution: &Resolution) -> String {
    let formula = resolution.formula.as_ref().map(|formula| formula.source.clone());
    formula.or_else(|| resolution.candidates.first().map(|found| found.source.clone())).unwrap_or_default()
}

/// The events or the formula; empty when there is none.
fn told(resolution: &Resolution) -> String {
    let events = resolution.candidates.iter().map(|candidate| candidate.event.to_string());
    let formula = resolution.formula.as_ref().map(ToString::to_string);
    let mut all: Vec<String> = events.chain(formula).collect();
    all.sort_unstable();
    all.join(" or ")
}
