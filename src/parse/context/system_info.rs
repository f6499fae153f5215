//! Blocks `### System info`, in which scripts describe the machine above what a tool prints: a heading, then `key: value`.
//!
//! Only lines below such a heading count: `model: 85` elsewhere may be anything. Numbers of the CPU are taken for x86 alone,
//! where every tool prints the same ones.

use crate::machine::{self, ARCHITECTURES, is_release, label};
use crate::model::{Context, Environment};

/// Longest heading, in bytes: a sentence that mentions system information is none.
const LONGEST_HEADING: usize = 60;

/// Whether a line is the heading of a block: `### System info`, `==== SYSTEM INFORMATION ====`.
pub(crate) fn is_heading(line: &str) -> bool {
    if line.len() > LONGEST_HEADING || !line.as_bytes().iter().any(|byte| byte.eq_ignore_ascii_case(&b'y')) {
        return false;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    matches!(bare.as_str(), "system info" | "system information" | "system_info" | "systeminfo" | "sysinfo" | "system infos")
}

/// A line below a heading.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It states a fact.
    Fact(Box<Context>),
    /// It belongs to the block and states nothing that is known.
    Nothing,
    /// It is no line of a block.
    Other,
}

/// What a line below a heading says, given what is known of the machine already.
pub(crate) fn said(line: &str, known: &Environment) -> Said {
    let content = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '*' | '-' | '+' | '|' | '=' | '>'));
    if content.is_empty() {
        return Said::Nothing;
    }
    if let Some(context) = machine::uname(content) {
        return Said::Fact(Box::new(context));
    }
    let Some(at) = content.find([':', '=']) else {
        return Said::Other;
    };
    let (key, value) = (normalised(&content[..at]), content[at + 1..].trim().trim_matches('"'));
    fact(&key, value, known).map_or(Said::Nothing, |context| Said::Fact(Box::new(context)))
}

/// Small letters, single blanks: `Kernel_Version`, `kernel-version` and `kernel version` are one key.
fn normalised(key: &str) -> String {
    let plain = key.to_lowercase().replace(['_', '-'], " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fact(key: &str, value: &str, known: &Environment) -> Option<Context> {
    let words = || value.split_whitespace();
    let owned = |text: &str| Some(text.to_owned());
    let environment = match key {
        "hostname" | "host name" | "host" | "nodename" | "node name" => return host(value),
        "os" | "distribution" | "distro" | "operating system" => return named(value).then(|| labelled(label::OS, value)),
        "model name" | "cpu model name" | "cpu name" | "processor" | "cpu" => {
            return named(value).then(|| labelled(label::CPU, value));
        }
        "cpu model" if named(value) => return Some(labelled(label::CPU, value)),
        "microcode" => return number(value).map(|_| labelled(label::MICROCODE, value)),
        "uname" | "uname a" => return machine::uname(value),
        "kernel" | "kernel version" | "kernel release" | "linux kernel" | "linux version" | "uname r" | "os release" => {
            let release = machine::uname(value).and_then(|context| context.environment.kernel);
            Environment { kernel: Some(release.or_else(|| release_of(value))?), ..Environment::default() }
        }
        "arch" | "architecture" | "machine" => {
            Environment { arch: owned(words().next().filter(|word| ARCHITECTURES.contains(word))?), ..Environment::default() }
        }
        "vendor" | "vendor id" | "cpu vendor" => {
            let vendor = Some(value).filter(|_| words().count() == 1 && value.contains(char::is_alphabetic))?;
            Environment { vendor: owned(if vendor == "IBM/S390" { "IBM" } else { vendor }), ..Environment::default() }
        }
        _ => numbers(key, value, known)?,
    };
    Some(Context { environment, ..Context::default() })
}

/// Family, model and stepping of x86. A model without its family may be that of another architecture, or of a mainboard.
fn numbers(key: &str, value: &str, known: &Environment) -> Option<Environment> {
    let x86 = |arch: &String| arch.starts_with('x') || (arch.starts_with('i') && arch.ends_with("86"));
    if !known.arch.as_ref().is_none_or(x86) {
        return None;
    }
    let below = known.family.is_some();
    match key {
        "family" | "cpu family" => Some(Environment { family: Some(number(value)?), ..Environment::default() }),
        "model" | "cpu model" if below => Some(Environment { model: Some(number(value)?), ..Environment::default() }),
        "stepping" | "cpu stepping" if below => Some(Environment { stepping: Some(number(value)?), ..Environment::default() }),
        "family/model/stepping" | "cpu family/model/stepping" | "family / model / stepping" => {
            let mut parts = value.split('/').map(number);
            let (family, model, stepping) = (parts.next()??, parts.next()??, parts.next()??);
            let all = parts.next().is_none();
            all.then(|| Environment {
                family: Some(family),
                model: Some(model),
                stepping: Some(stepping),
                ..Environment::default()
            })
        }
        _ => None,
    }
}

/// `85`, `0x55` or `85 (0x55)`.
fn number(text: &str) -> Option<i32> {
    let mut words = text.split_whitespace();
    let word = words.next()?;
    if !words.all(|word| word.starts_with('(')) {
        return None;
    }
    word.strip_prefix("0x").map_or_else(|| word.parse().ok(), |digits| i32::from_str_radix(digits, 16).ok())
}

/// `5.4.0-42-generic`, `Linux 5.4.0-42-generic`, `Linux version 5.4.0-42-generic (...)`.
fn release_of(value: &str) -> Option<String> {
    let plain = value.strip_prefix("Linux ").unwrap_or(value);
    let plain = plain.strip_prefix("version ").unwrap_or(plain);
    plain.split_whitespace().next().filter(|word| is_release(word)).map(str::to_owned)
}

fn host(value: &str) -> Option<Context> {
    let name = Some(value).filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))?;
    Some(Context { host: Some(name.to_owned()), ..Context::default() })
}

