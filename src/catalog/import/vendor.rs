//! Tables of vendors' events as JSON: Intel's perfmon (`{"Header": .., "Events": [..]}`) and the kernel's
//! `tools/perf/pmu-events/arch` (an array), which have the same fields (Linux, tools/perf/pmu-events/jevents.py).

use serde_json::{Map, Value};

use super::{Lines, Malformed, Reading, Told, number};
use crate::catalog::resolve::is_overridden;
use crate::catalog::{Codes, Tool};

/// Where the events of a file are counted.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The core PMU of an event that names none; `None` on a machine that has several.
    pub pmu: Option<&'a str>,
    /// Every core PMU.
    pub cores: &'a [&'static str],
    /// How its codes are written.
    pub codes: Codes,
}

/// Reads a file.
pub fn read(file: &str, text: &str, target: Target<'_>) -> Result<Reading, Malformed> {
    let at = |line, reason: String| Malformed { file: file.to_owned(), line, reason };
    let all: Value = serde_json::from_str(text).map_err(|error| at(error.line(), format!("no table of events: {error}")))?;
    let events = all.get("Events").unwrap_or(&all).as_array();
    let events = events.ok_or_else(|| at(1, "neither a list nor an object with Events".to_owned()))?;
    let mut reading = Reading::default();
    let mut lines = Lines::new(text);
    for event in events {
        let Some(object) = event.as_object() else { return Err(at(lines.last, format!("'{event}' is no event"))) };
        let Some(name) = word(object, "EventName") else {
            reading.leave_out("no event by itself: a metric, or a name that another file explains", 1);
            continue;
        };
        let line = lines.of(name);
        match means(object, name, target) {
            Ok(means) => {
                let told = Told {
                    tool: Tool::Perf,
                    name: name.to_owned(),
                    means: Some((Tool::Perf, means)),
                    supported: true,
                    file: file.to_owned(),
                    line,
                };
                reading.take(told)?;
            }
            Err(Unused::LeftOut(reason)) => reading.leave_out(reason, 1),
            Err(Unused::Wrong(reason)) => return Err(at(line, format!("'{name}': {reason}"))),
        }
    }
    Ok(reading)
}

fn word<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str).map(str::trim).filter(|word| !word.is_empty())
}

