//! Holds `compare` against what is known of the programs in `fixtures/lab`: `loop` executes 10 000 005 instructions in user mode, and the
//! medians below were computed by a script from the lines of the files.

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::{Db, on_both};

fn run(db: &Db, words: &[&str]) -> Output {
    let words = words.iter().copied().chain(["--db", &db.text]);
    Command::new(env!("CARGO_BIN_EXE_prc-etl")).args(words).output().expect("the program runs")
}

fn with_lab(test: impl Fn(&Db)) {
    on_both(|db| {
        let output = run(db, &["import", concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lab")]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        test(db);
    });
}

/// The rows of an answer, and what was said beside it.
fn answer(db: &Db, words: &[&str]) -> (Vec<Value>, String) {
    let output = run(db, &[&["compare", "--format", "json"], words].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}: {said}");
    (serde_json::from_slice(&output.stdout).expect("an array"), said)
}

/// The one row of an experiment that was compared.
fn compared<'r>(rows: &'r [Value], experiment: &str) -> &'r Value {
    let mut found =
        rows.iter().filter(|row| row["experiment"] == experiment && !row["median_a"].is_null() && !row["median_b"].is_null());
    let row = found.next().unwrap_or_else(|| panic!("{experiment}: {rows:#?}"));
    assert!(found.next().is_none(), "{experiment} is compared once");
    row
}

#[test]
fn perf_and_ocount_agree_on_the_instructions_of_user_mode_but_for_the_environment_that_perf_adds() {
    with_lab(|db| {
        let words = ["--a", "tool=perf", "--b", "tool=oprofile", "--class", "instructions", "--privilege", "user"];
        let (rows, _) = answer(db, &words);
        assert_eq!(rows.len(), 3);
        for (experiment, a, b, verdict) in [
            ("loop", 10_000_005.0, 10_000_005.0, "same"),
            ("memwalk", 6_089_316.0, 6_088_493.0, "same"),
            ("true", 14_981.0, 14_005.0, "same"),
        ] {
            let row = compared(&rows, experiment);
            assert_eq!((&row["n_a"], &row["n_b"]), (&8.into(), &8.into()), "{row}");
            assert_eq!((row["median_a"].as_f64(), row["median_b"].as_f64()), (Some(a), Some(b)), "A is perf and B is ocount");
            assert_eq!((row["shift"].as_f64(), &row["verdict"]), (Some(b - a), &verdict.into()), "{row}");
            assert_eq!(row["remark"].is_null(), experiment == "loop", "a shift that does not matter is told: {row}");
            assert_eq!(row["names"], "oprofile:INST_RETIRED:0x0:0:1 perf:instructions:u");
        }
        // Without a floor, 6.5 % of a tiny program are a difference.
        let (rows, _) = answer(db, &[&words[..], &["--floor", "0"]].concat());
        assert_eq!(
            (&compared(&rows, "true")["verdict"], &compared(&rows, "memwalk")["verdict"]),
            (&"different".into(), &"same".into())
        );
    });
}

#[test]
fn sides_are_not_swapped_whichever_has_more_rows() {
    with_lab(|db| {
        let words = |a, b| {
            answer(db, &["--a", a, "--b", b, "--class", "instructions", "--experiment", "memwalk", "--privilege", "user"]).0
        };
        let (forth, back) = (words("tool=perf", "tool=oprofile"), words("tool=oprofile", "tool=perf"));
        let (forth, back) = (compared(&forth, "memwalk"), compared(&back, "memwalk"));
        assert_eq!((&forth["median_a"], &forth["median_b"]), (&back["median_b"], &back["median_a"]));
        assert_eq!((forth["shift"].as_f64(), back["shift"].as_f64()), (Some(-823.0), Some(823.0)));
        assert_eq!(forth["adjusted_p"], back["adjusted_p"]);
    });
}

#[test]
fn counts_beside_other_events_are_apart_until_somebody_mixes_them() {
    with_lab(|db| {
        let words = [
            "--a",
            "label.variant=text-2ev",
            "--b",
            "label.variant=text",
            "--class",
            "instructions",
            "--experiment",
            "memwalk",
        ];
        let (rows, _) = answer(db, &words);
        assert_eq!(rows.len(), 2, "each side has a row of its own: {rows:#?}");
        for row in &rows {
            assert_eq!(row["verdict"], "not comparable");
            assert!(row["remark"].as_str().unwrap().starts_with("counted with other events: "), "{row}");
        }
        let (rows, _) = answer(db, &[&words[..], &["--mix", "together"]].concat());
        let row = compared(&rows, "memwalk");
        assert_eq!((row["median_a"].as_f64(), row["median_b"].as_f64()), (Some(13_041_314.0), Some(13_678_885.5)));
        assert_eq!(row["verdict"], "different");
    });
}

