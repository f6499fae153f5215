//! The command that is meant where none is named: `prc-etl ./results/` imports.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::escape::escaped;
use super::exit::Usage;
use crate::store::query::selection::nearest;

/// Words that are no path although no command is named so.
const NOT_IMPLYING: [&str; 5] = ["help", "-h", "--help", "-V", "--version"];

/// Puts `import` before arguments that begin with no command.
///
/// # Errors
/// What would be imported has the name of a command, or nearly so and is not there: a command was meant, and nothing may be loaded.
pub(super) fn with_import(cli: &clap::Command, mut arguments: Vec<OsString>) -> Result<Vec<OsString>, Usage> {
    let is_command = |word: &str| cli.find_subcommand(word).is_some();
    let begins = arguments.get(1).map(|word| word.to_string_lossy());
    if begins.is_none_or(|word| is_command(&word) || NOT_IMPLYING.contains(&&*word)) {
        return Ok(arguments);
    }
    match first_path(cli, &arguments[1..]) {
        Some(word) if is_command(&word) || word == "help" => return Err(late(&word)),
        Some(word) => not_mistyped(cli, &word)?,
        None => {}
    }
    arguments.insert(1, "import".into());
    Ok(arguments)
}

fn late(command: &str) -> Usage {
    Usage(format!(
        "'{command}' is a command, and its options come after it: `prc-etl {command} ...`; a file or directory of that name is \
         imported by `prc-etl ./{command}`"
    ))
}

fn not_mistyped(cli: &clap::Command, word: &str) -> Result<(), Usage> {
    let is_word = word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_missing = || Path::new(word).symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
    if !is_word || !is_missing() {
        return Ok(());
    }
    match nearest(word, cli.get_subcommands().map(clap::Command::get_name)).first() {
        Some(meant) => {
            Err(Usage(format!("there is neither a command nor a file '{}'; did you mean `prc-etl {meant}`?", escaped(word))))
        }
        None => Ok(()),
    }
}

/// The first word that is neither an option nor the value of one. What follows `--` is a path on purpose.
fn first_path(cli: &clap::Command, words: &[OsString]) -> Option<String> {
    let mut words = words.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        match word.strip_prefix("--") {
            Some("") => return None,
            Some(name) if takes_next_word(cli, name) => drop(words.next()),
            None if word == "-" || !word.starts_with('-') => return Some(word.into_owned()),
            // One with its value behind `=`, or a switch.
            _ => {}
        }
    }
    None
}

/// Whether the word after an option is its value: in `import` if that has the option, else in any command.
fn takes_next_word(cli: &clap::Command, option: &str) -> bool {
    fn of(command: &clap::Command, option: &str) -> Option<bool> {
        let own = command.get_arguments().find(|argument| argument.get_long() == Some(option));
        let takes = |argument: &clap::Arg| argument.get_action().takes_values() && !argument.is_require_equals_set();
        own.map(takes).or_else(|| command.get_subcommands().find_map(|command| of(command, option)))
    }
    cli.find_subcommand("import").and_then(|import| of(import, option)).or_else(|| of(cli, option)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Cli;
    use super::*;

    fn completed(words: &[&str]) -> Result<Vec<OsString>, String> {
        with_import(&Cli::command(), words.iter().map(OsString::from).collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn arguments_without_a_command_are_imported() {
        for words in [
            &["prc-etl", "./results/"][..],
            &["prc-etl", "--dry-run", "a"],
            &["prc-etl", "-"],
            &["prc-etl", "./show"],
            &["prc-etl", "--db", "show", "a"],
            &["prc-etl", "--lock", "a", "show"],
            &["prc-etl", "--", "show"],
            &["prc-etl", "no-such-directory-here"],
            &["prc-etl", "shwo.d"],
        ] {
            let mut expected: Vec<OsString> = words.iter().map(OsString::from).collect();
            expected.insert(1, "import".into());
            assert_eq!(completed(words), Ok(expected));
        }
        for words in [&["prc-etl"][..], &["prc-etl", "show", "runs"], &["prc-etl", "--help"], &["prc-etl", "import", "show"]] {
            assert_eq!(completed(words), Ok(words.iter().map(OsString::from).collect()));
        }
    }

    #[test]
    fn a_command_behind_options_and_a_mistyped_one_are_no_paths() {
        for (words, told) in [
            (&["prc-etl", "--db", "v.db", "show", "runs"][..], "`prc-etl show ...`"),
            (&["prc-etl", "--db=v.db", "imports", "undo", "2"], "`prc-etl imports ...`"),
            (&["prc-etl", "--limit", "5", "-q", "show", "runs"], "`prc-etl ./show`"),
            (&["prc-etl", "--lock", "show"], "'show' is a command"),
            (&["prc-etl", "shwo", "results"], "did you mean `prc-etl show`?"),
            (&["prc-etl", "stat", "--class", "cycles"], "did you mean `prc-etl stats`?"),
            (&["prc-etl", "--db", "v.db", "stat"], "did you mean `prc-etl stats`?"),
        ] {
            let error = completed(words).unwrap_err();
            assert!(error.contains(told), "{words:?}: {error}");
        }
    }
}
