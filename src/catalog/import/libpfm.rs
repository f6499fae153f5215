//! What libpfm4's example programs print of its events: `showevtinfo`, `showevtinfo -E`, `check_events`
//! (libpfm4, `examples/showevtinfo.c` and `examples/check_events.c`).

use super::{Malformed, Reading, Told, number};
use crate::catalog::{Codes, Tool};

/// PMUs of libpfm4 that are those of a machine, each with the PMU of the kernel.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Name of libpfm4, name of the kernel: `ivb`, `cpu`.
    pub pmus: &'a [(&'static str, &'static str)],
    /// How codes are written.
    pub codes: Codes,
}

const OTHER_PMU: &str = "an event of another PMU than the cores of this machine";

/// Reads any of the three, also one behind the other.
pub fn read(file: &str, text: &str, target: Target<'_>) -> Result<Reading, Malformed> {
    let mut reader = Reader { file, target, reading: Reading::default(), block: None, found: None };
    for (number, line) in (1..).zip(text.lines()) {
        reader.line(number, line).map_err(|reason| Malformed { file: file.to_owned(), line: number, reason })??;
    }
    reader.finish()?;
    Ok(reader.reading)
}

/// An event as `showevtinfo` prints it over several lines.
struct Block {
    line: usize,
    pmu: String,
    name: String,
    code: Option<u64>,
    masks: Vec<Mask>,
}

struct Mask {
    name: String,
    code: u64,
    is_default: bool,
}

struct Reader<'a> {
    file: &'a str,
    target: Target<'a>,
    reading: Reading,
    block: Option<Block>,
    /// The event that `check_events` found, by its whole name; the name it was asked for may be an alias that only it knows.
    found: Option<String>,
}

