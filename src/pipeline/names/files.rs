//! Reads the files that say what names mean.

use std::fs;
use std::path::{Path, PathBuf};

use super::{NameFormat, Names, NamesError};
use crate::catalog::import::{Malformed, Reading, Told, perf_list, sysfs};
use crate::catalog::{self, Machine, Microarch, Tool};
use crate::model::Report;
use crate::parse;

/// Reads a path; `microarch` and `kernel` are those of the machine that the user named.
///
/// # Errors
/// A file cannot be read, is not of the format, contradicts itself, or the machine is not known.
pub fn read_names(
    format: NameFormat,
    path: &Path,
    microarch: Option<Microarch>,
    kernel: Option<&str>,
) -> Result<Names, NamesError> {
    let mut names = Names::default();
    match format {
        NameFormat::Sysfs => {
            let microarch = known(microarch)?;
            names.take(microarch, kernel, read_sysfs(path, &Machine::new(microarch))?);
        }
        NameFormat::PerfList => {
            let microarch = known(microarch)?;
            names.take(microarch, kernel, perf_list::read(&shown(path), &text(path)?)?);
        }
        NameFormat::Ophelp | NameFormat::PapiAvail => {
            let (microarch, reading) = read_list(format, path, microarch)?;
            names.take(microarch, kernel, reading);
        }
        NameFormat::Oprofile | NameFormat::Papi | NameFormat::Libpfm => {
            let microarch = known(microarch)?;
            names.take(microarch, kernel, super::tools::read(format, path, microarch)?);
        }
        NameFormat::Perfmon | NameFormat::PmuEvents => super::tables::read(format, path, microarch, &mut names)?,
    }
    Ok(names)
}

fn known(microarch: Option<Microarch>) -> Result<Microarch, NamesError> {
    microarch.ok_or_else(|| NamesError::Machine("the file does not tell its machine; name it with --microarch".to_owned()))
}

pub(in crate::pipeline) fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(in crate::pipeline) fn text(path: &Path) -> Result<String, NamesError> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> NamesError {
    NamesError::Unreadable { path: shown(path), reason: error.to_string() }
}

/// The entries of a folder, sorted.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, NamesError> {
    let list =
        fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>());
    let mut paths = list.map_err(|error| unreadable(folder, &error))?;
    paths.sort();
    Ok(paths)
}

/// The files of `PMU/events` and `PMU/format`. Nothing else below a PMU is opened: its links lead in circles.
fn read_sysfs(folder: &Path, machine: &Machine) -> Result<Reading, NamesError> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for pmu in entries(folder)?.into_iter().filter(|pmu| pmu.is_dir()) {
        for below in ["events", "format"].map(|name| pmu.join(name)).into_iter().filter(|below| below.is_dir()) {
            for file in entries(&below)?.into_iter().filter(|file| file.is_file()) {
                let path = file.strip_prefix(folder).unwrap_or(&file);
                texts.push((shown(path), text(&file)?));
            }
        }
    }
    if texts.is_empty() {
        return Err(malformed(folder, "no PMU with events or format lies in it").into());
    }
    let files: Vec<sysfs::File<'_>> = texts.iter().map(|(path, text)| sysfs::File { path, text }).collect();
    let cores: Vec<&str> =
        texts.iter().filter_map(|(path, _)| path.split('/').next()).filter(|pmu| machine.is_core(pmu)).collect();
    Ok(sysfs::read(&files, &cores)?)
}

pub(super) fn malformed(path: &Path, reason: &str) -> Malformed {
    Malformed { file: shown(path), line: 1, reason: reason.to_owned() }
}

/// A list of events that a tool printed.
fn read_list(format: NameFormat, path: &Path, microarch: Option<Microarch>) -> Result<(Microarch, Reading), NamesError> {
    let (tool, word) = if format == NameFormat::Ophelp { (Tool::Oprofile, "ophelp") } else { (Tool::Papi, "papi-") };
    let (found, report) = match parse::read(&text(path)?) {
        parse::Reading::Known(found, report) => (found.name, *report),
        _ => return Err(malformed(path, "no tool that lists events writes so").into()),
    };
    if !found.starts_with(word) || report.supports.is_empty() {
        return Err(malformed(path, &format!("it is {found}, and no list of {}", format.as_str())).into());
    }
    if let Some(reject) = report.rejects.first() {
        let file = shown(path);
        return Err(Malformed { file, line: reject.line as usize, reason: reject.reason.clone() }.into());
    }
    let microarch = known(microarch.or_else(|| catalog::find(&report.context.environment)))?;
    Ok((microarch, listed(&report, tool, path)?))
}

fn listed(report: &Report, tool: Tool, path: &Path) -> Result<Reading, NamesError> {
    let mut reading = Reading::default();
    for support in &report.supports {
        reading.take(Told {
            tool,
            name: report.spellings.get(support.event).text.clone(),
            means: None,
            supported: support.supported,
            file: shown(path),
            line: support.line as usize,
        })?;
    }
    Ok(reading)
}
