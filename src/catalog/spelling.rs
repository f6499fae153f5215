//! Spellings: what a tool wrote, taken apart without knowing any event.
//!
//! Reading never fails and never loses a letter of the event: what cannot be taken apart stays whole, with the reason, and a spelling
//! prints itself so that it reads back as itself. Whether `a:b` is an event with a modifier, an event with a unit mask or a tracepoint
//! cannot be seen without tables; the lexer keeps the parts, `resolve` decides.
//!
//! By hand instead of nom: spellings are cut from the right (modifiers follow a name that may hold every separator itself).

mod formula;
mod modifiers;
mod oprofile;
mod perf;
mod pfm;

use std::fmt;

use super::Tool;

pub use modifiers::{Modifiers, Scope};
pub use oprofile::{Mask, OprofileFields};
pub use pfm::Attribute;

/// What a tool wrote, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// Who wrote it.
    pub tool: Tool,
    /// What names the event.
    pub name: Name,
    /// How it was counted; no part of the event.
    pub modifiers: Modifiers,
}

/// What names an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {
    /// A name: `cycles`, `PAPI_TOT_CYC`, `CPU_CLK_UNHALTED.THREAD`.
    Plain(String),
    /// perf: a raw number, `r003c`.
    Raw(u64),
    /// perf: `cpu/event=0x3c,umask=0x0/`, with the PMU.
    Terms {
        /// The PMU before the first slash.
        pmu: String,
        /// What stands between the slashes, in its order.
        terms: Vec<Attribute>,
    },
    /// libpfm4: `ivb::L2_RQSTS:RFO_HIT:c=1`; in perf this may be a tracepoint too.
    Parts {
        /// The PMU before `::`.
        pmu: Option<String>,
        /// The first part.
        event: String,
        /// The other parts, in their order.
        attributes: Vec<Attribute>,
    },
    /// `OProfile`: `CPU_CLK_UNHALTED:100000:0:1:1`.
    Oprofile {
        /// The first part.
        event: String,
        /// The other parts.
        fields: OprofileFields,
    },
    /// PAPI: how a preset is computed, as this program writes it: `derived_postfix N0|N1|-|(A, B)`.
    Formula {
        /// `derived_sub`
        kind: String,
        /// Reverse Polish, of `derived_postfix` alone.
        expression: String,
        /// The events, as libpfm4 names them.
        natives: Vec<String>,
    },
    /// perf: a hardware breakpoint, `mem:0x1000:rw`.
    Breakpoint(String),
    /// No event that can be read: the whole text and why.
    Unreadable(String, &'static str),
}

impl Spelling {
    /// Takes a text apart as its tool writes events.
    pub fn read(tool: Tool, text: &str) -> Self {
        let text = text.trim();
        let (name, modifiers) = match tool {
            _ if text.is_empty() => (unreadable(text, "it is empty"), Modifiers::default()),
            Tool::Perf => perf::read(text),
            Tool::Oprofile => oprofile::read(text),
            Tool::Papi => formula::read(text).map_or_else(|| pfm::read(text), |name| (name, Modifiers::default())),
            Tool::Libpfm4 => pfm::read(text),
        };
        Self { tool, name, modifiers }
    }

    /// What the number covers: the rings that were asked for, or those that the tool counts unless told otherwise.
    ///
    /// perf and libpfm4 under perf count user and kernel, `OProfile` too; PAPI counts user mode alone (its `perf_event` component,
    /// `PAPI_DOM_USER`).
    pub fn scope(&self) -> Scope {
        let unless_told = if self.tool == Tool::Papi { Scope::USER } else { Scope::BOTH };
        self.modifiers.scope.unwrap_or(unless_told)
    }
}

fn unreadable(text: &str, why: &'static str) -> Name {
    Name::Unreadable(text.to_owned(), why)
}

