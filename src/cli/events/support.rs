//! `events support`

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use super::Asked;
use crate::catalog::{self, Machine, Resolution, Supported};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};
use crate::store::query::ObservedRecord;
use crate::store::{Access, StoreError};

/// Arguments of `events support`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    asked: Asked,

    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) fn run(format: Format, args: &Args) -> anyhow::Result<()> {
    let asked = &args.asked;
    let machine = Machine::new(asked.microarch);
    let resolution = catalog::resolve(&asked.spelling(), Some(&machine), asked.kernel.as_deref());
    let support = catalog::support(&machine, &resolution);
    let observed = observed(args, &resolution)?;
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

/// What stored results say; `None` when no database was named. The default one is left alone: the question needs none.
fn observed(args: &Args, resolution: &Resolution) -> anyhow::Result<Option<Vec<ObservedRecord>>> {
    if !args.database.is_named() {
        return Ok(None);
    }
    let mut store = match args.database.open(Access::Read) {
        Ok(store) => store,
        Err(error) if matches!(error.downcast_ref(), Some(StoreError::Missing(_) | StoreError::Empty(_))) => return Ok(None),
        Err(error) => return Err(error),
    };
    let event = resolution.event().map(ToString::to_string);
    let spelling = (args.asked.tool.as_str(), args.asked.spelling.as_str());
    Ok(Some(store.observed(&args.asked.microarch.row.key(), event.as_deref(), spelling)?))
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
