//! Tables of CPUs: identity and name, a CPU a line.
//!
//! With a header any of `arch`, `vendor`, `family`, `model`, `stepping` and `microarch` in any order; without one
//! `arch;vendor;family;model;microarch`, as the predecessor's table has it. Cells are parted by `;` or `,`; an empty cell fits every CPU;
//! lines that begin with `#` and empty ones say nothing.

use super::{Malformed, number};
use crate::model::Environment;

/// A CPU and the name that it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cpu {
    /// Its line, from 1.
    pub line: usize,
    /// Numbers and name.
    pub identity: Environment,
}

const WITHOUT_HEADER: &[&str] = &["arch", "vendor", "family", "model", "microarch"];
const KNOWN: &[&str] = &["arch", "vendor", "family", "model", "stepping", "microarch"];

/// Reads a table, whole or not at all.
pub fn read(file: &str, text: &str) -> Result<Vec<Cpu>, Malformed> {
    let mut columns: Vec<&str> = WITHOUT_HEADER.to_vec();
    let mut cpus: Vec<Cpu> = Vec::new();
    let said = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    for (position, (at, line)) in said.enumerate() {
        let malformed = |reason: String| Malformed { file: file.to_owned(), line: at + 1, reason };
        let cells: Vec<&str> = line.split([';', ',']).map(|cell| cell.trim().trim_matches('"')).collect();
        if position == 0 && cells.contains(&"microarch") {
            if let Some(unknown) = cells.iter().find(|cell| !KNOWN.contains(cell)) {
                return Err(malformed(format!("'{unknown}' is no column: {}", KNOWN.join(", "))));
            }
            columns = cells;
            continue;
        }
        let cpu = Cpu { line: at + 1, identity: identity(&columns, &cells).map_err(malformed)? };
        let same = |one: &Environment| Environment { microarch: None, ..one.clone() };
        match cpus.iter().find(|known| same(&known.identity) == same(&cpu.identity)) {
            None => cpus.push(cpu),
            Some(known) if known.identity.microarch == cpu.identity.microarch => {}
            Some(known) => {
                let name = known.identity.microarch.as_deref().unwrap_or_default();
                return Err(malformed(format!("line {} calls the same CPU '{name}'", known.line)));
            }
        }
    }
    if cpus.is_empty() {
        return Err(Malformed { file: file.to_owned(), line: 1, reason: "it has no CPU".to_owned() });
    }
    Ok(cpus)
}

fn identity(columns: &[&str], cells: &[&str]) -> Result<Environment, String> {
    if cells.len() != columns.len() {
        return Err(format!("{} cells, where {} are expected: {}", cells.len(), columns.len(), columns.join(";")));
    }
    let text = |column: &str| {
        let cell = columns.iter().position(|known| *known == column).map(|at| cells[at]);
        cell.filter(|cell| !cell.is_empty()).map(str::to_owned)
    };
    let integer = |column: &str| match text(column) {
        None => Ok(None),
        Some(cell) => {
            let number = number(&cell).and_then(|number| i32::try_from(number).ok());
            number.map(Some).ok_or_else(|| format!("{column} '{cell}' is no number"))
        }
    };
    let identity = Environment {
        arch: text("arch"),
        vendor: text("vendor"),
        family: integer("family")?,
        model: integer("model")?,
        stepping: integer("stepping")?,
        microarch: text("microarch"),
        ..Environment::default()
    };
    match identity {
        Environment { microarch: None, .. } => Err("the microarchitecture has no name".to_owned()),
        Environment { vendor: None, model: None, .. } => Err("neither vendor nor model: that would be every CPU".to_owned()),
        identity => Ok(identity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_predecessor_and_tables_with_a_header_are_read() {
        let seed = read("seed", "#arch;vendor;family;model;microarch\nx86_64;GenuineIntel;6;58;IVB\n\nppc64;IBM;;63;POWER7+\n")
            .unwrap();
        let ours = read("own.csv", "vendor,model,microarch,stepping\nGenuineIntel,0x55,SKX,4\n").unwrap();
        let shown = |cpu: &Cpu| {
            let one = &cpu.identity;
            (cpu.line, one.arch.clone(), one.family, one.model, one.stepping, one.microarch.clone().unwrap())
        };
        assert_eq!(shown(&seed[0]), (2, Some("x86_64".to_owned()), Some(6), Some(58), None, "IVB".to_owned()));
        assert_eq!(shown(&seed[1]), (4, Some("ppc64".to_owned()), None, Some(63), None, "POWER7+".to_owned()));
        assert_eq!(shown(&ours[0]), (2, None, None, Some(85), Some(4), "SKX".to_owned()));
    }

    #[test]
    fn what_is_malformed_or_contradicts_itself_names_its_line() {
        for (text, line) in [
            ("x86_64;GenuineIntel;6;58;IVB\nx86_64;GenuineIntel;6;58;SNB\n", 2),
            ("\nx86_64;GenuineIntel;6;IVB\n", 2),
            ("x86_64;GenuineIntel;6;five;IVB\n", 1),
            ("x86_64;;6;;IVB\n", 1),
            ("x86_64;GenuineIntel;6;58;\n", 1),
            ("microarch,colour\n", 1),
            ("# nothing\n", 1),
        ] {
            assert_eq!(read("own.csv", text).unwrap_err().line, line, "{text}");
        }
    }
}
