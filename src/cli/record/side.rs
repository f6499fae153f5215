//! The side file of a recording: where its runs belong, in the words of `prc.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::Environment;
use crate::place::{Local, PlaceOptions};

/// The text of the side file: what was given, else what this machine says; what is unknown is left out.
pub(super) fn side_file(place: &PlaceOptions, date: &str, labels: &[(&str, String)]) -> String {
    let mut text = String::new();
    let here = place.local.clone().unwrap_or_default();
    let given = &place.given;
    string(&mut text, "experiment", given.experiment.as_deref());
    string(&mut text, "tool", given.tool.as_ref().map(ToString::to_string).as_deref());
    string(&mut text, "host", given.host.as_ref().or(here.host.as_ref()).map(String::as_str));
    string(&mut text, "date", Some(date));
    text.push_str("\n[environment]\n");
    environment(&mut text, &given.environment, &here);
    text.push_str("\n[labels]\n");
    let own = labels.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
    let all: BTreeMap<String, String> = here.labels.into_iter().chain(own).chain(given.labels.clone()).collect();
    for (key, value) in &all {
        string(&mut text, &format!("\"{key}\""), Some(value));
    }
    text
}

fn environment(text: &mut String, given: &Environment, here: &Local) {
    let here = &here.environment;
    let words = [
        ("arch", &given.arch, &here.arch),
        ("vendor", &given.vendor, &here.vendor),
        ("microarch", &given.microarch, &here.microarch),
        ("kernel", &given.kernel, &here.kernel),
        ("virt", &given.virt, &here.virt),
    ];
    let numbers = [
        ("family", given.family.or(here.family)),
        ("model", given.model.or(here.model)),
        ("stepping", given.stepping.or(here.stepping)),
    ];
    for (key, given, here) in words {
        string(text, key, given.as_ref().or(here.as_ref()).map(String::as_str));
    }
    for (key, number) in numbers.into_iter().filter_map(|(key, number)| Some((key, number?))) {
        let _ = writeln!(text, "{key} = {number}");
    }
}

/// A basic string of TOML; its escapes are those of JSON, and more characters need one.
fn string(text: &mut String, key: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    let _ = write!(text, "{key} = \"");
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push_str("\"\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Facts;

    #[test]
    fn what_was_given_stands_before_what_this_machine_says() {
        let environment = |arch: &str, model| Environment { arch: Some(arch.to_owned()), model, ..Environment::default() };
        let given = Facts {
            experiment: Some("a \"b\" \\ \n\u{7f}ü".to_owned()),
            environment: environment("riscv64", None),
            labels: [("dimm".to_owned(), "4GB".to_owned())].into(),
            ..Facts::default()
        };
        let host = Some("here".to_owned());
        let local = Some(Local { host, environment: environment("x86_64", Some(85)), ..Local::default() });
        let place = PlaceOptions { given, local, ..PlaceOptions::default() };
        let expected = "experiment = \"a \\\"b\\\" \\\\ \\u000A\\u007Fü\"\nhost = \"here\"\ndate = \"2026-11-22T20:41:07\"\n\n[environment]\narch = \"riscv64\"\n\
                        model = 85\n\n[labels]\n\"dimm\" = \"4GB\"\n\"exit_status\" = \"1\"\n";
        assert_eq!(side_file(&place, "2026-11-22T20:41:07", &[("exit_status", "1".to_owned())]), expected);
    }
}
