//! What people say of results: it wins, it outlives what it is about, and nothing of it is lost; the same in both databases.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;
#[path = "support/tree.rs"]
#[expect(dead_code, reason = "this file needs a part of it")]
mod tree;

use serde_json::{Value, json};
use support::{Db, on_both};
use tree::{Output, Tree, output};

/// Two counters and a metric beside the first.
const LOG: &str = "
 Performance counter stats for './prog':

         1,000,000      cycles                           #    1.500 GHz
     <not counted>      cache-misses

       0.001000000 seconds time elapsed

";

fn prc(tree: &Tree, db: &Db, arguments: &[&str]) -> Output {
    let mut command = tree.command(arguments);
    output(command.env("PRC_DATABASE_URL", &db.text).env("USER", "ada").env_remove("PRC_AUTHOR"))
}

fn done(tree: &Tree, db: &Db, arguments: &[&str]) -> String {
    let output = prc(tree, db, arguments);
    assert_eq!(output.status, 0, "{arguments:?}: {}", output.stderr);
    output.stdout
}

fn rows(tree: &Tree, db: &Db, arguments: &[&str]) -> Vec<Value> {
    serde_json::from_str(&done(tree, db, &[arguments, &["--format", "json"]].concat())).unwrap()
}

/// One number of each item of `trust explain`.
fn explained(tree: &Tree, db: &Db, place: &str, event: &str, item: &str) -> Option<Value> {
    let steps = rows(tree, db, &["trust", "explain", place]);
    steps.into_iter().find(|step| step["event"] == event && step["item"] == item)
}

/// `a.txt` and its copy `b.txt`, loaded.
fn loaded(db: &Db) -> Tree {
    db.open();
    let tree = Tree::new();
    tree.file("a.txt", LOG).file("b.txt", LOG);
    done(&tree, db, &["import", "results", "--experiment", "sort"]);
    tree
}

const SET: [&str; 7] = ["trust", "set", "a.txt:4", "0.1", "--kind", "count", "--reason"];

fn set(tree: &Tree, db: &Db) {
    assert_eq!(done(tree, db, &[&SET[..], &["swapping"]].concat()), "trust 0.1 for 1 result\n");
}

