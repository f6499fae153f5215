//! `events support`

use std::io::{self, BufWriter};

use serde_json::json;

use super::Asked;
use crate::catalog::{self, Machine};
use crate::cli::output::{Format, object};

pub(super) fn run(format: Format, asked: &Asked) -> io::Result<()> {
    let machine = Machine::new(asked.microarch);
    let resolution = catalog::resolve(&asked.spelling(), Some(&machine), asked.kernel.as_deref());
    let support = catalog::support(&machine, &resolution);
    let fields = [
        ("supported", json!(support.supported.as_str())),
        ("evidence", json!(support.evidence)),
        ("tool", json!(asked.tool.as_str())),
        ("spelling", json!(asked.spelling)),
        ("microarch", json!(asked.microarch.row.key())),
        ("status", json!(resolution.status.as_str())),
        ("event", json!(resolution.event().map(ToString::to_string))),
        ("catalogue", json!(catalog::version().0)),
    ];
    object::print(format, &fields, BufWriter::new(io::stdout().lock()))
}