impl Reader<'_> {
    /// A line; the outer error is that of the line, the inner that of what it ends.
    fn line(&mut self, at: usize, line: &str) -> Result<Result<(), Malformed>, String> {
        let line = line.trim_end();
        if let Some((codes, name)) = encoded(line) {
            let [code, rest @ ..] = codes.as_slice() else {
                self.reading.leave_out("a name without its code", 1);
                return Ok(Ok(()));
            };
            return Ok(self.tell(at, name, *code, rest.first().copied()));
        }
        match line.split_once(':') {
            Some((key, value)) => self.field(at, key.trim(), value.trim()),
            None => Ok(Ok(())),
        }
    }

    fn field(&mut self, at: usize, key: &str, value: &str) -> Result<Result<(), Malformed>, String> {
        let word = |value: &str| value.split_whitespace().next().unwrap_or_default().to_owned();
        match (key, &mut self.block) {
            ("PMU name", _) => {
                let done = self.finish();
                self.block = Some(Block { line: at, pmu: word(value), name: String::new(), code: None, masks: Vec::new() });
                return Ok(done);
            }
            ("Name", Some(block)) => block.name = word(value),
            ("Code", Some(block)) => block.code = Some(number(value).ok_or_else(|| format!("Code '{value}' is no number"))?),
            (key, Some(block)) if key.starts_with("Umask-") => {
                block.masks.push(mask(value).ok_or_else(|| format!("'{value}' is no unit mask"))?);
            }
            ("Actual    Event", _) => self.found = Some(value.to_owned()),
            ("Codes", None) => {
                let codes: Option<Vec<u64>> = value.split_whitespace().map(number).collect();
                let codes = codes.ok_or_else(|| format!("Codes '{value}' are no numbers"))?;
                if let (Some(name), [code, rest @ ..]) = (self.found.take(), codes.as_slice()) {
                    return Ok(self.tell(at, &plain(&name), *code, rest.first().copied()));
                }
            }
            _ => {}
        }
        Ok(Ok(()))
    }

    /// A whole code with its name, as libpfm4 encodes it. The kernel sets rings and interrupts itself and takes no notice of theirs.
    fn tell(&mut self, line: usize, name: &str, code: u64, extra: Option<u64>) -> Result<(), Malformed> {
        let config1 = extra.filter(|extra| *extra != 0).map(|extra| format!(",config1={extra:#x}")).unwrap_or_default();
        self.state(line, name, &format!("config={code:#x}{config1}"))
    }

    /// `name` begins with its PMU.
    fn state(&mut self, line: usize, name: &str, terms: &str) -> Result<(), Malformed> {
        let Some((pmu, name)) = name.split_once("::") else { return Ok(()) };
        let Some((_, kernel)) = self.target.pmus.iter().find(|(own, _)| *own == pmu) else {
            self.reading.leave_out(OTHER_PMU, 1);
            return Ok(());
        };
        self.reading.take(Told {
            tool: Tool::Libpfm4,
            name: name.to_owned(),
            means: Some((Tool::Perf, format!("{kernel}/{terms}/"))),
            supported: true,
            file: self.file.to_owned(),
            line,
        })
    }

    /// Ends an event of several lines: by itself it takes its default masks; a mask of an event with several groups of masks also takes
    /// the defaults of the other groups, which are not printed.
    fn finish(&mut self) -> Result<(), Malformed> {
        let Some(block) = self.block.take() else { return Ok(()) };
        let Some(code) = block.code else { return Ok(()) };
        let name = |mask: &str| format!("{}::{}{mask}", block.pmu, block.name);
        let defaults: Vec<&Mask> = block.masks.iter().filter(|mask| mask.is_default).collect();
        if block.masks.is_empty() || !defaults.is_empty() {
            let mask = defaults.iter().fold(0, |all, mask| all | mask.code);
            self.with_mask(block.line, &name(""), code, mask)?;
        }
        if defaults.len() > 1 {
            self.reading.leave_out("a unit mask of an event with several groups of them", block.masks.len());
            return Ok(());
        }
        block.masks.iter().try_for_each(|mask| self.with_mask(block.line, &name(&format!(":{}", mask.name)), code, mask.code))
    }

    fn with_mask(&mut self, line: usize, name: &str, code: u64, mask: u64) -> Result<(), Malformed> {
        match self.target.codes {
            Codes::Plain if mask == 0 => self.state(line, name, &format!("config={code:#x}")),
            // The counters of Intel that count one thing have codes of their own, which no mask is added to.
            Codes::X86 { widest } if mask == 0 && code > widest => self.state(line, name, &format!("config={code:#x}")),
            Codes::X86 { widest } if mask < 0x100 && code <= widest => {
                self.state(line, name, &format!("event={code:#x},umask={mask:#x}"))
            }
            _ => {
                self.reading
                    .leave_out("a code or a unit mask of which showevtinfo does not tell the place; showevtinfo -E does", 1);
                Ok(())
            }
        }
    }
}

/// `0x01 : PMU : [ANY_P] : [default] : ..`
fn mask(text: &str) -> Option<Mask> {
    let mut cells = text.split(" : ");
    let (code, _, name, flags) = (cells.next()?, cells.next()?, cells.next()?, cells.next().unwrap_or_default());
    let name = name.trim().strip_prefix('[')?.strip_suffix(']')?.to_owned();
    Some(Mask { name, code: number(code)?, is_default: flags.contains("[default]") })
}

/// `0x5301c7,,skl::FP_ARITH:SCALAR_DOUBLE`: one code for each register, or none, then the name; commas are the separator unless `-x` says
/// otherwise.
fn encoded(line: &str) -> Option<(Vec<u64>, &str)> {
    let cells: Vec<&str> = line.split([',', '\t']).map(str::trim).collect();
    let at = cells.iter().position(|cell| cell.contains("::") && !cell.contains(' '))?;
    let codes = cells[..at].iter().filter(|cell| !cell.is_empty()).map(|cell| number(cell)).collect::<Option<Vec<u64>>>()?;
    Some((codes, cells[at]))
}

/// `ivb::INST_RETIRED:ANY_P:k=1:u=1:e=0:i=0:c=0` without the words that have their usual values.
fn plain(name: &str) -> String {
    let (pmu, rest) = name.split_once("::").unwrap_or(("", name));
    let is_usual = |part: &&str| !part.ends_with("=0") && !matches!(*part, "k=1" | "u=1");
    let parts: Vec<&str> = rest.split(':').filter(is_usual).collect();
    format!("{pmu}::{}", parts.join(":"))
}
