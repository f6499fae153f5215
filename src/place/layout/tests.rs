mod brute;

use proptest::prelude::*;

use super::*;

fn read(template: &str, path: &str) -> Reading {
    template.parse::<Layout>().unwrap_or_else(|error| panic!("{error}")).read(path)
}

fn matched(values: &[(&str, &str)]) -> Reading {
    Reading::Matched(values.iter().map(|(name, text)| (Field::named(name).unwrap(), (*text).to_owned())).collect())
}

fn refused(template: &str, path: &str) -> String {
    match read(template, path) {
        Reading::Refused(reason) => reason,
        other => panic!("{template} on {path}: {other:?}"),
    }
}

/// The place and the reason of what is wrong with a template.
fn wrong(template: &str) -> (usize, String) {
    let error = template.parse::<Layout>().map(|_| panic!("{template} was taken")).unwrap_err();
    (error.at, error.reason)
}

#[test]
fn names_take_what_stands_in_their_place() {
    let nightly = "perfstat/{host}/{date}/{label.commit:[0-9a-f]{40}}/{label.variant:[^_]+}_{repeat}.perfstat.summary.bench";
    let commit = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(
        read(nightly, &format!("perfstat/turing/20220905_035040/{commit}/5.1.0+trunk+parallel_1.perfstat.summary.bench")),
        matched(&[
            ("host", "turing"),
            ("date", "20220905_035040"),
            ("commit", commit),
            ("variant", "5.1.0+trunk+parallel"),
            ("repeat", "1")
        ])
    );
    assert_eq!(read(nightly, "perfstat/turing/20220905_035040/x/y_1.perfstat.summary.bench"), Reading::NoMatch);
    assert_eq!(read("{experiment}.perf.{repeat}", "hpl.perf.7"), matched(&[("experiment", "hpl"), ("repeat", "7")]));
    assert_eq!(read("{experiment}.perf.{repeat}", "hpl.perf.x"), Reading::NoMatch);
    assert_eq!(read("{host}/{label.host}", "a/b"), matched(&[("host", "a"), ("label.host", "b")]));
    assert_eq!(read("{host}", "a/b"), Reading::NoMatch, "no value crosses a part");
    assert_eq!(read("{night:@date}/x", "2023-01-31/x"), matched(&[("night", "2023-01-31")]));
}

#[test]
fn wildcards_options_and_escapes() {
    let governor = "{host}[/{label.governor}]/run_{repeat}";
    assert_eq!(read(governor, "a/run_3"), matched(&[("host", "a"), ("repeat", "3")]));
    assert_eq!(read(governor, "a/powersave/run_3"), matched(&[("host", "a"), ("governor", "powersave"), ("repeat", "3")]));
    assert_eq!(read("**/{host}/*.perf.*", "x/y/z/a.perf.1"), matched(&[("host", "z")]));
    assert_eq!(read("**/{host}/*.perf.*", "z/.perf."), matched(&[("host", "z")]));
    assert_eq!(read("a/**/b", "a/b"), matched(&[]));
    assert_eq!(read("a/**/b", "a/x/y/b"), matched(&[]));
    assert_eq!(read("a/**", "a/x/y"), matched(&[]));
    assert_eq!(read("a/**", "a"), Reading::NoMatch);
    assert_eq!(read(r"\{a\}\[\*\]\\{b}?", r"{a}[*]\x?"), matched(&[("b", "x")]));
    let nested = "[[{a:[^_-]+}_]{b:[^_-]+}-]{c:[0-9]}";
    assert_eq!(read(nested, "x_y-1"), matched(&[("a", "x"), ("b", "y"), ("c", "1")]));
    assert_eq!(read(nested, "y-1"), matched(&[("b", "y"), ("c", "1")]));
    assert_eq!(read(nested, "1"), matched(&[("c", "1")]));
    assert_eq!(read("{a:[^_]+}.größe", "ä.größe"), matched(&[("a", "ä")]));
}

#[test]
fn a_regular_expression_is_held_against_the_whole_path() {
    let dimm = r"regex:(?P<memory>ddr[34])/(?P<host>[^/]+)/(?:(?P<label.dimm>\d+gb_[^/]+)/)?.*\.perf\.(?P<repeat>\d+)";
    assert_eq!(
        read(dimm, "ddr3/haswell-i5/4gb_crucial/hpl/hpl.perf.2"),
        Reading::Refused(
            "'regex:(?P<memory>ddr[34])/(?P<host>[^/]+)/(?:(?P<label.dimm>\\d+gb_[^/]+)/)?.*\\.perf\\.(?P<repeat>\\d+)' fits in \
             more than one way: label.dimm can be '4gb_crucial' or missing; let the group 'label.dimm' stand for less"
                .to_owned()
        )
    );
    assert_eq!(read(dimm, "ddr3/i5/hpl.perf.2"), matched(&[("memory", "ddr3"), ("host", "i5"), ("repeat", "2")]));
    assert_eq!(read(dimm, "x/ddr3/i5/hpl.perf.2"), Reading::NoMatch);
    assert_eq!(read("regex:a|(?P<x>b)", "b"), matched(&[("x", "b")]));
    assert_eq!(read("regex:a|(?P<x>b)", "bb"), Reading::NoMatch, "an alternation does not open the ends");
}

