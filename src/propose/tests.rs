use super::*;

fn seen(path: &str) -> Seen {
    Seen { path: path.to_owned(), host: None, dated: false }
}

fn proposal(files: impl IntoIterator<Item = Seen>) -> Proposal {
    let mut sample = Sample::new(1000);
    for file in files {
        sample.meet(file);
    }
    propose(&sample)
}

/// The templates for some paths, all of which they read.
fn templates(paths: &[&str]) -> Vec<String> {
    let proposal = proposal(paths.iter().map(|path| seen(path)));
    assert_eq!(proposal.first_unread, []);
    proposal.templates.into_iter().map(|template| template.text).collect()
}

#[test]
fn what_never_changes_stays_and_the_innermost_number_repeats() {
    let paths = [
        "bench/web/instances_1/run_1/perf.txt",
        "bench/web/instances_100/run_1/perf.txt",
        "bench/web/instances_1/run_2/perf.txt",
    ];
    assert_eq!(templates(&paths), ["bench/web/instances_{label.instances:[0-9]+}/run_{repeat}/perf.txt"]);
}

#[test]
fn a_repetition_that_never_changes_is_one_all_the_same() {
    let paths = ["big/cache_load50_iter1", "big/branch_load90_iter1"];
    assert_eq!(templates(&paths), ["big/{label.level2}_load{label.load:[0-9]+}_iter1"]);
    let paths = ["load50/run_1/perf.txt", "load90/run_1/perf.txt"];
    assert_eq!(templates(&paths), ["load{label.load:[0-9]+}/run_1/perf.txt"]);
    assert_eq!(templates(&["n50/grun1.txt", "n90/grun1.txt"]), ["n{repeat}/grun1.txt"]);
}

#[test]
fn a_number_as_extension_is_the_repetition() {
    let paths = ["elm/hpl/hpl.perf.1", "elm/hpl/hpl.perf.2", "oak/sort/sort.perf.1", "oak/sort/notes.txt"];
    assert_eq!(
        templates(&paths),
        ["{label.level1}/{label.level2}/{label.level2}.perf.{repeat}", "oak/sort/notes.txt"].map(|text| {
            // One file alone has no repetition; its directories are what they are for the others.
            text.replace("oak/sort/", "{label.level1}/{label.level2}/")
        })
    );
}

#[test]
fn dates_hosts_and_architectures_are_recognised() {
    let file = |path: &str, host: &str| Seen { host: Some(host.to_owned()), ..seen(path) };
    let files = [
        file("elm/x86_64/2024-01-31/p.txt", "elm"),
        file("oak/aarch64/2024-02-29/p.txt", "oak"),
        seen("ash/x86_64/20240301/p.txt"),
    ];
    let found = proposal(files);
    assert_eq!(found.templates[0].text, "{host}/{arch}/{date}/p.txt");
    assert_eq!(
        found.templates[0].names[0],
        NameValues { name: "host".into(), values: vec!["ash".into(), "elm".into(), "oak".into()], distinct: 3 }
    );
    assert_eq!(templates(&["elm_2024-03-01/p", "elm_2024-03-02/p"]), ["elm_{date}/p"]);
    let elsewhere = [file("elm/a.txt", "oak"), file("oak/b.txt", "oak")];
    assert_eq!(proposal(elsewhere).templates[0].text, "{label.level1}/{label.level2}.txt", "the files name other hosts");
}

#[test]
fn a_date_in_the_path_does_not_replace_the_start_that_a_file_states() {
    let dated = |path: &str| Seen { dated: true, ..seen(path) };
    assert_eq!(proposal([dated("20240101/a"), dated("20240102/a")]).templates[0].text, "{label.date:@date}/a");
}

#[test]
fn words_are_taken_apart_where_every_name_has_as_many() {
    let packed = ["rep_1/btree.static.gcc-12.perf", "rep_2/gups.dynamic.clang-16.perf"];
    assert_eq!(templates(&packed), ["rep_{repeat}/{label.level2.1}.{label.level2.2}.{label.level2.3}.perf"]);
    let versions = ["mcf_gcc-12.2.txt", "x264_llvm_16.0.6.txt"];
    assert_eq!(templates(&versions), ["{label.level1}.txt"]);
}

#[test]
fn characters_that_mean_something_are_literal() {
    assert_eq!(templates(&[r"a[1]/{x}*\\y"]), [r"a\[1\]/\{x\}\*\\\\y"]);
    let text = side_file(&proposal([seen("a\"b\n/x_1"), seen("a\"b\n/x_2")]), 2);
    assert!(text.contains("\"a\\\"b\\U0000000A/x_{repeat}\""), "{text}");
    assert!(
        text.lines().all(|line| line.starts_with('#') || line.starts_with(' ') || ["layout = [", "]", ""].contains(&line)),
        "{text}"
    );
}

#[test]
fn what_is_not_read_is_said() {
    let odd: Vec<Seen> = (0..45).map(|depth| seen(&format!("{}x", "d/".repeat(depth)))).collect();
    let found = proposal(odd);
    assert_eq!((found.templates.len(), found.unread), (MAX_TEMPLATES, 5));
    let text = side_file(&found, 45);
    assert!(text.contains("# 5 of 45 paths are not read by this:\n"), "{text}");
}
