//! `/sys/bus/event_source/devices`: what the kernel calls the events of each PMU, and where each term goes.
//!
//! `PMU/events/NAME` holds terms (`event=0x3c,umask=0x00`), `PMU/format/TERM` the bits of `config`, `config1` or `config2` that a term
//! fills (`config:0-7,32-35`) (Linux, `Documentation/ABI/testing/sysfs-bus-event_source-devices-{events,format}`).

use std::collections::BTreeMap;

use super::{Malformed, Reading, Told, number};
use crate::catalog::Tool;
use crate::catalog::own::folded;
use crate::catalog::resolve::is_generic_name;

/// A file below the folder of the PMUs: its path from there, and its text.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// `cpu/events/cpu-cycles`
    pub path: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// Files that say how to print an event, and none by themselves.
const REMARKS: &[&str] = &[".scale", ".unit", ".snapshot", ".per-pkg"];

/// The register and the bits that a term fills, lowest first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    register: String,
    bits: Vec<u32>,
}

/// Fields by PMU and term.
type Formats = BTreeMap<(String, String), Field>;

/// Reads the files of all PMUs. A generic name also gets a statement without PMU, where the PMU is one of `cores`.
pub fn read(files: &[File<'_>], cores: &[&str]) -> Result<Reading, Malformed> {
    let mut formats = Formats::new();
    for (pmu, term, file) in files.iter().filter_map(|file| parts(file, "format")) {
        formats.insert((pmu.to_owned(), term.to_owned()), field(file)?);
    }
    let mut reading = Reading::default();
    for (pmu, name, file) in files.iter().filter_map(|file| parts(file, "events")) {
        if REMARKS.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        if file.text.contains('?') {
            reading.leave_out("the event needs a parameter", 1);
            continue;
        }
        let means = means(pmu, file, &formats)?;
        let told = |name: String| Told {
            tool: Tool::Perf,
            name,
            means: Some((Tool::Perf, means.clone())),
            supported: true,
            file: file.path.to_owned(),
            line: 1,
        };
        reading.take(told(format!("{}/{name}/", folded(pmu))))?;
        if is_generic_name(name) && cores.contains(&folded(pmu)) {
            reading.take(told(name.to_owned()))?;
        }
    }
    Ok(reading)
}

/// PMU and name of a file of this folder.
fn parts<'a>(file: &'a File<'a>, folder: &str) -> Option<(&'a str, &'a str, &'a File<'a>)> {
    let (pmu, rest) = file.path.split_once('/')?;
    let (found, name) = rest.split_once('/')?;
    (found == folder && !name.contains('/')).then_some((pmu, name, file))
}

fn malformed(file: &File<'_>, reason: String) -> Malformed {
    Malformed { file: file.path.to_owned(), line: 1, reason }
}

fn field(file: &File<'_>) -> Result<Field, Malformed> {
    let text = file.text.trim();
    let read = || {
        let (register, ranges) = text.split_once(':')?;
        let bits = ranges.split(',').map(range).collect::<Option<Vec<_>>>()?.concat();
        Some(Field { register: register.to_owned(), bits })
    };
    read().ok_or_else(|| malformed(file, format!("'{text}' is no format: config:0-7 is one")))
}

/// `0-7`, `18`; bits of a register of 64.
fn range(text: &str) -> Option<Vec<u32>> {
    let (low, high) = text.split_once('-').unwrap_or((text, text));
    let (low, high): (u32, u32) = (low.parse().ok()?, high.parse().ok()?);
    (low <= high && high < 64).then(|| (low..=high).collect())
}