#[test]
fn two_readings_are_refused_and_both_are_shown() {
    assert_eq!(
        refused("{a}_{b}", "x_y_z"),
        "'{a}_{b}' fits in more than one way: a can be 'x' or 'x_y', b can be 'y_z' or 'z'; restrict it with a pattern, \
         such as {a:[^_]+}"
    );
    assert_eq!(read("{a:[^_]+}_{b}", "x_y_z"), matched(&[("a", "x"), ("b", "y_z")]));
    assert!(refused("[{host}/]*[/*]/x", "a/b/x").contains("host can be 'a' or missing"));
    // The first and the last way agree on x; the one between them does not.
    assert!(refused("*{a:[xy]}*", "xyx").contains("a can be"));
    assert_eq!(read("*{a:x}*", "xx"), matched(&[("a", "x")]), "one value, wherever it stands");
    assert_eq!(read("*-*/{a}", "x-y-z/q"), matched(&[("a", "q")]), "what has no name may be read in many ways");
    assert!(refused("regex:(?P<a>x|y)+", "xy").contains("a can be"));
}

#[test]
fn a_name_used_twice_holds_the_same_text() {
    let twice = "{workload}/log-{workload}-{label.code:[A-Z]+}.dat";
    assert_eq!(read(twice, "btree/log-btree-TLL.dat"), matched(&[("workload", "btree"), ("code", "TLL")]));
    assert_eq!(refused(twice, "btree/log-gups-TLL.dat"), "workload is 'btree' in one place and 'gups' in another");
}

#[test]
fn what_looks_like_a_value_and_is_none_is_refused() {
    assert_eq!(refused("{date}/x", "20231301/x"), "date '20231301' is no date");
    assert_eq!(refused("{night:@date}/x", "2023-02-30/x"), "night '2023-02-30' is no date");
    assert_eq!(refused("r{repeat}", "r99999999999"), "repeat '99999999999' is no number of at most 2147483647");
    assert_eq!(refused("{tool}/x", "my tool/x"), "tool 'my tool' is no tool, NAME or NAME-VERSION");
    assert_eq!(
        read("{family}-{model}-{stepping}", "6-158-10"),
        matched(&[("family", "6"), ("model", "158"), ("stepping", "10")])
    );
    assert_eq!(read("{family}-{model}", "6-x9e"), Reading::NoMatch);
}

#[test]
fn the_first_template_that_fits_is_meant_even_when_it_refuses() {
    let layouts = Layouts(["x/{host}", "{a}_{b}", "{any}"].map(|text| text.parse().unwrap()).to_vec());
    assert_eq!(layouts.read("x/q"), matched(&[("host", "q")]));
    assert_eq!(layouts.read("z"), matched(&[("any", "z")]));
    assert!(matches!(layouts.read("p_q_r"), Reading::Refused(_)));
    assert_eq!(layouts.read("p/q"), Reading::NoMatch);
}

#[test]
fn lines_are_held_against_text_patterns() {
    let line = |pattern: &str, line: &str| pattern.parse::<TextPattern>().unwrap().read(line);
    assert_eq!(line("===== PD {pd} =====", "===== PD 2 =====\r"), matched(&[("pd", "2")]));
    assert_eq!(
        line("Kernel: {label.kernel}", "  Kernel:\t /boot/vmlinuz 6.1 "),
        matched(&[("label.kernel", "/boot/vmlinuz 6.1")])
    );
    assert_eq!(line("SWEEP SIZE N = {n:[0-9]+}", "SWEEP SIZE N = 100"), matched(&[("n", "100")]));
    assert_eq!(line("* N = {n}", "SWEEP SIZE N = 100"), matched(&[("n", "100")]));
    assert_eq!(line("Kernel: {k}", "The Kernel: x"), Reading::NoMatch);
    assert!(matches!(line("{a} {b}", "x y z"), Reading::Refused(_)));
    assert_eq!(line("{a}", "  "), Reading::NoMatch);
    assert!("**".parse::<TextPattern>().is_err());
}

