//! Lines in which a source describes the machine it was made on.
//!
//! Scripts put them in front of what a tool prints: the output of `uname -a`, or an object with host name, kernel and
//! architecture, or a block of keys and values under a heading.

mod system_info;

use serde::Deserialize;

use crate::machine::{self, ARCHITECTURES};
use crate::model::{Context, Environment};

pub(crate) use system_info::{Said, is_heading, said};

/// The facts that a line states; `None` when it is no such line.
pub(crate) fn context(line: &str) -> Option<Context> {
    let line = line.trim();
    match line.as_bytes().first()? {
        b'{' => object(line),
        b'L' => machine::uname(line),
        _ => None,
    }
}

/// `{"version":"5.4.0-124-generic","hostname":"navajo","kernel":"Linux","arch":"x86_64"}`: the parts of `uname` by their names.
#[derive(Debug, Deserialize)]
struct Object {
    hostname: String,
    arch: Option<String>,
    /// The name of the kernel, or its release where there is no `version`.
    kernel: Option<String>,
    /// The release of the kernel.
    version: Option<String>,
}

fn object(line: &str) -> Option<Context> {
    let object: Object = serde_json::from_str(line).ok()?;
    let release = |text: &String| text.starts_with(|c: char| c.is_ascii_digit());
    let linux = object.kernel.as_deref() == Some("Linux");
    let kernel = object.version.filter(|version| linux && release(version)).or_else(|| object.kernel.filter(release));
    let arch = object.arch.filter(|arch| ARCHITECTURES.contains(&arch.as_str()));
    let known = arch.is_some() || kernel.is_some();
    known.then(|| of(&object.hostname, arch, kernel))
}

fn of(host: &str, arch: Option<String>, kernel: Option<String>) -> Context {
    Context {
        host: Some(host.to_owned()).filter(|host| !host.is_empty()),
        environment: Environment { arch, kernel, ..Environment::default() },
        ..Context::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(line: &str) -> Option<(Option<String>, Option<String>, Option<String>)> {
        context(line).map(|context| (context.host, context.environment.arch, context.environment.kernel))
    }

    #[test]
    fn lines_that_describe_a_machine_are_read() {
        let known = |host: &str, arch: &str, kernel: &str| Some((Some(host.into()), Some(arch.into()), Some(kernel.into())));
        assert_eq!(
            facts(r#"{"version":"5.4.0-124-generic","hostname":"navajo","kernel":"Linux","arch":"x86_64"}"#),
            known("navajo", "x86_64", "5.4.0-124-generic")
        );
        assert_eq!(
            facts("Linux node7 6.1.0-18-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01) x86_64 GNU/Linux"),
            known("node7", "x86_64", "6.1.0-18-amd64")
        );
        assert_eq!(
            facts("Linux p9 4.14.0-115.el7a.ppc64le #1 SMP x ppc64le ppc64le ppc64le GNU/Linux"),
            known("p9", "ppc64le", "4.14.0-115.el7a.ppc64le")
        );
    }

    #[test]
    fn other_lines_say_nothing() {
        for line in
            ["", "{", "{\"a\":1}", r#"{"hostname":"x"}"#, "Linux is a kernel", "Linux 5.4 x86_64", r#"{"counter-value" : "1"}"#]
        {
            assert_eq!(context(line), None, "{line}");
        }
    }

    const OUTPUT: &str = "\n Performance counter stats for './a':\n\n             1,234      cycles\n\n       1.000000000 seconds time elapsed\n\n";

    fn report(text: &str) -> crate::model::Report {
        match crate::parse::read(text) {
            crate::parse::Reading::Known(_, report) => *report,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_block_of_keys_and_values_describes_the_machine() {
        let block = "### System info\nkernel: 5.4.0-42-generic\nhostname: node7\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 85\n\
                     stepping\t: 4\nmodel name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz\nuptime: 3 days\n";
        let report = report(&format!("{block}{OUTPUT}{block}{OUTPUT}"));
        assert_eq!((report.runs.len(), report.results.len(), report.notes.len()), (2, 2, 0), "{:?}", report.notes);
        assert!(report.tally.adds_up());
        // Of 9 + 7 lines twice, each output has one row, and nobody knows the uptime.
        assert_eq!((report.tally.lines, report.tally.results, report.tally.foreign), (32, 2, 2));
        let Environment { vendor, family, model, stepping, kernel, .. } = report.context.environment;
        assert_eq!((vendor.as_deref(), kernel.as_deref()), (Some("GenuineIntel"), Some("5.4.0-42-generic")));
        assert_eq!((family, model, stepping, report.context.host.as_deref()), (Some(6), Some(85), Some(4), Some("node7")));
        assert_eq!(report.context.labels["cpu"], "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz");
    }

    #[test]
    fn a_second_block_confirms_and_never_adds_or_overrides() {
        let first = "System info\nhostname: node7\ncpu family: 6\n";
        let second = "System info\ncpu family: 6\nkernel: 6.1.0\nhostname: node8\n";
        let report = report(&format!("{first}{OUTPUT}{second}{OUTPUT}"));
        assert_eq!((report.context.host.as_deref(), &report.context.environment.kernel), (Some("node7"), &None));
        assert_eq!(report.notes, ["the machine is described in two ways: the runs are placed on the first"]);
        assert!(report.tally.adds_up());
        assert_eq!(report.tally.foreign, 2);
    }

    #[test]
    fn keys_and_values_without_a_heading_or_behind_the_block_say_nothing() {
        let report =
            report(&format!("hostname: a\nSystem info\narch: x86_64\nNow we begin\nhostname: b\n{OUTPUT}kernel: 6.1.0\n"));
        let environment = Environment { arch: Some("x86_64".to_owned()), ..Environment::default() };
        assert_eq!(report.context, Context { environment, ..Context::default() });
        assert_eq!((report.tally.foreign, report.notes.len()), (4, 0));
    }

    #[test]
    fn a_block_is_read_above_csv_as_well() {
        let report = report("# System info\n# host: node7\n# kernel: 6.1.0\n1234,,cycles,1000,100.00,,\n");
        assert_eq!(
            (report.context.host.as_deref(), report.context.environment.kernel.as_deref()),
            (Some("node7"), Some("6.1.0"))
        );
        assert_eq!((report.results.len(), report.tally.foreign), (1, 0));
    }

    proptest::proptest! {
        /// Whatever stands around blocks and outputs, each line is counted once.
        #[test]
        fn every_line_is_counted_once(parts in proptest::collection::vec(0..8_usize, 0..12), noise in "[^\\n\\r]{0,30}") {
            let kinds = ["### System info\n", "kernel: 6.1.0\n", "hostname = é\n", "cpu family: 6\nmodel: 85 (\n", "\n", &noise, "\n", OUTPUT];
            let text: String = parts.iter().map(|part| kinds[*part]).chain([OUTPUT]).collect();
            let tally = report(&text).tally;
            proptest::prop_assert!(tally.adds_up());
            proptest::prop_assert_eq!(tally.lines, crate::parse::lines::count_lines(&text));
        }
    }
}