/// The whole words of an event: `cpu/config=0x3c/`.
fn means(pmu: &str, file: &File<'_>, formats: &Formats) -> Result<String, Malformed> {
    let mut registers: BTreeMap<&str, u64> = BTreeMap::new();
    for term in file.text.trim().split(',') {
        let (key, value) = term.split_once('=').unwrap_or((term, "1"));
        let value = number(value).ok_or_else(|| malformed(file, format!("the value of '{term}' is no number")))?;
        if matches!(key, "config" | "config1" | "config2") {
            *registers.entry(key).or_default() |= value;
            continue;
        }
        let field = formats
            .get(&(pmu.to_owned(), key.to_owned()))
            .ok_or_else(|| malformed(file, format!("'{key}' has no file below {pmu}/format")))?;
        let word = spread(value, &field.bits)
            .ok_or_else(|| malformed(file, format!("'{term}' is wider than {} bits", field.bits.len())))?;
        *registers.entry(field.register.as_str()).or_default() |= word;
    }
    let words = registers.iter().filter(|(register, word)| **register == "config" || **word != 0);
    let words: Vec<String> = words.map(|(register, word)| format!("{register}={word:#x}")).collect();
    let words = if words.is_empty() { "config=0x0".to_owned() } else { words.join(",") };
    Ok(format!("{}/{words}/", folded(pmu)))
}

/// The bits of a value at their places; `None` when there are more.
fn spread(value: u64, bits: &[u32]) -> Option<u64> {
    let width = u32::try_from(bits.len()).ok()?;
    let fits = value.checked_shr(width).is_none_or(|rest| rest == 0);
    fits.then(|| bits.iter().enumerate().fold(0, |word, (from, to)| word | (value >> from & 1) << to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(files: &[(&str, &str)]) -> Result<Vec<(String, String)>, Malformed> {
        let files: Vec<File<'_>> = files.iter().map(|(path, text)| File { path, text }).collect();
        let reading = read(&files, &["cpu"])?;
        Ok(reading.told.into_iter().map(|told| (told.name, told.means.unwrap().1)).collect())
    }

    #[test]
    fn terms_go_where_the_formats_say() {
        let found = meanings(&[
            ("cpu/events/cpu-cycles", "event=0x3c\n"),
            ("cpu/events/mem-loads", "event=0xcd,umask=0x1,ldlat=3\n"),
            ("cpu/format/event", "config:0-7,32-35\n"),
            ("cpu/format/umask", "config:8-15\n"),
            ("cpu/format/ldlat", "config1:0-15\n"),
            ("cpu/type", "4\n"),
            ("power/events/energy-pkg", "event=0x02\n"),
            ("power/events/energy-pkg.scale", "2.3283064365386962890625e-10\n"),
            ("power/format/event", "config:0-7\n"),
        ])
        .unwrap();
        let wanted = [
            ("cpu/cpu-cycles/", "cpu/config=0x3c/"),
            ("cpu-cycles", "cpu/config=0x3c/"),
            ("cpu/mem-loads/", "cpu/config=0x1cd,config1=0x3/"),
            ("power/energy-pkg/", "power/config=0x2/"),
        ];
        assert_eq!(found, wanted.map(|(name, means)| (name.to_owned(), means.to_owned())));
    }

    #[test]
    fn boxes_are_one_pmu_unless_they_differ() {
        let format = ("uncore_cbox_0/format/event", "config:0-7");
        let second = ("uncore_cbox_1/format/event", "config:0-7");
        let boxes = |other| {
            meanings(&[
                format,
                second,
                ("uncore_cbox_0/events/clockticks", "event=0xff"),
                ("uncore_cbox_1/events/clockticks", other),
            ])
        };
        assert_eq!(
            boxes("event=0xff").unwrap(),
            [("uncore_cbox/clockticks/".to_owned(), "uncore_cbox/config=0xff/".to_owned())]
        );
        let error = boxes("event=0x0").unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("uncore_cbox_1/events/clockticks", 1));
    }

    #[test]
    fn what_is_malformed_names_its_file() {
        for (path, text) in [
            ("cpu/events/a", "event=0x100"),
            ("cpu/events/a", "event=x"),
            ("cpu/events/a", "other=1"),
            ("cpu/events/a", ""),
            ("cpu/format/b", "config"),
            ("cpu/format/b", "config:0-64"),
        ] {
            let error = meanings(&[("cpu/format/event", "config:0-7"), (path, text)]).unwrap_err();
            assert_eq!(error.file, path, "{text}");
        }
    }
}