/// Why an event has no statement.
enum Unused {
    LeftOut(&'static str),
    Wrong(String),
}

/// The terms of an event: `cpu/event=0x51,umask=0x1/`.
fn means(object: &Map<String, Value>, name: &str, target: Target<'_>) -> Result<String, Unused> {
    // The vendor's name of what the kernel calls otherwise (jevents.py, `unit_to_pmu`).
    let unit = word(object, "Unit").map(|unit| if unit == "CPU-M-CF" { "cpum_cf" } else { unit });
    let pmu = match unit {
        None => target.pmu.ok_or(Unused::LeftOut("the machine has several kinds of core and the table does not name one"))?,
        Some(unit) if target.cores.contains(&unit) => unit,
        Some(_) => return Err(Unused::LeftOut("an event outside the core: only the kernel of the machine knows its encoding")),
    };
    if target.codes != Codes::Plain && is_overridden(name) {
        return Err(Unused::LeftOut("perf encodes the fixed counters itself, whatever the table says"));
    }
    let code = word(object, "EventCode").or_else(|| word(object, "ConfigCode"));
    let code = code.ok_or(Unused::LeftOut("the event has no code: another file of the table explains it"))?;
    // Events of two registers list both codes; they count the same.
    let code = number(code.split(',').next().unwrap_or(code))
        .ok_or_else(|| Unused::Wrong(format!("EventCode '{code}' is no number")))?;
    if target.codes == Codes::Plain {
        return Ok(format!("{pmu}/config={code:#x}/"));
    }
    let mut terms = vec![format!("event={code:#x}")];
    for (key, term) in
        [("UMask", "umask"), ("CounterMask", "cmask"), ("Invert", "inv"), ("EdgeDetect", "edge"), ("AnyThread", "any")]
    {
        let Some(value) = word(object, key) else { continue };
        let value = number(value).ok_or_else(|| Unused::Wrong(format!("{key} '{value}' is no number")))?;
        if value != 0 {
            terms.push(format!("{term}={value:#x}"));
        }
    }
    terms.extend(register(object)?);
    Ok(format!("{pmu}/{}/", terms.join(",")))
}

/// The extra register, by its number (jevents.py, `lookup_msr`).
fn register(object: &Map<String, Value>) -> Result<Option<String>, Unused> {
    let Some(index) = word(object, "MSRIndex") else { return Ok(None) };
    let term = match number(index.split(',').next().unwrap_or(index)) {
        Some(0) => return Ok(None),
        Some(0x3f6) => "ldlat",
        Some(0x1a6 | 0x1a7) => "offcore_rsp",
        Some(0x3f7) => "frontend",
        _ => return Err(Unused::LeftOut("an extra register that perf has no term for")),
    };
    let value = word(object, "MSRValue").unwrap_or("0");
    let value = number(value).ok_or_else(|| Unused::Wrong(format!("MSRValue '{value}' is no number")))?;
    Ok((value != 0).then(|| format!("{term}={value:#x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(event: &str) -> Option<String> {
        let target = Target { pmu: Some("cpu"), cores: &["cpu"], codes: Codes::X86 { widest: 0xff } };
        let reading = read("events.json", &format!("[{event}]"), target).unwrap();
        reading.told.into_iter().next().and_then(|told| told.means).map(|(_, means)| means)
    }

    #[test]
    fn fields_become_the_terms_of_perf() {
        for (event, means) in [
            (
                r#"{"EventName": "A", "EventCode": "0x0E", "UMask": "0x01", "CounterMask": "1", "Invert": "1"}"#,
                Some("cpu/event=0xe,umask=0x1,cmask=0x1,inv=0x1/"),
            ),
            (
                r#"{"EventName": "A", "EventCode": "0xB7, 0xBB", "UMask": "0x01", "MSRIndex": "0x1a6,0x1a7", "MSRValue": "0x10001"}"#,
                Some("cpu/event=0xb7,umask=0x1,offcore_rsp=0x10001/"),
            ),
            (
                r#"{"EventName": "A", "EventCode": "0xcd", "UMask": "0x1", "MSRIndex": "0x3F6", "MSRValue": "0x4"}"#,
                Some("cpu/event=0xcd,umask=0x1,ldlat=0x4/"),
            ),
            (r#"{"EventName": "A", "EventCode": "0x3c", "UMask": "0x0", "MSRIndex": "0"}"#, Some("cpu/event=0x3c/")),
            (r#"{"EventName": "A", "EventCode": "0x1", "Unit": "CBO"}"#, None),
            (r#"{"EventName": "Inst_Retired.Any", "EventCode": "0x0", "UMask": "0x1"}"#, None),
            (r#"{"MetricName": "IPC"}"#, None),
        ] {
            assert_eq!(meaning(event).as_deref(), means, "{event}");
        }
    }

    #[test]
    fn codes_of_other_machines_are_one_number() {
        let target = Target { pmu: Some("cpu"), cores: &["cpu"], codes: Codes::Plain };
        let reading =
            read("p9.json", r#"{"Header": {}, "Events": [{"EventCode": "0x1001E", "EventName": "PM_CYC"}]}"#, target).unwrap();
        assert_eq!(reading.told[0].means, Some((Tool::Perf, "cpu/config=0x1001e/".to_owned())));
        let target = Target { pmu: Some("cpum_cf"), cores: &["cpum_cf"], codes: Codes::Plain };
        let text = r#"[{"Unit": "CPU-M-CF", "EventCode": "128", "EventName": "L1D_RO_EXCL_WRITES"}]"#;
        let means = &read("z13.json", text, target).unwrap().told[0].means;
        assert_eq!(*means, Some((Tool::Perf, "cpum_cf/config=0x80/".to_owned())));
    }
}
