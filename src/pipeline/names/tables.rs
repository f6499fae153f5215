//! Tables of vendors' events: one file of a named machine, or a folder whose `mapfile.csv` tells the machines.

use std::path::Path;

use super::files::{entries, shown, text};
use super::{NameFormat, Names, NamesError};
use crate::catalog::import::vendor::{self, Target};
use crate::catalog::import::{Malformed, Reading};
use crate::catalog::{self, Machine, Microarch};
use crate::model::Environment;

/// Reads a file or a folder.
pub(super) fn read(format: NameFormat, path: &Path, microarch: Option<Microarch>, names: &mut Names) -> Result<(), NamesError> {
    let map = path.join("mapfile.csv");
    match microarch {
        Some(microarch) if path.is_dir() => {
            names.take(microarch, None, read_tables(path, microarch)?);
            Ok(())
        }
        Some(microarch) => {
            let mut reading = Reading::default();
            read_file(path, microarch, None, &mut reading)?;
            names.take(microarch, None, reading);
            Ok(())
        }
        None if map.is_file() => read_map(format, path, &map, names),
        None => Err(NamesError::Machine("no mapfile.csv lies there; name the machine with --microarch".to_owned())),
    }
}

/// Every table of a folder; a name may stand in several files, but with one code.
fn read_tables(folder: &Path, microarch: Microarch) -> Result<Reading, NamesError> {
    let mut reading = Reading::default();
    for file in entries(folder)?.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
        read_file(&file, microarch, None, &mut reading)?;
    }
    Ok(reading)
}

/// `pmu` is that of the kind of core which the map names.
fn read_file(file: &Path, microarch: Microarch, pmu: Option<&str>, reading: &mut Reading) -> Result<(), NamesError> {
    let machine = Machine::new(microarch);
    let only = match machine.pmus() {
        [only] => Some(*only),
        _ => pmu,
    };
    let target = Target { pmu: only, cores: machine.pmus(), codes: machine.codes() };
    let found = vendor::read(&shown(file), &text(file)?, target)?;
    found.told.into_iter().try_for_each(|told| reading.take(told))?;
    for (reason, count) in found.left_out {
        reading.leave_out(&reason, count);
    }
    Ok(())
}

/// `GenuineIntel-6-3A,V24,/IVB/events/ivybridge_core.json,core,..` of Intel, `GenuineIntel-6-3A,v24,ivybridge,core` of the kernel.
fn read_map(format: NameFormat, folder: &Path, map: &Path, names: &mut Names) -> Result<(), NamesError> {
    let rows = text(map)?;
    // Files of one machine contradict one another only within that machine.
    let mut readings: Vec<(Microarch, Reading)> = Vec::new();
    for (at, row) in rows.lines().enumerate().skip(1).filter(|(_, row)| !row.is_empty() && !row.starts_with('#')) {
        let cells: Vec<&str> = row.split(',').collect();
        let [id, version, name, kind, ..] = cells.as_slice() else {
            let reason = format!("'{row}' has no four columns");
            return Err(Malformed { file: shown(map), line: at + 1, reason }.into());
        };
        if !matches!(*kind, "core" | "hybridcore" | "offcore") {
            continue;
        }
        names.version.get_or_insert_with(|| (*version).to_owned());
        if format == NameFormat::Perfmon {
            let Some(microarch) = of_id(id) else { continue };
            let pmu = match cells.get(6).map(|role| role.trim()) {
                Some("Core") => Some("cpu_core"),
                Some("Atom") => Some("cpu_atom"),
                _ => None,
            };
            read_file(&folder.join(name.trim_start_matches('/')), microarch, pmu, slot(&mut readings, microarch))?;
        } else {
            for microarch in of_folder(name) {
                // What is said of a name holds for every CPU of its key.
                if !readings.iter().any(|(known, _)| known.row.key() == microarch.row.key()) {
                    readings.push((microarch, read_tables(&folder.join(name), microarch)?));
                }
            }
        }
    }
    for (microarch, reading) in readings {
        names.take(microarch, None, reading);
    }
    Ok(())
}

fn slot(readings: &mut Vec<(Microarch, Reading)>, microarch: Microarch) -> &mut Reading {
    let at = readings.iter().position(|(known, _)| known.row.key() == microarch.row.key()).unwrap_or(readings.len());
    if at == readings.len() {
        readings.push((microarch, Reading::default()));
    }
    &mut readings[at].1
}

/// `GenuineIntel-6-55-[01234]`: family decimal, model hexadecimal, steppings as a class of hexadecimal digits.
fn of_id(id: &str) -> Option<Microarch> {
    let mut parts = id.split('-');
    let (vendor, family, model) = (parts.next()?, parts.next()?, parts.next()?);
    let stepping = parts.next().and_then(|class| class.trim_matches(['[', ']']).chars().next()?.to_digit(16));
    catalog::find(&Environment {
        arch: Some("x86_64".to_owned()),
        vendor: Some(vendor.to_owned()),
        family: family.parse().ok(),
        model: i32::from_str_radix(model, 16).ok(),
        stepping: stepping.and_then(|digit| i32::try_from(digit).ok()),
        ..Environment::default()
    })
}

/// The machines whose tables are those of a folder.
fn of_folder(name: &str) -> Vec<Microarch> {
    let is_it =
        |perf: &str| !perf.is_empty() && (perf == name || perf.strip_suffix(name).is_some_and(|rest| rest.ends_with('/')));
    catalog::rows().iter().filter(|row| is_it(row.perf)).map(|row| Microarch { row, pmu: None }).collect()
}