/// Whether a value is a name, and not a number (`processor: 0`) or the kernel's (`os: Linux`).
fn named(value: &str) -> bool {
    value.contains(char::is_alphabetic) && number(value).is_none() && !matches!(value, "Linux" | "GNU/Linux")
}

fn labelled(key: &str, value: &str) -> Context {
    Context { labels: [(key.to_owned(), value.to_owned())].into(), ..Context::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_from_sentences() {
        for heading in ["### System info", "==== SYSTEM INFORMATION ====", "[System Info]:", "system_info"] {
            assert!(is_heading(heading), "{heading}");
        }
        for line in ["", "###", "system info: see below", "The system information was lost", "ecosystem info"] {
            assert!(!is_heading(line), "{line}");
        }
    }

    #[test]
    fn keys_are_compared_generously_and_values_are_not() {
        let known = Environment { family: Some(6), ..Environment::default() };
        let fact = |line: &str| match said(line, &known) {
            Said::Fact(context) => Some(*context),
            _ => None,
        };
        let environment = |line: &str| fact(line).map(|context| context.environment).unwrap_or_default();
        assert_eq!(environment("# Kernel_Version : Linux 5.4.0-42-generic").kernel.as_deref(), Some("5.4.0-42-generic"));
        assert_eq!(environment("kernel = 5.4.0-42-generic #46-Ubuntu SMP").kernel.as_deref(), Some("5.4.0-42-generic"));
        assert_eq!(environment("- Model: 85 (0x55)").model, Some(85));
        let all = environment("CPU family/model/stepping: 6/85/4");
        assert_eq!((all.family, all.model, all.stepping), (Some(6), Some(85), Some(4)));
        assert_eq!(fact("Host name: node7").and_then(|context| context.host).as_deref(), Some("node7"));
        assert_eq!(fact("model name\t: Intel(R) Xeon(R)").unwrap().labels["cpu"], "Intel(R) Xeon(R)");
        for line in ["kernel: Linux", "arch: unknown", "processor : 0", "model: 2.3", "os: Linux", "cpu MHz: 2100", "host: a b"]
        {
            assert_eq!(said(line, &known), Said::Nothing, "{line}");
        }
        assert_eq!(said("           CPU0       CPU1", &known), Said::Other);
    }

    #[test]
    fn a_model_counts_below_the_family_of_an_x86() {
        let arm = Environment { arch: Some("aarch64".to_owned()), ..Environment::default() };
        assert_eq!(said("model: 2", &Environment::default()), Said::Nothing);
        assert_eq!(said("cpu family: 8", &arm), Said::Nothing);
    }
}
