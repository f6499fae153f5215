use super::*;

fn read(text: &str) -> Document<'_> {
    documents(text, |_| true).swap_remove(0)
}

/// The document in a notation of its own: `key=value`, with members between round brackets.
fn shown(members: &[Member<'_>]) -> String {
    let one = |member: &Member<'_>| match &member.value {
        Value::Leaf(text) => format!("{}={text}", member.key),
        Value::Members(members) => format!("{}({})", member.key, shown(members)),
    };
    members.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn faults(document: &Document<'_>) -> Vec<(u32, u32)> {
    document.faults.iter().map(|fault| (fault.place.line, fault.place.column)).collect()
}

#[test]
fn members_are_read_with_their_lines_however_they_are_laid_out() {
    let spread = "{\n \"a\":\"1\",\r\n \"b\": {\n  \"c::d\" : 2.5\n },\n \"e\":[\n  {\n   \"f\":\"g, h\"\n  }\n ]\n}\n";
    let flat: String = spread.split_whitespace().collect::<Vec<_>>().join("").replace("g,h", "g, h");
    for text in [spread, &flat] {
        let document = read(text);
        assert_eq!(shown(&document.members), "a=1 b(c::d=2.5) e((f=g, h))");
        assert_eq!((document.complete, faults(&document)), (true, vec![]));
        assert_eq!((document.first, document.last as usize), (1, text.lines().count()));
    }
    let lines: Vec<u32> = read(spread).members.iter().map(|member| member.place.line).collect();
    assert_eq!(lines, [2, 3, 6]);
}

#[test]
fn quotation_marks_within_a_name_do_not_end_it() {
    for name in ["we\"ird", "a\\\"b", "x: y", "a\", b", "{[", "\u{e9}\""] {
        let text = format!("{{\"{name}\":{{\"name\":\"{name}\",\"n\":\"1\"}}}}");
        assert_eq!(shown(&read(&text).members), format!("{name}(name={name} n=1)"), "{name}");
    }
}

#[test]
fn a_place_that_is_no_json_costs_the_rest_of_its_line() {
    for (damaged, place) in [
        ("\"b\" \"2\",", (3, 1)),
        ("b:2,", (3, 1)),
        ("\"b\":\"2", (3, 5)),
        ("]", (3, 1)),
        ("\"b\"::2", (3, 5)),
        ("\"b\":1,5,", (3, 5)),
    ] {
        let text = format!("{{\n\"a\":\"1\",\n{damaged}\n\"c\":\"3\"\n}}\n");
        let document = read(&text);
        assert_eq!(shown(&document.members), "a=1 c=3", "{damaged}");
        assert_eq!((document.complete, faults(&document)), (true, vec![place]), "{damaged}");
    }
}

#[test]
fn an_object_that_was_cut_ends_where_the_text_ends() {
    let document = read("{\"a\":{\"b\":\"1\",\"c\":\"23");
    assert_eq!((shown(&document.members), document.complete), ("a(b=1)".to_owned(), false));
    assert_eq!(faults(&document), [(1, 19)]);
    let document = read("{\"a\":{\"b\":12");
    assert_eq!((shown(&document.members).as_str(), faults(&document)), ("a()", vec![(1, 11)]));
    assert!(!read("{").complete);
    let deep = "[{\"a\":".repeat(100_000);
    assert!(!documents(&deep, |_| true)[0].faults.is_empty());
}

#[test]
fn objects_follow_one_another_and_others_are_left_alone() {
    let wanted = |keys: &[Key<'_>]| keys.first().is_some_and(|(key, _)| *key == "a");
    let lines = |text| documents(text, wanted).iter().map(|it| (it.first, it.last, it.faults.len())).collect::<Vec<_>>();
    assert_eq!(lines("{\"a\":1}\n{\n\"a\":2\n}{\"a\":3}\n"), [(1, 1, 0), (2, 4, 0), (4, 4, 0)]);
    assert_eq!(lines("[{\"a\":1},\n{\"a\":2}]\n"), [(1, 1, 0), (2, 2, 0)]);
    assert_eq!(lines("hello\n{\"b\":{\"a\":1}}\n{\"a\":1} and so on\n"), [(3, 3, 1)]);
    assert_eq!(lines("{\n\u{b}\n}\n"), []);
}

/// Each line looks like the beginning of an object: read to the end of the text for each, this would take minutes.
#[test]
fn a_line_that_only_looks_like_an_object_costs_a_look_at_its_beginning() {
    for line in ["{\n", "{\"a\":\n", "{\"a\":\"\n", "{[,"] {
        let text = line.repeat(100_000);
        assert!(documents(&text, |_| false).is_empty());
        assert_eq!(first_key(&text, |_| false), None);
    }
}
