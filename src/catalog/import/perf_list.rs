//! `perf list -j`: an array of objects with `EventName`, `Unit` (the PMU) and `Encoding` (terms), one below the other
//! (Linux, tools/perf/builtin-list.c, `json_print_event`; perf 6.1 has no such option); or the text of `perf list`.

mod text;

use serde_json::Value;

use super::{Lines, Malformed, Reading, Told};
use crate::catalog::Tool;

/// Reads a list. Names without encoding are said to be there, for perf lists only what it could open; metrics are left out.
pub fn read(file: &str, text: &str) -> Result<Reading, Malformed> {
    if text.trim_start().starts_with('[') { json(file, text) } else { text::read(file, text) }
}

fn json(file: &str, text: &str) -> Result<Reading, Malformed> {
    let at = |line, reason: String| Malformed { file: file.to_owned(), line, reason };
    let all: Vec<Value> = serde_json::from_str(text).map_err(|error| at(error.line(), format!("no list of perf: {error}")))?;
    let mut lines = Lines::new(text);
    let mut reading = Reading::default();
    for object in &all {
        if object.get("MetricName").is_some() || object.get("MetricGroup").is_some() {
            reading.leave_out("a metric is no event", 1);
            continue;
        }
        let word = |key: &str| object.get(key).and_then(Value::as_str);
        let Some(name) = word("EventName") else {
            return Err(at(lines.last, "an object without EventName and MetricName".to_owned()));
        };
        let line = lines.of(name);
        let means = match word("Encoding") {
            Some(encoding) if encoding.contains('?') => {
                reading.leave_out("the event needs a parameter", 1);
                continue;
            }
            encoding => encoding.map(str::to_owned),
        };
        if name.contains(char::is_whitespace) || name.contains('<') {
            reading.leave_out("a pattern of events is no event", 1);
            continue;
        }
        let alias = word("EventAlias").filter(|alias| !alias.is_empty());
        let inside = word("Unit").filter(|_| means.is_some() && !name.contains('/')).map(|unit| format!("{unit}/{name}/"));
        for name in [Some(name.to_owned()), alias.map(str::to_owned), inside].into_iter().flatten() {
            let told = Told {
                tool: Tool::Perf,
                name,
                means: means.clone().map(|means| (Tool::Perf, means)),
                supported: true,
                file: file.to_owned(),
                line,
            };
            reading.take(told)?;
        }
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"[
{
	"EventName": "cpu-cycles",
	"EventAlias": "cycles",
	"EventType": "Hardware event"
},
{
	"Unit": "cpu",
	"Topic": "cache",
	"EventName": "l1d.replacement",
	"EventType": "Kernel PMU event",
	"Encoding": "cpu/event=0x51,period=0x1e8483,umask=0x1/"
},
{
	"MetricGroup": "Mem",
	"MetricName": "L1MPKI"
}
]
"#;

    #[test]
    fn names_come_with_encoding_and_line() {
        let reading = read("list.json", LIST).unwrap();
        let told: Vec<(&str, Option<&str>, usize)> = reading
            .told
            .iter()
            .map(|told| (told.name.as_str(), told.means.as_ref().map(|(_, means)| means.as_str()), told.line))
            .collect();
        let encoding = Some("cpu/event=0x51,period=0x1e8483,umask=0x1/");
        let wanted = [
            ("cpu-cycles", None, 3),
            ("cycles", None, 3),
            ("l1d.replacement", encoding, 10),
            ("cpu/l1d.replacement/", encoding, 10),
        ];
        assert_eq!(told, wanted);
        assert_eq!(reading.left_out, [("a metric is no event".to_owned(), 1)]);
    }

    #[test]
    fn what_is_malformed_or_contradicts_itself_names_its_line() {
        let twice = LIST.replace(
            "]\n",
            ", {\"EventName\": \"l1d.replacement\", \"Unit\": \"cpu\", \"Encoding\": \"cpu/event=0x52/\"}\n]\n",
        );
        for (text, line) in [(twice.as_str(), 18), ("[\n{\n]", 3), ("{}", 1), ("  cycles\n", 1), ("[\n{\"Unit\": \"cpu\"}]", 1)]
        {
            assert_eq!(read("list.json", text).unwrap_err().line, line, "{text}");
        }
    }
}
