//! `OProfile`'s own tables, the files `events` and `unit_masks` of a CPU type (`OProfile` 1.x, `libop/op_events.c`).
//!
//! ```text
//! include:i386/arch_perfmon
//! event:0x0e counters:0,1,2,3 um:uops_issued minimum:2000000 name:uops_issued : Uops issued
//! name:uops_issued type:exclusive default:any
//! <tab>0x1 extra: any Uops issued
//! <tab>0x1 extra:cmask=1,inv stall_cycles Cycles without one
//! ```

use super::{Malformed, Reading, Told};
use crate::catalog::{Codes, Tool};

/// A file, or what it includes.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path, for messages.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// Where the events of a type are counted.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Every core PMU.
    pub pmus: &'a [&'static str],
    /// How its codes are written.
    pub codes: Codes,
}

/// The CPU types whose files a file includes.
pub fn includes(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.strip_prefix("include:")).map(str::trim)
}

/// Reads the tables of a type; of what a file includes, the file comes first.
pub fn read(events: &[File], masks: &[File], target: Target<'_>) -> Result<Reading, Malformed> {
    let masks = each_line(masks).try_fold(Vec::new(), unit_masks)?;
    let mut reading = Reading::default();
    for line in each_line(events) {
        let event = event(&line)?;
        let of = masks.iter().find(|group: &&Group<'_>| group.name == event.um);
        let of = of.ok_or_else(|| line.wrong(format!("no file has the unit masks '{}'", event.um)))?;
        let spelled = spellings(&event, of).map_err(|reason| line.wrong(reason))?;
        for (name, mask) in spelled {
            match code(event.number, &mask, target) {
                Ok(code) => tell(&mut reading, &line, &name, &code, target),
                Err(reason) => reading.leave_out(reason, 1),
            }
        }
    }
    Ok(reading)
}

/// Of two entries with one name `OProfile` takes the first.
fn tell(reading: &mut Reading, line: &Line<'_>, name: &str, code: &str, target: Target<'_>) {
    let is_known =
        reading.told.iter().any(|told| told.name == name && (told.line, &told.file) != (line.number, &line.file.path));
    if is_known {
        reading.leave_out("a second entry of a name, of which OProfile takes the first", 1);
        return;
    }
    reading.told.extend(target.pmus.iter().map(|pmu| Told {
        tool: Tool::Oprofile,
        name: name.to_owned(),
        means: Some((Tool::Perf, format!("{pmu}/{code}/"))),
        supported: true,
        file: line.file.path.clone(),
        line: line.number,
    }));
}

/// A line that says something.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    file: &'a File,
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    fn wrong(&self, reason: String) -> Malformed {
        Malformed { file: self.file.path.clone(), line: self.number, reason }
    }
}

fn each_line(files: &[File]) -> impl Iterator<Item = Line<'_>> {
    files.iter().flat_map(lines)
}

fn lines(file: &File) -> impl Iterator<Item = Line<'_>> {
    let numbered = (1..).zip(file.text.lines()).map(move |(number, text)| Line { file, number, text });
    numbered.filter(|line| {
        let text = line.text.trim();
        !text.is_empty() && !text.starts_with('#') && !text.starts_with("include:")
    })
}

/// `event:0x0e counters:0,1 um:zero minimum:500 name:ISSUES : Total issues`
struct Event<'a> {
    number: u64,
    name: &'a str,
    um: &'a str,
}

fn event<'a>(line: &Line<'a>) -> Result<Event<'a>, Malformed> {
    let tags = line.text.split(" :").next().unwrap_or_default();
    let tag = |wanted: &str| {
        let found = tags.split_whitespace().find_map(|word| word.strip_prefix(wanted)?.strip_prefix(':'));
        found.filter(|value| !value.is_empty()).ok_or_else(|| line.wrong(format!("an event without '{wanted}:'")))
    };
    let number = tag("event")?;
    let number = hexadecimal(number).ok_or_else(|| line.wrong(format!("'{number}' is no number of an event")))?;
    // `find_um` takes the first of a list; no table of OProfile has more.
    Ok(Event { number, name: tag("name")?, um: tag("um")? })
}

/// The unit masks of one name.
struct Group<'a> {
    name: &'a str,
    default: &'a str,
    masks: Vec<Mask<'a>>,
}

