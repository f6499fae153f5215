//! `events bind`

use std::io::{self, BufWriter};

use serde_json::json;

use crate::catalog;
use crate::cli::database::DatabaseArgs;
use crate::cli::output::{Format, object};
use crate::pipeline;
use crate::store::{Access, Rebind};

pub(super) fn run(format: Format, database: &DatabaseArgs) -> anyhow::Result<()> {
    let mut store = database.open(Access::Existing)?;
    let made = pipeline::bind(&mut store, Rebind::All)?;
    let fields = [
        ("resolved", json!(made.resolved)),
        ("ambiguous", json!(made.ambiguous)),
        ("unresolved", json!(made.unresolved)),
        ("catalogue", json!(catalog::version().0)),
    ];
    Ok(object::print(format, &fields, BufWriter::new(io::stdout().lock()))?)
}
