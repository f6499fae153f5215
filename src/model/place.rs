//! Where a run belongs: experiment, tool, environment, host - each value with its origin.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::context::labels_as_json;

/// Where a value of a placement came from, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// An option of the command line.
    Flag,
    /// A side file (`prc.toml`); which one, as its position in [`super::Parsed::sides`].
    Sidecar(u8),
    /// The path of the file, read by a path template.
    Layout,
    /// A line of the file, read by a text pattern of a side file.
    Text,
    /// The content of the file itself.
    File,
    /// A captured system file beside it, likewise.
    Captured(u8),
    /// The directory that holds the file.
    Path,
    /// The machine that runs the import, asked for with `--local`.
    Local,
}

impl Origin {
    /// The word used in every output and in the database; side files are counted from 1, the nearest: `sidecar:1`.
    fn word(self) -> Cow<'static, str> {
        let word = match self {
            Self::Flag => "flag",
            Self::Sidecar(position) => return format!("sidecar:{}", u16::from(position) + 1).into(),
            Self::Layout => "layout",
            Self::Text => "text",
            Self::File => "file",
            Self::Captured(position) => return format!("captured:{}", u16::from(position) + 1).into(),
            Self::Path => "path",
            Self::Local => "local",
        };
        word.into()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word())
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// A tool and its version, written `NAME-VERSION`: `perf-6.1.0`, `oprofile-1.4.0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ToolName {
    /// `perf`, `oprofile`, `papi`, ...
    pub name: String,
    /// The version; `None` when unknown.
    pub version: Option<String>,
}

impl FromStr for ToolName {
    type Err = String;

    /// Splits at the first `-` that a digit follows, so that `simple-perf-1.0` and `perf-3.10.0-327.el7` are both read right.
    fn from_str(text: &str) -> Result<Self, String> {
        let dash =
            text.match_indices('-').map(|(at, _)| at).find(|&at| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
        let (name, version) = match dash {
            Some(at) => (&text[..at], Some(text[at + 1..].to_owned())),
            None => (text, None),
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(format!("'{text}' is no tool; write NAME or NAME-VERSION, for example perf-6.1.0"));
        }
        Ok(Self { name: name.to_owned(), version })
    }
}

impl fmt::Display for ToolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.version {
            Some(version) => write!(f, "{}-{version}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The stable facts of a machine and its kernel. Its identity is exactly these fields; what is unknown is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Environment {
    /// Architecture as `uname -m` prints it.
    pub arch: Option<String>,
    /// CPU vendor as the CPU names itself: `GenuineIntel`, `AuthenticAMD`, `ARM`, `IBM`; a number (`0x489`) where it has no name.
    pub vendor: Option<String>,
    /// CPU family (x86).
    pub family: Option<i32>,
    /// CPU model; the part number on ARM, the PVR version on POWER, the machine type on s390, `marchid` on RISC-V.
    pub model: Option<i32>,
    /// CPU stepping; variant x 16 + revision on ARM, the PVR revision on POWER, `mimpid` on RISC-V.
    pub stepping: Option<i32>,
    /// Microarchitecture.
    pub microarch: Option<String>,
    /// Kernel release as `uname -r` prints it.
    pub kernel: Option<String>,
    /// Virtualisation: `none`, `container`, or the hypervisor: `kvm`, `qemu` (with or without KVM), `vmware`, `xen`, `hyperv`,
    /// `virtualbox`, `parallels`, `bhyve`, `powervm`, `zvm`, `uml`.
    pub virt: Option<String>,
}

/// Where a run belongs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Placement {
    /// The experiment.
    pub experiment: Option<Given<String>>,
    /// The tool.
    pub tool: Given<ToolName>,
    /// The host.
    pub host: Option<Given<String>>,
    /// Which repetition of its experiment the run is.
    pub repetition: Option<Given<i64>>,
    /// Where the start of the run came from, when it is known.
    pub started: Option<Origin>,
    /// Everything else that tells runs apart: key and value.
    pub labels: BTreeMap<String, Given<String>>,
    /// The environment.
    pub environment: Environment,
    /// The origins of the environment's fields, in the order of [`Environment`].
    pub environment_origins: [Option<Origin>; 8],
}

impl Placement {
    /// Names of the fields of [`Environment`], in its order.
    pub const ENVIRONMENT_FIELDS: [&'static str; 8] =
        ["arch", "vendor", "family", "model", "stepping", "microarch", "kernel", "virt"];

    /// The origin of every value, as one text: `experiment=path tool=file arch=flag`.
    pub fn origins(&self) -> String {
        let mut text = String::with_capacity(128);
        let mut say = |prefix: &str, field: &str, origin: Option<Origin>| {
            let Some(origin) = origin else { return };
            for part in [if text.is_empty() { "" } else { " " }, prefix, field, "="] {
                text.push_str(part);
            }
            text.push_str(&origin.word());
        };
        let own = [
            ("experiment", self.experiment.as_ref().map(|given| given.origin)),
            ("tool", Some(self.tool.origin)),
            ("host", self.host.as_ref().map(|given| given.origin)),
            ("repetition", self.repetition.as_ref().map(|given| given.origin)),
            ("started_at", self.started),
        ];
        let environment = Self::ENVIRONMENT_FIELDS.into_iter().zip(self.environment_origins);
        own.into_iter().chain(environment).for_each(|(field, origin)| say("", field, origin));
        self.labels.iter().for_each(|(key, given)| say("label.", key, Some(given.origin)));
        text
    }

    /// The labels as a JSON object with sorted keys; `None` when there are none.
    pub fn label_text(&self) -> Option<String> {
        labels_as_json(self.labels.iter().map(|(key, given)| (key.as_str(), given.value.as_str())))
    }
}