/// `<tab>0x1 extra:cmask=1,inv stall_cycles ..`; without `extra:` a mask has no name.
#[derive(Debug, Clone, Default)]
struct Mask<'a> {
    value: u64,
    name: &'a str,
    extra: &'a str,
}

fn unit_masks<'a>(mut groups: Vec<Group<'a>>, line: Line<'a>) -> Result<Vec<Group<'a>>, Malformed> {
    if line.text.starts_with(['\t', ' ']) {
        let mask = mask(line.text).ok_or_else(|| line.wrong(format!("'{}' is no unit mask", line.text.trim())))?;
        let group = groups.last_mut().ok_or_else(|| line.wrong("a unit mask before the line that names it".to_owned()))?;
        group.masks.push(mask);
        return Ok(groups);
    }
    let tag = |wanted: &str| {
        let found = line.text.split_whitespace().find_map(|word| word.strip_prefix(wanted)?.strip_prefix(':'));
        found.ok_or_else(|| line.wrong(format!("unit masks without '{wanted}:'")))
    };
    groups.push(Group { name: tag("name")?, default: tag("default")?, masks: Vec::new() });
    Ok(groups)
}

fn mask(text: &str) -> Option<Mask<'_>> {
    let (value, rest) = text.trim().split_once(char::is_whitespace)?;
    let value = hexadecimal(value)?;
    let Some(rest) = rest.trim_start().strip_prefix("extra:") else { return Some(Mask { value, ..Mask::default() }) };
    let (extra, rest) = rest.split_once(char::is_whitespace)?;
    Some(Mask { value, extra, name: rest.split_whitespace().next()? })
}

/// Every spelling of an event that stands for one code, with the mask that it programs.
///
/// A number adds nothing else to the code, given or default, even where a mask of that number has a name.
fn spellings<'a>(event: &Event<'a>, group: &Group<'a>) -> Result<Vec<(String, Mask<'a>)>, String> {
    let default = if let Some(value) = hexadecimal(group.default) {
        Mask { value, ..Mask::default() }
    } else {
        let named = group.masks.iter().find(|mask| mask.name == group.default);
        named.cloned().ok_or_else(|| format!("the default '{}' of '{}' is none of its masks", group.default, group.name))?
    };
    let mut all = vec![(event.name.to_owned(), default.clone())];
    for mask in &group.masks {
        let is_first_number =
            group.masks.iter().find(|other| other.value == mask.value).is_some_and(|first| std::ptr::eq(first, mask));
        // 0 takes the default, whatever the table has for it.
        if is_first_number && mask.value != 0 {
            let plain = Mask { value: mask.value, ..Mask::default() };
            all.push((format!("{}:{:#x}", event.name, mask.value), plain));
        }
        let is_first = group.masks.iter().find(|other| other.name == mask.name).is_some_and(|first| std::ptr::eq(first, mask));
        if is_first && mask.name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            all.push((format!("{}:{}", event.name, mask.name), mask.clone()));
        }
    }
    Ok(all)
}

/// The terms of a code as perf writes them.
fn code(number: u64, mask: &Mask<'_>, target: Target<'_>) -> Result<String, &'static str> {
    let Codes::X86 { widest } = target.codes else { return Ok(format!("config={number:#x}")) };
    if number > widest || mask.value > 0xff {
        return Err("a number or a unit mask that is wider than x86 has: what is programmed is not known");
    }
    let extra = mask.extra.split(',').filter(|word| !word.is_empty()).map(term).collect::<Option<Vec<String>>>();
    let extra = extra.ok_or("a unit mask with a word that no known OProfile has")?;
    // What AMD has above eight bits is lost on the way to the counter: `Place::encoded`.
    Ok(format!("event={:#x},umask={:#x}{}", number & 0xff, mask.value, extra.concat()))
}

/// `cmask=c` as perf writes it, behind a comma.
fn term(word: &str) -> Option<String> {
    match word.split_once('=') {
        None if matches!(word, "inv" | "edge" | "any") => Some(format!(",{word}")),
        // Says that the event can be counted precisely.
        None if word == "pebs" => Some(String::new()),
        Some(("cmask", digits)) => hexadecimal(digits).map(|number| format!(",cmask={number:#x}")),
        _ => None,
    }
}

/// `sscanf("%x")`: with or without `0x`.
fn hexadecimal(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
}