#[test]
fn mistakes_are_shown_where_they_are() {
    for (template, at, reason) in [
        ("a/{host", 2, "not closed"),
        ("a/{host:x{2}", 2, "not closed"),
        ("a}b", 1, "no '{' before"),
        ("a[b", 1, "not closed"),
        ("a]b", 1, "no '[' before"),
        ("a[]b", 2, "nothing stands"),
        ("ab\\", 2, "must follow"),
        ("{}", 1, "name is missing"),
        ("{label.}", 1, "name is missing"),
        ("{ho st}", 1, "' ' cannot be in a name"),
        ("x{größe}", 2, "cannot be in a name"),
        ("{Host}", 1, "write 'host'"),
        ("{a:}", 3, "must follow"),
        ("{a:@time}", 3, "only pattern with a name"),
        ("{a:[}", 3, "not valid"),
        ("{a:x(}", 4, "not valid"),
        ("{a:)(}", 3, "not valid"),
        ("{a:[0-9]*}", 3, "nothing at all"),
        ("{a:x/y}", 3, "no '/'"),
        ("{a:(?P<b>x)}", 3, "cannot be named"),
        ("/abs/{host}", 0, "without '/'"),
        ("./{host}", 0, "without '/'"),
        ("a**", 1, "whole parts"),
        ("a/***/b", 2, "whole parts"),
        ("a[/**]", 3, "whole parts"),
        ("{site}/{label.site}", 8, "was written 'site' before"),
        ("regex:(?P<a>x)(?P<a>y)", 18, "not valid"),
        ("regex:(?P<Host>x)", 10, "write 'host'"),
        ("regex:(?P<a[0]>x)", 10, "cannot be in a name"),
        ("{a:(((x{100}){100}){100}){100}}", 0, "too large"),
    ] {
        let (found, text) = wrong(template);
        assert!(found == at && text.contains(reason), "{template}: {found} {text}");
    }
    let error = "größe}".parse::<Layout>().unwrap_err();
    assert_eq!(error.caret(), "größe}\n     ^");
    assert!("x".repeat(5000).parse::<Layout>().is_err());
}

#[test]
fn a_restriction_stays_within_its_braces_and_its_part() {
    assert_eq!(read("{a:[^_]+}_{b}/{c}", "x/y_z/c"), Reading::NoMatch, "[^_] does not stand for '/' either");
    assert_eq!(read("{a:x|y}z", "yz"), matched(&[("a", "y")]));
    assert_eq!(read("{a:(?i)x}x", "Xx"), matched(&[("a", "X")]));
    assert_eq!(read("{a:(?i)x}x", "XX"), Reading::NoMatch, "a flag ends with its braces");
    assert_eq!(read("{a:(?x) x # note}x", "xx"), matched(&[("a", "x")]));
    assert_eq!(read("{a:(x)(y)}{b:[0-9]{2}}", "xy12"), matched(&[("a", "xy"), ("b", "12")]));
    assert_eq!(read(r"{a:\}}", "}"), matched(&[("a", "}")]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_reading_is_the_one_that_trying_everything_gives(parts in brute::parts(), longer in prop::collection::vec("[ab_/]{5,9}", 20)) {
        let template = brute::text(&parts);
        let layout = template.parse::<Layout>().map_err(|error| TestCaseError::fail(error.to_string()))?;
        for path in brute::all_paths(4).chain(longer) {
            let read = layout.read(&path);
            let expected = brute::readings(&parts, &path);
            let agrees = match &read {
                Reading::NoMatch => expected.is_empty(),
                Reading::Matched(values) => expected.len() == 1 && expected.iter().all(|only| brute::same(only, values)),
                Reading::Refused(_) => expected.len() > 1,
            };
            prop_assert!(agrees, "{template} on {path}: {read:?}, by trying everything {expected:?}");
        }
    }

    #[test]
    fn no_template_and_no_path_is_too_much(template in r"[ab/{}\[\]*\\:_@+?()|]{0,20}", path in "[ab/_]{0,12}") {
        if let Ok(layout) = template.parse::<Layout>() {
            layout.read(&path);
        }
        if let Ok(pattern) = template.parse::<TextPattern>() {
            pattern.read(&path);
        }
    }
}

#[test]
fn a_long_path_and_many_names_take_their_time_once() {
    let layout: Layout = "{a}_{b}_{c}_{d}_{e}_{f}_{g}_{h}".parse().unwrap();
    assert!(matches!(layout.read(&"x_".repeat(1000)), Reading::NoMatch | Reading::Refused(_)));
}
