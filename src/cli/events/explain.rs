//! `events explain`

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use super::Asked;
use crate::catalog::{self, Candidate, Code, Event, Formula, Listed, Machine, Modifiers, Resolution, Tool};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};

pub(super) fn run(format: Format, asked: &Asked, database: &DatabaseArgs) -> anyhow::Result<()> {
    let machine = super::machine(asked.microarch, database.open_if_any()?.as_mut())?;
    let resolution = catalog::resolve(&asked.spelling(), Some(&machine), asked.kernel.as_deref());
    let event = resolution.event();
    let names = event.map(|event| catalog::names(&machine, event)).unwrap_or_default();
    let support = catalog::support(&machine, &resolution);
    let encoding = encoding(event);
    let found = resolution.candidates.first().filter(|_| event.is_some());
    let fields = [
        ("tool", json!(asked.tool.as_str())),
        ("spelling", json!(asked.spelling)),
        ("canonical_spelling", json!(resolution.spelling.to_string())),
        ("microarch", json!(asked.microarch.row.key())),
        ("status", json!(resolution.status.as_str())),
        ("reason", json!((!resolution.reason.is_empty()).then_some(&resolution.reason))),
        ("event", json!(event.map(ToString::to_string))),
        ("pmu", encoding[0].clone()),
        ("config", encoding[1].clone()),
        ("config1", encoding[2].clone()),
        ("relation", json!(resolution.relation())),
        ("method", json!(found.map(|found| found.method.as_str()))),
        ("source", json!(found.map(|found| &found.source))),
        ("deprecated", json!(found.map(|found| found.is_deprecated))),
        ("candidates", json!(if event.is_some() { Vec::new() } else { candidates(&resolution) })),
        ("formula", resolution.formula.as_ref().map_or(Value::Null, formula)),
        ("scope", json!(resolution.scope.as_str())),
        ("modifiers", modifiers(&resolution.spelling.modifiers)),
        ("classes", json!(event.map(|event| classes(event, &machine)).unwrap_or_default())),
        ("names", json!(others(&names, asked))),
        ("supported", json!(support.supported.as_str())),
        ("evidence", json!(support.evidence)),
        ("conflicts", json!(traps(&machine, asked))),
        ("catalogue", json!(catalog::version().0)),
    ];
    Ok(object::print(format, &fields, BufWriter::new(io::stdout().lock()))?)
}

/// PMU, config and config1; hexadecimal, for JSON readers lose digits of large numbers.
pub(super) fn encoding(event: Option<&Event>) -> [Value; 3] {
    let Some(event) = event else { return [Value::Null, Value::Null, Value::Null] };
    match &event.code {
        Code::Number { config, config1 } => [json!(event.pmu), json!(format!("{config:#x}")), json!(format!("{config1:#x}"))],
        Code::Named(_) => [json!(event.pmu), Value::Null, Value::Null],
    }
}

/// Every event that an ambiguous spelling may mean.
pub(super) fn candidates(resolution: &Resolution) -> Vec<Value> {
    let one = |candidate: &Candidate| json!({"event": candidate.event.to_string(), "method": candidate.method.as_str(), "source": candidate.source});
    resolution.candidates.iter().map(one).collect()
}

/// How a derived preset is computed.
pub(super) fn formula(formula: &Formula) -> Value {
    let operands: Vec<Value> = formula
        .operands
        .iter()
        .map(|operand| json!({"name": operand.name, "event": operand.event.as_ref().map(ToString::to_string)}))
        .collect();
    json!({"kind": formula.kind, "expression": formula.expression, "operands": operands, "source": formula.source})
}

fn modifiers(modifiers: &Modifiers) -> Value {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    json!({
        "letters": text(&modifiers.letters),
        "precise": modifiers.precise,
        "period": modifiers.period,
        "guest_or_host": text(&modifiers.guest_or_host),
    })
}

/// The semantic classes of an event.
pub(super) fn classes(event: &Event, machine: &Machine) -> Vec<Value> {
    let memberships = catalog::classes::of(event, machine);
    let one = |one: &catalog::classes::Membership| json!({"class": one.class.name, "grade": one.class.grade.as_str(), "soft": one.is_soft});
    memberships.iter().map(one).collect()
}

/// The names of the event, but for the one that was asked for.
fn others(names: &[Listed], asked: &Asked) -> Vec<Value> {
    let is_asked = |name: &&Listed| name.tool != asked.tool || name.spelling != asked.spelling;
    let one = |name: &Listed| {
        json!({
            "tool": name.tool.as_str(),
            "spelling": name.spelling,
            "source": name.source,
            "deprecated": name.is_deprecated.then_some(true),
        })
    };
    names.iter().filter(is_asked).map(one).collect()
}

/// Other tools' codes for the same name.
fn traps(machine: &Machine, asked: &Asked) -> Vec<Value> {
    let own = machine.microarch().row;
    let of_tool = |table: &str| match asked.tool {
        Tool::Perf => table == "perf-json",
        Tool::Oprofile => table == "oprofile",
        Tool::Papi | Tool::Libpfm4 => table == "libpfm4",
    };
    let is_ours = |row: &catalog::Conflict| {
        let here = catalog::named(row.microarch).is_ok_and(|found| found.row.short == own.short);
        let named = |tool: &str, name: &str| of_tool(tool) && name.eq_ignore_ascii_case(&asked.spelling);
        here && (named(row.tool_a, row.name_a) || named(row.tool_b, row.name_b))
    };
    let rows = catalog::conflicts().filter(is_ours);
    let of_tables = rows.map(|row| {
        json!(format!(
            "{} '{}' is {}, {} '{}' is {}",
            row.tool_a, row.name_a, row.config_a, row.tool_b, row.name_b, row.config_b
        ))
    });
    let name = asked.spelling().name;
    let own = catalog::disputes(machine).into_iter().filter(|one| one.tool == asked.tool && one.spelling == name.to_string());
    let of_users =
        own.map(|one| json!(format!("'{}' is {} by {}, {} by {}", one.spelling, one.meaning, one.winner, one.lost, one.loser)));
    of_tables.chain(of_users).collect()
}