impl fmt::Display for Spelling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        let slash = matches!(self.name, Name::Terms { .. });
        match self.modifiers.letters.as_str() {
            "" => Ok(()),
            letters if slash => f.write_str(letters),
            letters => write!(f, ":{letters}"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) | Self::Breakpoint(text) | Self::Unreadable(text, _) => f.write_str(text),
            Self::Raw(number) => write!(f, "r{number:x}"),
            Self::Terms { pmu, terms } => {
                let terms: Vec<String> = terms.iter().map(Attribute::to_string).collect();
                write!(f, "{pmu}/{}/", terms.join(","))
            }
            Self::Parts { pmu, event, attributes } => {
                pmu.iter().try_for_each(|pmu| write!(f, "{pmu}::"))?;
                f.write_str(event)?;
                attributes.iter().try_for_each(|attribute| write!(f, ":{attribute}"))
            }
            Self::Oprofile { event, fields } => write!(f, "{event}{fields}"),
            Self::Formula { kind, expression, natives } => {
                let blank = if expression.is_empty() { "" } else { " " };
                write!(f, "{kind}{blank}{expression}({})", natives.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_print_as_they_read_back() {
        for (tool, text, canonical) in [
            (Tool::Perf, " cycles:u ", "cycles:u"),
            (Tool::Perf, "r003c", "r3c"),
            (Tool::Perf, "raw 0x1c4", "r1c4"),
            (Tool::Perf, "cpu/event=0x3c,umask=0x0/ukp", "cpu/event=0x3c,umask=0x0/ukp"),
            (Tool::Perf, "cpu/cycles/:u", "cpu/cycles/u"),
            (Tool::Perf, "cpu-clock [software]", "software/cpu-clock/"),
            (Tool::Perf, "cycles:u [cpu_core]", "cpu_core/cycles/u"),
            (Tool::Perf, "sched:sched_switch", "sched:sched_switch"),
            (Tool::Perf, "mem:0x1000:rw", "mem:0x1000:rw"),
            (Tool::Oprofile, "CPU_CLK_UNHALTED:100000:0:1:1", "CPU_CLK_UNHALTED:100000:0x0:1:1"),
            (Tool::Oprofile, "uops_issued:2000003:stall_cycles", "uops_issued:2000003:stall_cycles"),
            (Tool::Papi, "PAPI_TOT_CYC", "PAPI_TOT_CYC"),
            (Tool::Papi, "derived_postfix N0|N1|-| ( A:B,C )", "derived_postfix N0|N1|-|(A:B, C)"),
            (Tool::Papi, "derived_add(A, B)", "derived_add(A, B)"),
            (Tool::Libpfm4, "ivb::L2_RQSTS:RFO_HIT:c=1:u", "ivb::L2_RQSTS:RFO_HIT:c=1:u"),
        ] {
            let read = Spelling::read(tool, text);
            assert_eq!(read.to_string(), canonical, "{text}");
            assert_eq!(Spelling::read(tool, canonical), read, "{text}");
        }
    }

    #[test]
    fn a_scope_is_what_was_asked_for_else_what_the_tool_counts() {
        for (tool, text, user, kernel) in [
            (Tool::Perf, "cycles", true, true),
            (Tool::Perf, "cycles:u", true, false),
            (Tool::Perf, "cpu_core/cycles/k", false, true),
            (Tool::Perf, "cycles:ppp", true, true),
            (Tool::Papi, "PAPI_TOT_CYC", true, false),
            (Tool::Papi, "PAPI_TOT_CYC:k=1:u=1", true, true),
            (Tool::Oprofile, "CPU_CLK_UNHALTED:100000:0:0:1", true, false),
            (Tool::Libpfm4, "UNHALTED_CORE_CYCLES:k", false, true),
        ] {
            assert_eq!(Spelling::read(tool, text).scope(), Scope { user, kernel, hypervisor: false }, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_reads_and_prints_stably(tool in 0..4_usize, text in "\\PC*|[a-zA-Z0-9_:/=,.@ -]{0,40}") {
            let read = Spelling::read(Tool::WORDS[tool].0, &text);
            let again = Spelling::read(Tool::WORDS[tool].0, &read.to_string());
            prop_assert_eq!(again, read);
        }
    }
}
