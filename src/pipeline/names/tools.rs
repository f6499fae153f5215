//! Tables of the tools themselves: of `OProfile`, PAPI and libpfm4.

use std::path::{Path, PathBuf};

use super::files::{malformed, shown, text};
use super::{NameFormat, NamesError};
use crate::catalog::import::{Reading, libpfm, oprofile, papi};
use crate::catalog::{Machine, Microarch};

/// CPU types that include one another.
const DEEPEST: usize = 4;

/// Reads a path.
pub(super) fn read(format: NameFormat, path: &Path, microarch: Microarch) -> Result<Reading, NamesError> {
    let machine = Machine::new(microarch);
    match format {
        NameFormat::Papi => Ok(papi::read(&shown(path), &text(path)?, &labels(microarch)?)?),
        NameFormat::Libpfm => {
            let target = libpfm::Target { pmus: &machine.pfm_pmus(), codes: machine.codes() };
            Ok(libpfm::read(&shown(path), &text(path)?, target)?)
        }
        _ => read_oprofile(path, &machine),
    }
}

/// PAPI's names of a machine.
fn labels(microarch: Microarch) -> Result<Vec<&'static str>, NamesError> {
    let labels: Vec<&str> = microarch.row.papi.split('|').filter(|label| !label.is_empty()).collect();
    let key = microarch.row.key();
    match labels.iter().any(|label| label.contains(':')) {
        _ if labels.is_empty() => Err(NamesError::Machine(format!("PAPI has no name for {key}"))),
        // What is stored of a name holds for the whole machine.
        true => Err(NamesError::Machine(format!("{key} has several kinds of core, each with presets of its own"))),
        false => Ok(labels),
    }
}

/// The folder of the machine's CPU type, or the one of all types.
fn read_oprofile(path: &Path, machine: &Machine) -> Result<Reading, NamesError> {
    let cpu_type = machine.microarch().row.oprofile;
    if cpu_type.is_empty() {
        return Err(NamesError::Machine(format!("OProfile has no CPU type for {}", machine.microarch().row.key())));
    }
    if machine.has_oprofile_groups() {
        let reason = format!("the numbers in the tables of {cpu_type} are codes of groups, and say nothing of events");
        return Err(NamesError::Machine(reason));
    }
    let (root, folder) = if path.join("events").is_file() {
        (root_of(path, cpu_type), path.to_owned())
    } else {
        (Some(path.to_owned()), path.join(cpu_type))
    };
    if !folder.join("events").is_file() {
        let reason = format!("neither 'events' nor '{cpu_type}/events' lies in it");
        return Err(malformed(path, &reason).into());
    }
    let events = with_included(&folder, root.as_deref(), "events", DEEPEST)?;
    let masks = with_included(&folder, root.as_deref(), "unit_masks", DEEPEST)?;
    Ok(oprofile::read(&events, &masks, oprofile::Target { pmus: machine.pmus(), codes: machine.codes() })?)
}

/// The folder of all types above that of one.
fn root_of(folder: &Path, cpu_type: &str) -> Option<PathBuf> {
    folder.ancestors().nth(cpu_type.split('/').count()).map(Path::to_owned)
}

/// A file behind those that it includes.
fn with_included(folder: &Path, root: Option<&Path>, name: &str, depth: usize) -> Result<Vec<oprofile::File>, NamesError> {
    let path = folder.join(name);
    let text = text(&path)?;
    let mut files = Vec::new();
    for included in oprofile::includes(&text) {
        let root = root.filter(|_| depth > 0);
        let root =
            root.ok_or_else(|| malformed(&path, &format!("'{included}', which it includes, cannot be found from here")))?;
        files.extend(with_included(&root.join(included), Some(root), name, depth - 1)?);
    }
    files.push(oprofile::File { path: shown(&path), text });
    Ok(files)
}
