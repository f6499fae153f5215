//! PAPI's table of presets, `papi_events.csv` (PAPI, `src/papi_preset.c`): lines `CPU,label` name the machines of the lines
//! `PRESET,name,kind,..` behind them.

use super::{Malformed, Reading, Told};
use crate::catalog::Tool;

/// Reads the presets of the labels of a machine, each with the PMU that its label stands for.
pub fn read(file: &str, text: &str, labels: &[&str]) -> Result<Reading, Malformed> {
    let mut reading = Reading::default();
    let (mut is_ours, mut in_head) = (false, false);
    for (number, line) in (1..).zip(text.lines()) {
        let at = |reason: String| Malformed { file: file.to_owned(), line: number, reason };
        let line = line.trim();
        match line.split_once(',') {
            _ if line.is_empty() || line.starts_with('#') => {}
            Some(("CPU", label)) => {
                is_ours = labels.contains(&label.trim()) || (in_head && is_ours);
                in_head = true;
            }
            Some(("PRESET", preset)) => {
                in_head = false;
                let (name, means) = meaning(preset).map_err(at)?;
                if is_ours {
                    tell(&mut reading, file, number, name, means);
                }
            }
            Some(("EVENT", _)) => in_head = false,
            _ => return Err(at(format!("'{line}' is neither a CPU nor a PRESET"))),
        }
    }
    Ok(reading)
}

/// Of two lines for one preset PAPI is thought to take the later. Nobody tried, so both are kept, and the name is ambiguous.
fn tell(reading: &mut Reading, file: &str, line: usize, name: &str, means: (Tool, String)) {
    let is_known = reading.told.iter().any(|told| told.name == name && told.means.as_ref() == Some(&means));
    if !is_known {
        let (name, file) = (name.to_owned(), file.to_owned());
        reading.told.push(Told { tool: Tool::Papi, name, means: Some(means), supported: true, file, line });
    }
}

/// `PAPI_L1_TCH,DERIVED_POSTFIX,N0|N1|-|,A,B,NOTE,".."`: the name, and the event of libpfm4 or the formula that it is.
fn meaning(preset: &str) -> Result<(&str, (Tool, String)), String> {
    let mut cells = preset.split(',').map(str::trim);
    let name = cells.next().filter(|name| name.starts_with("PAPI_")).ok_or("a PRESET without its name")?;
    let kind = cells.next().ok_or_else(|| format!("'{name}' without its kind"))?;
    let expression = match kind {
        "DERIVED_POSTFIX" | "DERIVED_INFIX" => cells.next().ok_or_else(|| format!("'{name}' without its expression"))?,
        "NOT_DERIVED" | "DERIVED_ADD" | "DERIVED_SUB" | "DERIVED_CMPD" | "DERIVED_PS" | "DERIVED_ADD_PS" => "",
        _ => return Err(format!("'{kind}' of '{name}' is no kind of preset")),
    };
    // What is said about a preset stands behind its events.
    let events: Vec<&str> =
        cells.take_while(|cell| !matches!(*cell, "NOTE" | "LDESC" | "SDESC")).filter(|cell| !cell.is_empty()).collect();
    match (kind, events.as_slice()) {
        (_, []) => Err(format!("'{name}' without an event")),
        ("NOT_DERIVED", [event]) => Ok((name, (Tool::Libpfm4, (*event).to_owned()))),
        ("NOT_DERIVED", _) => Err(format!("'{name}' is not derived and has several events")),
        (kind, events) => {
            let blank = if expression.is_empty() { "" } else { " " };
            let formula = format!("{}{blank}{expression}({})", kind.to_ascii_lowercase(), events.join(", "));
            Ok((name, (Tool::Papi, formula)))
        }
    }
}
