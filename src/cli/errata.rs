//! Known faults that users list beside those of the program.

use std::fs;

use super::exit::Usage;
use crate::judge::errata;

/// Names the file: one place for every command that judges, so that none judges without it.
const VARIABLE: &str = "PRC_ERRATA";

/// Takes the errata of the file that the variable names, if it does.
///
/// # Errors
/// The file cannot be read, or a row of it cannot.
pub(super) fn take_own() -> Result<(), Usage> {
    let Some(path) = std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) else { return Ok(()) };
    let refused = |reason: String| Usage(format!("{VARIABLE}={}: {reason}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| refused(error.to_string()))?;
    errata::extend(errata::read(&text).map_err(refused)?);
    Ok(())
}