#[test]
fn user_mode_is_not_compared_with_user_mode_and_kernel() {
    with_lab(|db| {
        let words = ["--a", "label.variant=text-u", "--b", "label.variant=ocount", "--class", "cycles", "--experiment", "loop"];
        let (rows, _) = answer(db, &[&words[..], &["--by", "experiment,microarch,event"]].concat());
        assert!(rows.len() == 2 && rows.iter().all(|row| row["verdict"] == "not comparable"), "{rows:#?}");
        assert!(
            rows.iter().any(|row| row["remark"].as_str().unwrap().starts_with("user here, user+kernel there")),
            "{rows:#?}"
        );
    });
}

/// PAPI counts from constructor to destructor, perf the dynamic loader too; PAPI tells threads apart, of which there is one.
#[test]
fn papi_counts_user_mode_by_default() {
    with_lab(|db| {
        let words = [
            "--a",
            "tool=perf",
            "--b",
            "tool=papi",
            "--class",
            "instructions",
            "--experiment",
            "memwalk",
            "--privilege",
            "user",
        ];
        let (rows, _) = answer(db, &[&words[..], &["--mix", "scope"]].concat());
        let row = compared(&rows, "memwalk");
        assert_eq!((row["median_b"].as_f64(), row["shift"].as_f64()), (Some(6_019_231.0), Some(6_019_231.0 - 6_089_316.0)));
        assert_eq!(row["verdict"], "different");
    });
}

#[test]
fn two_events_are_compared_as_any_two_sides() {
    with_lab(|db| {
        let words = ["--a", "event=cycles:u", "--b", "event=instructions:u", "--tool", "perf"];
        let (rows, _) = answer(db, &words);
        // The emulated machine executes one instruction a cycle.
        assert!(rows.len() == 3 && rows.iter().all(|row| row["verdict"] == "same" && row["shift"] == 0.0), "{rows:#?}");
    });
}

/// One row for an experiment would hold cycles and instructions.
#[test]
fn events_are_not_mixed_whatever_rows_are_about() {
    with_lab(|db| {
        for sides in [["tool=perf", "tool=oprofile"], ["event=c*", "event=*"]] {
            let words = ["--a", sides[0], "--b", sides[1], "--privilege", "user", "--by", "experiment"];
            let (rows, _) = answer(db, &words);
            let events: Vec<&Value> =
                rows.iter().filter(|row| row["experiment"] == "loop").map(|row| &row["canonical"]).collect();
            assert!(events.contains(&&"armv8_pmuv3/0x11/".into()) && events.contains(&&"armv8_pmuv3/0x8/".into()), "{rows:#?}");
        }
    });
}

#[test]
fn what_cannot_be_asked_is_told() {
    with_lab(|db| {
        let (rows, said) = answer(db, &["--a", "tool=perf", "--b", "tool=oprofile", "--event", "cylces"]);
        assert!(rows.is_empty() && said.contains("the database has no event 'cylces'; the nearest: cycles"), "{said}");
        // On one side alone, too.
        for (side, field) in
            [(["--a", "tool=perf", "--b", "tool=nosuch"], "tool"), (["--a", "host=nosuch", "--b", "tool=perf"], "host")]
        {
            let (_, said) = answer(db, &side);
            assert!(said.contains(&format!("the database has no {field} 'nosuch'")), "{said}");
        }
        for (words, reason) in [
            (&["--b", "tool=perf"][..], "nothing says what belongs to side a"),
            (&["--a", "tol=perf", "--b", "tool=papi"], "do you mean tool?"),
            (&["--a", "tool=perf", "--b", "tool=papi", "--by", "value"], "nothing can be grouped by 'value'"),
            (&["--a", "tool=perf", "--not-a", "tool=perf", "--b", "tool=papi"], "both wanted and excluded"),
            (&["--a", "event=~L1(", "--b", "tool=papi"], "is no regular expression"),
            (&["--a", "tool=perf", "--b", "tool=papi", "--floor", "-1"], "write a number that is not negative"),
        ] {
            let output = run(db, &[&["compare"], words].concat());
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.code() == Some(2) && said.contains(reason), "{words:?}: {said}");
        }
    });
}
