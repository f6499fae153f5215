//! `events support`

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use super::Asked;
use crate::catalog::{self, Resolution, Supported};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};
use crate::store::query::ObservedRecord;

pub(super) fn run(format: Format, asked: &Asked, database: &DatabaseArgs) -> anyhow::Result<()> {
    let machine = super::machine(asked.microarch, database)?;
    let resolution = catalog::resolve(&asked.spelling(), Some(&machine), asked.kernel.as_deref());
    let support = catalog::support(&machine, &resolution);
    let observed = observed(asked, database, &resolution)?;
    let fields = [
        ("supported", json!(support.supported.as_str())),
        ("evidence", json!(support.evidence)),
        ("observed", observed.as_deref().map_or(Value::Null, |rows| rows.iter().map(row).collect())),
        ("contradiction", json!(contradiction(support.supported, observed.as_deref().unwrap_or_default()))),
        ("tool", json!(asked.tool.as_str())),
        ("spelling", json!(asked.spelling)),
        ("microarch", json!(asked.microarch.row.key())),
        ("status", json!(resolution.status.as_str())),
        ("event", json!(resolution.event().map(ToString::to_string))),
        ("catalogue", json!(catalog::version().0)),
    ];
    Ok(object::print(format, &fields, BufWriter::new(io::stdout().lock()))?)
}

/// What stored results say; `None` when there is no database.
fn observed(asked: &Asked, database: &DatabaseArgs, resolution: &Resolution) -> anyhow::Result<Option<Vec<ObservedRecord>>> {
    let Some(mut store) = database.open_if_any()? else { return Ok(None) };
    let event = resolution.event().map(ToString::to_string);
    let spelling = (asked.tool.as_str(), asked.spelling.as_str());
    Ok(Some(store.observed(&asked.microarch.row.key(), event.as_deref(), spelling)?))
}

fn row(record: &ObservedRecord) -> Value {
    json!({
        "tool": record.tool,
        "tool_version": record.tool_version,
        "kernel": record.kernel,
        "virt": record.virt,
        "spelling": record.spelling,
        "counted": record.counted,
        "zero": record.zero,
        "not_counted": record.not_counted,
        "not_supported": record.not_supported,
    })
}

/// Where results and tables disagree. Zeros are no evidence, and an event that got no counter may be there all the same.
fn contradiction(supported: Supported, observed: &[ObservedRecord]) -> Option<&'static str> {
    let any = |number: fn(&ObservedRecord) -> i64| observed.iter().any(|record| number(record) > 0);
    let (counted, refused) = (any(|record| record.counted), any(|record| record.not_supported));
    match supported {
        Supported::No if counted => Some("counted, although the tables of its tool do not have it"),
        Supported::Yes if refused && !counted => Some("never counted and not supported, although a table has it"),
        _ => None,
    }
}