#[test]
fn what_a_person_says_wins_and_is_told_with_author_and_reason() {
    on_both(|db| {
        let tree = loaded(db);
        assert!(rows(&tree, db, &["suspects"]).is_empty());
        let auto = explained(&tree, db, "a.txt:4", "cycles", "trust").unwrap()["number"].clone();
        set(&tree, db);
        let suspects = rows(&tree, db, &["suspects"]);
        assert_eq!(suspects.len(), 1, "neither the copy of the file nor the metric beside was judged: {suspects:?}");
        let suspect = &suspects[0];
        assert_eq!((&suspect["path"], &suspect["trust"], &suspect["manual"]), (&json!("a.txt"), &json!(0.1), &json!(0.1)));
        assert_eq!(
            (&suspect["auto"], &suspect["band"], &suspect["reasons"]),
            (&auto, &json!("suspicious"), &json!("ada says: swapping"))
        );
        let step = |item| explained(&tree, db, "a.txt:4", "cycles", item).unwrap();
        assert_eq!((&step("trust")["number"], &step("auto")["number"]), (&json!(0.1), &auto));
        let text = step("manual")["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with("swapping (ada, 20"), "{text}");
        let of_view =
            "SELECT COUNT(*) FROM v_results WHERE trust_manual = 0.1 AND trust = 0.1 AND path = 'a.txt' AND event = 'cycles'";
        assert_eq!(db.number(of_view), 1);
        assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_manual IS NOT NULL"), 1);
    });
}

#[test]
fn the_author_is_the_one_that_was_named_before_the_user() {
    on_both(|db| {
        let tree = loaded(db);
        let given = |place: &str, author: Option<&str>, variables: &[(&str, &str)]| {
            let mut arguments = vec!["trust", "set", place, "0.5", "--kind", "count", "--reason", "x"];
            arguments.extend(author.iter().flat_map(|name| ["--author", name]));
            let mut command = tree.command(&arguments);
            command.env("PRC_DATABASE_URL", &db.text).env_remove("USER").env_remove("LOGNAME").env_remove("PRC_AUTHOR");
            assert_eq!(output(command.envs(variables.iter().copied())).status, 0);
            let rows = rows(&tree, db, &["trust", "list"]);
            rows.iter().find(|row| place.starts_with(row["path"].as_str().unwrap())).unwrap()["author"].clone()
        };
        let all = [("USER", "ada"), ("LOGNAME", "bob"), ("PRC_AUTHOR", "eve")];
        assert_eq!(given("a.txt:4", Some("dan"), &all), "dan");
        assert_eq!(given("a.txt:4", None, &all), "eve");
        assert_eq!(given("a.txt:4", None, &all[..2]), "ada");
        assert_eq!(given("a.txt:4", None, &[("USER", ""), ("LOGNAME", "bob")]), "bob");
    });
}

#[test]
fn no_trust_at_all_is_suspicious_and_not_void() {
    on_both(|db| {
        let tree = loaded(db);
        done(&tree, db, &["trust", "set", "a.txt:4", "0", "--kind", "count", "--reason", "swapping"]);
        assert_eq!(rows(&tree, db, &["suspects"])[0]["band"], "suspicious");
    });
}

#[test]
fn a_later_verdict_takes_the_place_and_a_cleared_one_stays_on_record() {
    on_both(|db| {
        let tree = loaded(db);
        set(&tree, db);
        let second = ["trust", "set", "a.txt:4", "0.9", "--kind", "count", "--reason", "was not", "--author", "bob"];
        assert_eq!(done(&tree, db, &second), "trust 0.9 for 1 result, instead of 1 earlier verdict\n");
        let standing = rows(&tree, db, &["trust", "list"]);
        assert_eq!(standing.len(), 1);
        assert_eq!(
            (&standing[0]["trust"], &standing[0]["author"], &standing[0]["line"]),
            (&json!(0.9), &json!("bob"), &json!(4))
        );
        assert_eq!(done(&tree, db, &["trust", "clear", "a.txt:4", "--author", "eve"]), "cleared 1 verdict\n");
        assert!(rows(&tree, db, &["trust", "list"]).is_empty());
        let all = rows(&tree, db, &["trust", "list", "--all"]);
        let by: Vec<_> = all.iter().map(|row| (row["state"].as_str().unwrap(), row["cleared_by"].as_str().unwrap())).collect();
        assert_eq!(by, [("cleared", "bob"), ("cleared", "eve")]);
        assert_eq!(prc(&tree, db, &["trust", "clear", "a.txt:4"]).status, 1, "there is none any more");
        assert!(rows(&tree, db, &["suspects"]).is_empty());
    });
}

#[test]
fn a_verdict_outlives_its_import_and_counts_again_for_the_same_number() {
    on_both(|db| {
        let tree = loaded(db);
        set(&tree, db);
        done(&tree, db, &["imports", "undo", "1"]);
        let told = prc(&tree, db, &["trust", "list"]);
        assert!(told.stderr.contains("1 verdict on numbers that are not there now"), "{}", told.stderr);
        assert_eq!(rows(&tree, db, &["trust", "list", "--all"])[0]["state"], "orphaned");
        assert_eq!(prc(&tree, db, &["trust", "clear", "--orphaned", "--path", "a.txt"]).status, 2);
        assert_eq!(prc(&tree, db, &["trust", "clear", "--orphaned", "--yes-all", "0"]).status, 2);
        done(&tree, db, &["import", "results", "--experiment", "other"]);
        assert_eq!(prc(&tree, db, &["trust", "clear", "--orphaned"]).status, 1, "there is none any more");
        assert_eq!(rows(&tree, db, &["trust", "list"]).len(), 1);
        assert_eq!(rows(&tree, db, &["suspects"])[0]["manual"], json!(0.1));
        // What a newer parser might do to the row.
        let other = "form_id = (SELECT MAX(form_id) FROM forms WHERE spelling_id IN \
                     (SELECT spelling_id FROM spellings WHERE text = 'cache-misses'))";
        for change in ["value = 7", "line = 5", other] {
            let one = "run_id = (SELECT run_id FROM v_runs WHERE path = 'a.txt') AND ordinal = 0";
            db.execute(&format!(
                "CREATE TABLE kept AS SELECT * FROM results WHERE {one}; UPDATE results SET {change} WHERE {one};"
            ));
            assert_eq!(rows(&tree, db, &["trust", "list", "--all"])[0]["state"], "orphaned", "{change}");
            assert!(rows(&tree, db, &["suspects"]).iter().all(|row| row["manual"].is_null()), "{change}");
            assert_eq!(db.number("SELECT COUNT(*) FROM v_results WHERE trust_manual IS NOT NULL"), 0, "{change}");
            db.execute(&format!("DELETE FROM results WHERE {one}; INSERT INTO results SELECT * FROM kept; DROP TABLE kept;"));
        }
        assert_eq!(rows(&tree, db, &["trust", "list"]).len(), 1);
        done(&tree, db, &["imports", "undo", "2"]);
        assert_eq!(done(&tree, db, &["trust", "clear", "--orphaned"]), "cleared 1 verdict\n");
    });
}

#[test]
fn a_line_means_its_counter_with_the_metric_beside_it() {
    on_both(|db| {
        let tree = loaded(db);
        assert_eq!(done(&tree, db, &["trust", "set", "a.txt:4", "0.5", "--reason", "x"]), "trust 0.5 for 2 results\n");
        let kinds: Vec<Value> = rows(&tree, db, &["trust", "list"]).iter().map(|row| row["kind"].clone()).collect();
        assert_eq!(kinds, ["count", "metric"]);
        assert_eq!(done(&tree, db, &["trust", "clear", "a.txt:4"]), "cleared 2 verdicts\n");
    });
}

#[test]
fn what_lacks_something_or_changes_too_much_is_refused_and_changes_nothing() {
    on_both(|db| {
        let tree = loaded(db);
        let refused = |arguments: &[&str], says: &str| {
            let output = prc(&tree, db, &[&["trust"], arguments].concat());
            assert!(output.status == 2 && output.stderr.contains(says), "{arguments:?}: {} {}", output.status, output.stderr);
        };
        for value in ["1.1", "-0.1", "NaN", "much"] {
            refused(&["set", "a.txt:4", value, "--reason", "x"], "trust is a number from 0 to 1");
        }
        refused(&["set", "a.txt:4", "0.5"], "--reason");
        refused(&["set", "a.txt:4", "0.5", "--reason", " "], "without a reason");
        refused(&["set", "a.txt:4", "0.5", "--reason", "x", "--author", ""], "who gives the verdict");
        refused(&["set", "0.5", "--reason", "x"], "nothing says which results");
        refused(&["set", "a.txt", "0.5", "--reason", "x"], "PATH:LINE");
        refused(&["set", "--experiment", "sort", "0.5", "--reason", "x", "--yes-all", "3"], "4 results fit");
        let mut nobody = tree.command(&["trust", "set", "a.txt:4", "0.5", "--reason", "x"]);
        let nobody =
            output(nobody.env("PRC_DATABASE_URL", &db.text).env_remove("USER").env_remove("LOGNAME").env_remove("PRC_AUTHOR"));
        assert!(nobody.status == 2 && nobody.stderr.contains("PRC_AUTHOR"), "{}", nobody.stderr);
        assert_eq!(db.number("SELECT COUNT(*) FROM verdicts"), 0);

        assert_eq!(prc(&tree, db, &["trust", "set", "a.txt:3", "0.5", "--reason", "x"]).status, 1);
        // A line without a number has nothing to believe.
        let empty = prc(&tree, db, &["trust", "set", "a.txt:5", "0.5", "--reason", "x"]);
        assert!(empty.status == 1 && empty.stderr.contains("1 result without a number"), "{}", empty.stderr);
        let all = ["trust", "set", "--experiment", "sort", "0.5", "--reason", "x", "--yes-all", "4"];
        assert_eq!(done(&tree, db, &all), "trust 0.5 for 4 results\n");
        refused(&["clear", "--experiment", "sort"], "4 results fit");
        assert_eq!(done(&tree, db, &["trust", "clear", "--event", "cycles", "--yes-all", "9"]), "cleared 2 verdicts\n");
        assert_eq!(rows(&tree, db, &["trust", "list"]).len(), 2);
    });
}

/// Median of the group that a question answers with, and what it said beside.
fn median(tree: &Tree, db: &Db, options: &[&str]) -> (Value, String) {
    let output = prc(tree, db, &[&["stats", "--kind", "count", "--format", "json"], options].concat());
    assert_eq!(output.status, 0, "{}", output.stderr);
    let rows: Vec<Value> = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    (rows[0]["median"].clone(), output.stderr)
}

/// Ten good runs and one doubled count, of whose coefficient `tests/trust.rs` has the arithmetic (0.31).
fn with_an_outlier(db: &Db) -> Tree {
    db.open();
    let tree = Tree::new();
    for (number, count) in [1, 3, 5, 7, 9, 2, 4, 6, 8, 1000].into_iter().enumerate() {
        tree.file(
            format!("{number}.csv"),
            format!("{},,instructions:u,1000000,100.00,,\n<not counted>,,cycles:u,0,0.00,,\n", 1000 + count),
        );
    }
    done(&tree, db, &["import", "results", "--experiment", "sort"]);
    tree
}

#[test]
fn what_has_too_little_trust_is_left_out_of_every_question_and_counted() {
    on_both(|db| {
        let tree = with_an_outlier(db);
        let all = ["--event", "instructions:u"];
        assert_eq!(median(&tree, db, &all), (json!(1005.5), String::new()), "the program alone leaves nothing out unasked");
        let told = |number| format!("prc-etl: left out: {number} with less trust than 0.5\n");
        let least = |more: &[&'static str]| [&all[..], &["--min-trust", "0.5"], more].concat();
        assert_eq!(median(&tree, db, &least(&[])), (json!(1005.0), told("1 result")));
        // Only what is asked for counts, and it is judged by all of its experiment.
        assert_eq!(median(&tree, db, &least(&["--value", "<1005"])), (json!(1002.5), told("0 results")));
        for question in [
            &["show", "results"][..],
            &["stability"],
            &["trend"],
            &["compare", "--a", "value=<1006", "--b", "value=>1005", "--threshold", "5"],
        ] {
            let output = prc(&tree, db, &[question, &least(&[])].concat());
            assert_eq!((output.status, output.stderr.contains(&told("1 result"))), (0, true), "{question:?} {}", output.stderr);
            assert_eq!(prc(&tree, db, &[question, &all[..], &["--min-trust", "1.5"]].concat()).status, 2);
        }
        let listed = rows(&tree, db, &["show", "results", "--min-trust", "0.5"]);
        assert_eq!(listed.len(), 19, "what has no number has nothing that could be believed");
        assert!(listed.iter().all(|row| row["value"] != json!(2000)));
    });
}

#[test]
fn what_people_call_suspicious_is_left_out_unless_they_say_otherwise() {
    on_both(|db| {
        let tree = with_an_outlier(db);
        let all = ["--event", "instructions:u"];
        done(&tree, db, &["trust", "set", "0.csv:1", "0.4", "--reason", "wrong input"]);
        done(&tree, db, &["trust", "set", "9.csv:1", "0.5", "--reason", "as it should be"]);
        let (without, told) = median(&tree, db, &all);
        assert_eq!(without, json!(1006.0));
        assert!(told.contains("left out: 1 result that people gave less trust than 0.5; --min-trust 0"), "{told}");
        let taken = |least| median(&tree, db, &[&all[..], &["--min-trust", least]].concat()).0;
        assert_eq!((taken("0"), taken("0.5")), (json!(1005.5), json!(1006.0)), "a verdict of 0.5 lifts the outlier");
        assert_eq!(rows(&tree, db, &["show", "results"]).len(), 20, "a listing lists");
    });
}
