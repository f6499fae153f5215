//! Lines in which a source describes the machine it was made on.
//!
//! Scripts put them in front of what a tool prints: the output of `uname -a`, or an object with host name, kernel and architecture.

use serde::Deserialize;

use crate::machine::{self, ARCHITECTURES};
use crate::model::{Context, Environment};

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
}
