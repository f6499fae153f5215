//! `events support`

use std::io::{self, BufWriter};

use serde_json::{Value, json};

use super::Asked;
use crate::catalog::{self, Listing, Resolution, Seen};
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};
use crate::pipeline::{self, Lists};
use crate::store::Store;
use crate::store::query::ObservedRecord;

/// Arguments of `events support`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    asked: Asked,

    /// On machines that run on this alone: kvm, vmware, none. A guest may be given less than its CPU has
    #[arg(long, value_name = "NAME")]
    virt: Option<String>,
}

pub(super) fn run(format: Format, args: &Args, database: &DatabaseArgs) -> anyhow::Result<()> {
    let asked = &args.asked;
    let mut store = database.open_if_any()?;
    let machine = super::machine(asked.microarch, store.as_mut())?;
    let resolution = catalog::resolve(&asked.spelling(), Some(&machine), asked.kernel.as_deref());
    let (lists, observed) = match &mut store {
        Some(store) => (Lists::stored(store, Some(&asked.spelling))?, Some(observed(store, asked, &resolution)?)),
        None => (Lists::default(), None),
    };
    let listed = lists.of(&machine, &resolution.spelling, asked.kernel.as_deref());
    let seen: Vec<Seen> = observed.iter().flatten().map(pipeline::seen).collect();
    let verdict = catalog::weigh(&machine, &resolution, args.virt.as_deref(), &listed, &seen);
    let fields = [
        ("supported", json!(verdict.supported.as_str())),
        ("evidence", json!(verdict.evidence)),
        ("listed", listed.iter().map(listing).collect()),
        ("observed", observed.as_deref().map_or(Value::Null, |rows| rows.iter().map(row).collect())),
        ("contradiction", json!((!verdict.contradictions.is_empty()).then(|| verdict.contradictions.join("; ")))),
        ("virt", json!(args.virt)),
        ("tool", json!(asked.tool.as_str())),
        ("spelling", json!(asked.spelling)),
        ("microarch", json!(asked.microarch.row.key())),
        ("status", json!(resolution.status.as_str())),
        ("event", json!(resolution.event().map(ToString::to_string))),
        ("catalogue", json!(catalog::version().0)),
    ];
    Ok(object::print(format, &fields, BufWriter::new(io::stdout().lock()))?)
}

/// What stored results say.
fn observed(store: &mut Store, asked: &Asked, resolution: &Resolution) -> anyhow::Result<Vec<ObservedRecord>> {
    let event = resolution.event().map(ToString::to_string);
    let spelling = (asked.tool.as_str(), asked.spelling.as_str());
    Ok(store.observed(&asked.microarch.row.key(), event.as_deref(), spelling)?)
}

fn listing(listing: &Listing) -> Value {
    json!({"supported": listing.has, "virt": listing.virt, "source": listing.origin})
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
