//! CPUs that users name: read from their tables, and looked up before the table of the program.

use std::path::Path;

use super::names::{NamesError, shown, text};
use crate::catalog::{self, Microarch, import};
use crate::model::Environment;
use crate::store::{Cpu, Store, StoreError};

/// The word for a set of CPUs.
pub const MICROARCHS: &str = "microarchs";

/// Reads a table of CPUs.
///
/// # Errors
/// The file cannot be read, is malformed, or contradicts itself.
pub fn read_cpus(path: &Path) -> Result<Vec<Cpu>, NamesError> {
    let cpus = import::cpus::read(&shown(path), &text(path)?)?;
    let line = |line: usize| u32::try_from(line).unwrap_or(u32::MAX);
    Ok(cpus.into_iter().map(|cpu| Cpu { line: line(cpu.line), identity: cpu.identity }).collect())
}

/// The CPUs that users named, the latest first.
#[derive(Debug, Default)]
pub struct Cpus(Vec<Cpu>);

impl Cpus {
    /// Those of a database.
    ///
    /// # Errors
    /// The database failed.
    pub fn stored(store: &mut Store) -> Result<Self, StoreError> {
        store.stated_cpus().map(Self)
    }

    /// Every one of them.
    pub fn all(&self) -> &[Cpu] {
        &self.0
    }

    /// The name that users give to the CPU of an environment.
    pub fn name(&self, environment: &Environment) -> Option<&str> {
        self.0.iter().find(|cpu| is_of(cpu, environment)).and_then(|cpu| cpu.identity.microarch.as_deref())
    }

    /// The microarchitecture of an environment. A name that was given is never overridden by what the numbers tell, not even one that
    /// nobody knows; what users say of the numbers comes before the table of the program.
    ///
    /// # Errors
    /// Why it is unknown.
    pub fn microarch(&self, environment: &Environment) -> Result<Microarch, String> {
        match environment.microarch.as_deref().or_else(|| self.name(environment)) {
            Some(name) => catalog::named(name).map_err(|error| error.to_string()),
            None => catalog::find(environment).ok_or_else(|| "the microarchitecture is unknown".to_owned()),
        }
    }
}

/// Whether an environment has every number that identifies a CPU.
fn is_of(cpu: &Cpu, environment: &Environment) -> bool {
    let wanted = &cpu.identity;
    let text = |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    let number = |wanted: Option<i32>, found: Option<i32>| wanted.is_none() || wanted == found;
    text(&wanted.arch, &environment.arch)
        && text(&wanted.vendor, &environment.vendor)
        && number(wanted.family, environment.family)
        && number(wanted.model, environment.model)
        && number(wanted.stepping, environment.stepping)
}
