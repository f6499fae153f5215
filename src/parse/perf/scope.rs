//! The labels of rows that do not cover the whole run.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt, value};
use nom::error::Error;
use nom::{IResult, Parser};

use crate::model::ScopeKind;

/// What a label names; whatever is none of perf's own labels is `comm-pid`, the label of a thread.
pub(crate) fn kind_of(label: &str) -> ScopeKind {
    let cpu = value(ScopeKind::Cpu, (tag("CPU"), digit1));
    let node = value(ScopeKind::Node, (char('N'), digit1));
    let kind: IResult<&str, ScopeKind, Error<&str>> = all_consuming(alt((cpu, node, in_socket))).parse(label);
    kind.map_or(ScopeKind::Thread, |(_, kind)| kind)
}

/// `S0`, `S0-C3` (up to 5.2), `S0-D0`, `S0-D0-C3`, `S0-D0-CLS0`, `S0-D0-L3-ID0`.
fn in_socket(input: &str) -> IResult<&str, ScopeKind, Error<&str>> {
    let part = alt((
        value(ScopeKind::Cluster, (tag("-CLS"), digit1)),
        value(ScopeKind::Core, (tag("-C"), digit1)),
        value(ScopeKind::Cache, (tag("-L"), digit1, tag("-ID"), digit1)),
    ));
    let die = (tag("-D"), digit1);
    let (rest, (_, _, die, part)) = (char('S'), digit1, opt(die), opt(part)).parse(input)?;
    let outer = if die.is_some() { ScopeKind::Die } else { ScopeKind::Socket };
    Ok((rest, part.unwrap_or(outer)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_what_they_look_like() {
        for (label, kind) in [
            ("CPU12", ScopeKind::Cpu),
            ("N1", ScopeKind::Node),
            ("S0", ScopeKind::Socket),
            ("S0-C3", ScopeKind::Core),
            ("S0-D1", ScopeKind::Die),
            ("S0-D1-C10", ScopeKind::Core),
            ("S0-D0-CLS4", ScopeKind::Cluster),
            ("S0-D0-L3-ID8", ScopeKind::Cache),
            ("bash-123", ScopeKind::Thread),
            ("S0-123", ScopeKind::Thread),
            ("we\"ird, c-15175", ScopeKind::Thread),
        ] {
            assert_eq!(kind_of(label), kind, "{label}");
        }
    }
}
