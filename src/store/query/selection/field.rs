//! What a condition can look at.

use std::fmt;

/// Something that a result, its run or its source has.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Logical path of the source.
    Path,
    /// Format that the source was read as.
    SourceFormat,
    /// Number of the import that loaded the source.
    Import,
    /// Experiment.
    Experiment,
    /// Tool, with or without version: `perf`, `perf-6.1.0`.
    Tool,
    /// Version of the tool.
    ToolVersion,
    /// Host.
    Host,
    /// The label of a key.
    Label(String),
    /// Architecture.
    Arch,
    /// CPU vendor.
    Vendor,
    /// CPU family.
    Family,
    /// CPU model.
    Model,
    /// CPU stepping.
    Stepping,
    /// Microarchitecture, as given or as found from the numbers of the CPU.
    Microarch,
    /// Kernel release.
    Kernel,
    /// Virtualisation.
    Virt,
    /// When the run began.
    Started,
    /// Which repetition of its experiment a run is.
    Repetition,
    /// What was measured.
    Command,
    /// The event under any name: as printed, the canonical event, or another spelling of it that covers the same rings.
    Event,
    /// The event as printed.
    Spelling,
    /// Semantic class of the event.
    Class,
    /// Rings that the number covers.
    Privilege,
    /// Unit.
    Unit,
    /// Kind of number.
    Kind,
    /// Whether there is a number.
    Status,
    /// What kind of part the number covers: `whole`, `cpu`, `socket`, ...
    Scope,
    /// Control group.
    Cgroup,
    /// Share of the time that the event was on a counter, percent.
    Running,
    /// The number.
    Value,
}

/// What a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A source.
    Source,
    /// A run.
    Run,
    /// The name of a number: spelling, tool and environment decide.
    Name,
    /// A single number.
    Number,
}

/// How the values of a field are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// They are not: only equality makes sense.
    None,
    /// As numbers.
    Number,
    /// As versions: runs of digits by value, everything else by letters.
    Version,
    /// As points in time.
    Time,
}

/// Every field without a key: its name, what it belongs to, and its order.
static FIELDS: [(Field, &str, Level, Order); 29] = [
    (Field::Path, "path", Level::Source, Order::None),
    (Field::SourceFormat, "source-format", Level::Source, Order::None),
    (Field::Import, "import", Level::Source, Order::Number),
    (Field::Experiment, "experiment", Level::Run, Order::None),
    (Field::Tool, "tool", Level::Run, Order::None),
    (Field::ToolVersion, "tool-version", Level::Run, Order::Version),
    (Field::Host, "host", Level::Run, Order::None),
    (Field::Arch, "arch", Level::Run, Order::None),
    (Field::Vendor, "vendor", Level::Run, Order::None),
    (Field::Family, "family", Level::Run, Order::Number),
    (Field::Model, "model", Level::Run, Order::Number),
    (Field::Stepping, "stepping", Level::Run, Order::Number),
    (Field::Microarch, "microarch", Level::Run, Order::None),
    (Field::Kernel, "kernel", Level::Run, Order::Version),
    (Field::Virt, "virt", Level::Run, Order::None),
    (Field::Started, "started", Level::Run, Order::Time),
    (Field::Repetition, "repetition", Level::Run, Order::Number),
    (Field::Command, "command", Level::Run, Order::None),
    (Field::Event, "event", Level::Name, Order::None),
    (Field::Spelling, "spelling", Level::Name, Order::None),
    (Field::Class, "class", Level::Name, Order::None),
    (Field::Privilege, "privilege", Level::Name, Order::None),
    (Field::Unit, "unit", Level::Name, Order::None),
    (Field::Kind, "kind", Level::Name, Order::None),
    (Field::Status, "status", Level::Number, Order::None),
    (Field::Scope, "scope", Level::Number, Order::None),
    (Field::Cgroup, "cgroup", Level::Number, Order::None),
    (Field::Running, "running", Level::Number, Order::Number),
    (Field::Value, "value", Level::Number, Order::Number),
];

impl Field {
    /// What tells environments apart.
    pub const ENVIRONMENT: [Self; 8] =
        [Self::Arch, Self::Vendor, Self::Family, Self::Model, Self::Stepping, Self::Microarch, Self::Kernel, Self::Virt];

    /// The field of a name: `kernel`, `label.threads`.
    ///
    /// # Errors
    /// There is none; the message names the nearest, or all.
    pub fn named(name: &str) -> Result<Self, String> {
        if let Some(key) = name.strip_prefix("label.").filter(|key| !key.is_empty()) {
            return Ok(Self::Label(key.to_owned()));
        }
        if let Some((field, ..)) = FIELDS.iter().find(|(_, known, ..)| *known == name) {
            return Ok(field.clone());
        }
        let names = || FIELDS.iter().map(|(_, known, ..)| *known);
        let nearest = super::nearest(name, names());
        Err(if nearest.is_empty() {
            format!("there is no field '{name}'; the fields are label.KEY, {}", names().collect::<Vec<_>>().join(", "))
        } else {
            format!("there is no field '{name}'; do you mean {}?", nearest.join(" or "))
        })
    }

    /// What it belongs to.
    pub fn level(&self) -> Level {
        self.row().map_or(Level::Run, |row| row.2)
    }

    /// How its values are ordered.
    pub fn order(&self) -> Order {
        self.row().map_or(Order::Version, |row| row.3)
    }

    fn row(&self) -> Option<&'static (Self, &'static str, Level, Order)> {
        FIELDS.iter().find(|row| row.0 == *self)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.row()) {
            (Self::Label(key), _) => write!(f, "label.{key}"),
            (_, Some((_, name, ..))) => f.write_str(name),
            (_, None) => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_the_name_that_it_prints() {
        for (field, name, ..) in &FIELDS {
            assert_eq!(Field::named(name).as_ref(), Ok(field));
            assert_eq!(field.to_string(), *name);
        }
        assert_eq!(Field::named("label.a.b").unwrap().to_string(), "label.a.b");
    }

    #[test]
    fn an_unknown_name_names_the_nearest() {
        assert_eq!(Field::named("kernle").unwrap_err(), "there is no field 'kernle'; do you mean kernel?");
        let all = Field::named("colour-of-the-box").unwrap_err();
        assert!(all.contains("label.KEY, path, source-format") && all.contains("value"), "{all}");
    }
}
