//! Holds the invariants that the documentation of the crate promises: who may use whom, and where each library may appear.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "structure/scan.rs"]
mod scan;

use scan::{Token, crate_uses, tokens};

/// Which modules of the crate each of its top-level modules may use, beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ahead", &[]),
    ("model", &[]),
    ("machine", &["model"]),
    ("catalog", &["machine", "model"]),
    ("parse", &["machine", "model"]),
    ("place", &["machine", "model"]),
    ("source", &["model"]),
    ("stats", &[]),
    ("store", &["ahead", "model"]),
    ("pipeline", &["catalog", "source", "parse", "place", "store", "model"]),
    ("propose", &["machine", "place"]),
    ("question", &["catalog", "stats", "store", "model"]),
    ("judge", &["question", "stats", "store", "model"]),
    (
        "cli",
        &[
            "ahead", "catalog", "judge", "pipeline", "propose", "question", "stats", "source", "parse", "place", "store",
            "model",
        ],
    ),
];

/// Libraries that stay behind one module, so that each can be replaced in one place; flate2 also unpacks the tables of the catalogue.
const ONLY_UNDER: &[(&str, &[&str])] = &[
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("nom", &["parse"]),
    ("quick_xml", &["parse"]),
    ("rayon", &["pipeline", "question"]),
    ("crossbeam_channel", &["pipeline"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("csv_core", &["cli"]),
    ("globset", &["place"]),
    ("regex_automata", &["place"]),
    ("regex_syntax", &["place"]),
    ("toml", &["place", "judge"]),
    ("signal_hook", &["cli"]),
    ("tracing", &["cli"]),
    ("tracing_subscriber", &["cli"]),
    ("rustix", &["cli", "source"]),
    ("flate2", &["source", "catalog"]),
    ("bzip2", &["source"]),
    ("lzma_rust2", &["source"]),
    ("ruzstd", &["source"]),
    ("libm", &["stats"]),
    ("tar", &["source"]),
    ("zip", &["source"]),
];

/// Dependencies that only choose how a C library is built; no code names them.
const BUILD_SWITCHES: &[&str] = &["libsqlite3_sys", "pq_sys"];

const LONGEST_FILE: usize = 450;

/// A broken rule and its place.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

/// Every rule that one file under `src` breaks; `file` is its path below the package: `src/parse/perf.rs`.
fn check(file: &str, source: &str) -> Vec<Violation> {
    let module = module_of(file);
    let found = tokens(source);
    let mut broken = shape(file, source);
    broken.extend(directions(&module, &found));
    broken.extend(libraries(&module, &found));
    broken.extend(printing(&module, &found));
    broken.into_iter().map(|(line, rule)| Violation { file: file.to_owned(), line, rule }).collect()
}

/// `src/parse/perf.rs` is `["parse", "perf"]`; the roots of the library and of the program are empty.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    if matches!(path, "lib" | "main") { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Rules on the file itself; they hold for tests as well.
fn shape(file: &str, source: &str) -> Vec<(usize, String)> {
    let lines = source.lines().count();
    let mut broken = Vec::new();
    if lines > LONGEST_FILE {
        broken.push((lines, format!("a file has at most {LONGEST_FILE} lines, this one {lines}")));
    }
    // Under `tests`, a `name.rs` would be a test of its own.
    if file.starts_with("src/") && file.ends_with("/mod.rs") {
        broken.push((1, "a module is `name.rs` beside `name/`, never `mod.rs`".to_owned()));
    }
    broken
}

fn directions(module: &[String], found: &[Token]) -> Vec<(usize, String)> {
    let Some(top) = module.first() else { return Vec::new() };
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| name == top) else {
        return vec![(1, format!("`{top}` has no row in MAY_USE: decide which modules it may use"))];
    };
    crate_uses(found, module)
        .into_iter()
        .filter(|(_, used)| used != top && !allowed.contains(&used.as_str()))
        .map(|(line, used)| (line, format!("`{top}` must not use `crate::{used}`, only {allowed:?}")))
        .collect()
}

fn libraries(module: &[String], found: &[Token]) -> Vec<(usize, String)> {
    let top = module.first().map_or("the crate's root", String::as_str);
    let named = |name: &str| named_crates(found).filter(|token| token.text == name).map(|token| token.line).collect::<Vec<_>>();
    ONLY_UNDER
        .iter()
        .filter(|(_, homes)| !homes.contains(&top))
        .flat_map(|(name, homes)| {
            let homes = homes.join("` and `");
            named(name).into_iter().map(move |line| (line, format!("`{name}` is used only under `{homes}`")))
        })
        .collect()
}

/// Tokens that begin a path or are imported whole: `x::`, `use x;`, `x as y`.
fn named_crates(found: &[Token]) -> impl Iterator<Item = &Token> {
    let text = |at: Option<usize>| at.and_then(|at| found.get(at)).map_or("", |token| token.text.as_str());
    found.iter().enumerate().filter_map(move |(at, token)| {
        let (before, after) = (text(at.checked_sub(1)), text(Some(at + 1)));
        let absolute = before != "::" || text(at.checked_sub(2)) == "use";
        let begins = after == "::" || after == "as" || matches!(before, "use" | "crate") && after == ";";
        (absolute && begins).then_some(token)
    })
}

fn printing(module: &[String], found: &[Token]) -> Vec<(usize, String)> {
    if module.first().is_some_and(|top| top == "cli") {
        return Vec::new();
    }
    let prints = |pair: &&[Token]| match pair[1].text.as_str() {
        "!" => matches!(pair[0].text.as_str(), "println" | "eprintln" | "print" | "eprint" | "dbg"),
        "(" => matches!(pair[0].text.as_str(), "stdout" | "stderr"),
        _ => false,
    };
    let rule = |pair: &[Token]| (pair[0].line, format!("`{}` belongs in `cli`: nothing else prints", pair[0].text));
    found.windows(2).filter(prints).map(rule).collect()
}

/// Names of the crates in `[dependencies]`, as code writes them, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut names = Vec::new();
    for (at, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[dependencies]";
        } else if inside && !line.starts_with([' ', '#']) {
            names.extend(line.split_once(" = ").map(|(name, _)| (at + 1, name.replace('-', "_"))));
        }
    }
    names
}

