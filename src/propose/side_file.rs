//! A proposal as a side file, with comments for the person who finishes it.

use std::fmt::Write;

use super::{NameValues, Proposal, Template};

/// The text of `prc.toml`; `met` is the number of result files in the tree.
pub fn side_file(proposal: &Proposal, met: usize) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_side_file(&mut text, proposal, met);
    text
}

fn write_side_file(out: &mut String, proposal: &Proposal, met: usize) -> std::fmt::Result {
    let looked_at = if proposal.paths < met { format!(" ({} of them looked at)", proposal.paths) } else { String::new() };
    writeln!(
        out,
        "# Proposed from the paths of {met} result files{looked_at}. Replace each label.levelN by what it means: `experiment`, `host`,"
    )?;
    writeln!(out, "# `kernel`, ... or a name of your own. Everything below this directory is read by it.")?;
    writeln!(out, "layout = [")?;
    for template in &proposal.templates {
        write_template(out, template)?;
    }
    writeln!(out, "]")?;
    write_unread(out, proposal)?;
    writeln!(out)?;
    writeln!(out, "# The same for all files, if so:")?;
    writeln!(out, "# experiment = \"...\"")?;
    writeln!(out, "# tool = \"perf-6.1\"")?;
    writeln!(out, "# host = \"...\"")
}

fn write_template(out: &mut String, template: &Template) -> std::fmt::Result {
    writeln!(out, "    # Files: {}", template.paths)?;
    for name in &template.names {
        writeln!(out, "    #   {}: {}", name.name, listed(name))?;
    }
    writeln!(out, "    {},", quoted(&template.text))
}

fn listed(name: &NameValues) -> String {
    let shown: Vec<String> = name.values.iter().map(|value| plain(value)).collect();
    let more = name.distinct - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn write_unread(out: &mut String, proposal: &Proposal) -> std::fmt::Result {
    if proposal.unread == 0 {
        return Ok(());
    }
    writeln!(out, "# {} of {} paths are not read by this:", proposal.unread, proposal.paths)?;
    for (path, reason) in &proposal.first_unread {
        writeln!(out, "#   {}: {}", plain(path), plain(reason))?;
    }
    Ok(())
}

/// Text that stays on its line of a comment.
fn plain(text: &str) -> String {
    text.chars().flat_map(|c| if is_odd(c) { c.escape_default().collect() } else { vec![c] }).collect()
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => vec!['\\', c],
        c if is_odd(c) => format!("\\U{:08X}", u32::from(c)).chars().collect(),
        c => vec![c],
    };
    format!("\"{}\"", text.chars().flat_map(escape).collect::<String>())
}

/// Control characters, and marks of other scripts that change line or direction: they are written as escapes.
fn is_odd(c: char) -> bool {
    c.is_control() || !c.is_ascii() && !c.is_alphanumeric()
}