/// Rules on Cargo.toml, given every token of the crate.
fn check_manifest(manifest: &str, found: &[Token]) -> Vec<Violation> {
    let listed = dependencies(manifest);
    let violation = |line, rule| Violation { file: "Cargo.toml".to_owned(), line, rule };
    let unused = listed
        .iter()
        .filter(|(_, name)| !BUILD_SWITCHES.contains(&name.as_str()))
        .filter(|(_, name)| !named_crates(found).any(|token| token.text == *name))
        .map(|(line, name)| violation(*line, format!("no code names the dependency `{name}`")));
    let stale = ONLY_UNDER
        .iter()
        .filter(|(name, _)| !listed.iter().any(|(_, dependency)| dependency == name))
        .map(|(name, _)| violation(1, format!("`{name}` has a rule and is no dependency (renamed?)")));
    let unsafe_code =
        (!manifest.contains("unsafe_code = \"forbid\"")).then(|| violation(1, "`unsafe_code` is forbidden".to_owned()));
    unused.chain(stale).chain(unsafe_code).collect()
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder of the package, sorted, as (path below the package, content).
fn rust_files(folder: &str) -> Vec<(String, String)> {
    let mut pending: Vec<PathBuf> = vec![package().join(folder)];
    let mut files = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(
                fs::read_dir(&path).expect("a folder of the package").map(|entry| entry.expect("a file of the package").path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(package()).expect("the walk began there").to_str().expect("a plain name").to_owned();
            files.push((name, fs::read_to_string(&path).expect("a readable file")));
        }
    }
    files.sort();
    files
}

fn assert_none(broken: &[Violation]) {
    let lines: Vec<String> = broken.iter().map(Violation::to_string).collect();
    assert!(lines.is_empty(), "{} broken rules:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn the_crate_keeps_its_directions() {
    let files = rust_files("src");
    assert!(files.len() > MAY_USE.len(), "src was not found");
    assert_none(&files.iter().flat_map(|(file, source)| check(file, source)).collect::<Vec<_>>());
}

#[test]
fn every_dependency_is_used_and_every_rule_names_one() {
    let manifest = fs::read_to_string(package().join("Cargo.toml")).unwrap();
    let found: Vec<Token> = rust_files("src").iter().flat_map(|(_, source)| tokens(source)).collect();
    assert_none(&check_manifest(&manifest, &found));
}

#[test]
fn test_files_are_short() {
    let broken = |(file, source): &(String, String)| {
        let place = |(line, rule)| Violation { file: file.clone(), line, rule };
        shape(file, source).into_iter().map(place).collect::<Vec<_>>()
    };
    assert_none(&rust_files("tests").iter().flat_map(broken).collect::<Vec<_>>());
}

/// The places and rules that a snippet breaks, as text.
fn broken(file: &str, source: &str) -> Vec<String> {
    check(file, source).iter().map(Violation::to_string).collect()
}

#[test]
fn a_use_against_the_direction_is_found_in_every_form() {
    let rule = |line, used: &str| {
        vec![format!("src/parse/x.rs:{line}: `parse` must not use `crate::{used}`, only [\"machine\", \"model\"]")]
    };
    for (source, line, used) in [
        ("use crate::store;", 1, "store"),
        ("\nuse crate::store::{Db, open};", 2, "store"),
        ("use crate::{model::Run, source::Walk};", 1, "source"),
        ("use crate::{\n    model::{Run, Tally},\n    cli,\n};", 3, "cli"),
        ("fn f() -> crate::store::Db { todo() }", 1, "store"),
        ("use super::super::store::Db;", 1, "store"),
        ("mod tests {\n    use super::super::super::store;\n}", 2, "store"),
        ("pub(in crate::pipeline) fn f() {}", 1, "pipeline"),
        ("use crate::*;", 1, "*"),
    ] {
        assert_eq!(broken("src/parse/x.rs", source), rule(line, used), "{source}");
    }
    assert_eq!(broken("src/model/run.rs", "use crate::parse::x;").len(), 1);
    assert_eq!(broken("src/place.rs", "use crate::store::x;").len(), 1);
    assert_eq!(broken("src/pipeline.rs", "use crate::cli::x;").len(), 1);
    assert_eq!(broken("src/place.rs", "use super::store::x;").len(), 1);
}

#[test]
fn a_use_along_the_direction_passes() {
    for (file, source) in [
        ("src/parse/x.rs", "use crate::model::{Run, Tally};\nuse crate::parse::lines;\nuse super::lines::Line;"),
        ("src/parse/perf/x.rs", "use super::super::lines::Line;\nmod tests { use super::super::store; }"),
        ("src/pipeline/plan.rs", "use crate::{model, parse, place, source, store};"),
        ("src/cli/show.rs", "use crate::{pipeline, store}; fn f() { stdout(); }"),
        ("src/parse/x.rs", "// use crate::store;\n/* crate::store /* */ diesel:: */ const A: &str = \"crate::store\";"),
        ("src/parse/x.rs", "const A: &str = r#\"\"crate::store\"#; fn f<'a>(c: &'a str) -> char { '\"' }"),
        ("src/parse/x.rs", "pub(crate) fn diesel(nom: u8) { nom::number(); }"),
        ("src/main.rs", "fn main() { prc_etl::cli::main() }"),
    ] {
        assert_eq!(broken(file, source), Vec::<String>::new(), "{source}");
    }
}

#[test]
fn a_library_outside_its_home_is_found() {
    for (source, name) in [
        ("use diesel::prelude::*;", "diesel"),
        ("#[derive(diesel::Insertable)] struct A;", "diesel"),
        ("use ::rayon::prelude;", "rayon"),
        ("use crossbeam_channel as channel;", "crossbeam_channel"),
        ("extern crate clap;", "clap"),
    ] {
        let found = broken("src/parse/x.rs", source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert!(found[0].starts_with(&format!("src/parse/x.rs:1: `{name}` is used only under")), "{found:?}");
    }
    assert_eq!(broken("src/lib.rs", "use nom::IResult;").len(), 1);
    assert_eq!(broken("src/store/sqlite.rs", "use diesel::prelude::*;").len(), 0);
}

#[test]
fn printing_long_files_and_mod_rs_are_found() {
    assert_eq!(broken("src/store/x.rs", "fn f() { println!(\"a\"); eprint!(\"b\"); std::io::stderr().lock(); }").len(), 3);
    assert_eq!(broken("src/store/x.rs", &"\n".repeat(LONGEST_FILE + 1)).len(), 1);
    assert_eq!(broken("src/store/mod.rs", "").len(), 1);
    assert_eq!(broken("src/shiny.rs", ""), ["src/shiny.rs:1: `shiny` has no row in MAY_USE: decide which modules it may use"]);
}

#[test]
fn an_unused_or_renamed_dependency_is_found() {
    let each = |line: fn(&str) -> String| ONLY_UNDER.iter().map(|(name, _)| line(name)).collect::<Vec<_>>().join("\n");
    let rules = each(|name| format!("{name} = \"1\""));
    let uses = each(|name| format!("use {name}::x;"));
    let manifest = format!("[dependencies]\n{rules}\nspare-part = \"1\"\n[lints.rust]\nunsafe_code = \"forbid\"\n");
    let found: Vec<String> = check_manifest(&manifest, &tokens(&uses)).iter().map(Violation::to_string).collect();
    let line = ONLY_UNDER.len() + 2;
    assert_eq!(found, [format!("Cargo.toml:{line}: no code names the dependency `spare_part`")]);
    assert_eq!(check_manifest("", &tokens(&uses)).len(), ONLY_UNDER.len() + 1);
}
