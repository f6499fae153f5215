//! Gives each run its experiment, tool, environment and host, each with its origin.
//!
//! What was given wins over what the file says, that over its path, that over this machine. What is unknown stays unknown.

mod cpuinfo;
mod local;

use crate::model::{Environment, Given, Identity, Origin, Parsed, Placement, Run, ToolName, shortened};

pub use local::Local;

/// What was given on the command line.
#[derive(Debug, Clone, Default)]
pub struct PlaceOptions {
    /// The experiment of every run.
    pub experiment: Option<String>,
    /// The tool of every run.
    pub tool: Option<ToolName>,
    /// The host of every run.
    pub host: Option<String>,
    /// The known part of the environment of every run.
    pub environment: Environment,
    /// This machine, when the files come from it.
    pub local: Option<Local>,
}

/// Places runs.
#[derive(Debug)]
pub struct Placer {
    experiment: Option<String>,
    tool: Option<ToolName>,
    host: Option<Given<String>>,
    environment: Environment,
    environment_origins: [Option<Origin>; 8],
}

impl Placer {
    /// Settles everything that is the same for all runs.
    pub fn new(options: PlaceOptions) -> Self {
        let local = options.local.unwrap_or_default();
        let (environment, environment_origins) = merge(options.environment, local.environment);
        let host = options.host.map(|value| Given { value, origin: Origin::Flag });
        let host = host.or_else(|| local.host.map(|value| Given { value, origin: Origin::Local }));
        Self { experiment: options.experiment, tool: options.tool, host, environment, environment_origins }
    }

    /// Gives each run of a source its place. `tool` is the name of the tool that writes the format of the source.
    pub fn place(&self, parsed: &mut Parsed, tool: &str) {
        let placements = parsed.report.runs.iter().map(|run| self.place_run(run, &parsed.identity, tool)).collect();
        parsed.placements = placements;
        if let Some(note) = self.contradiction(tool) {
            parsed.report.notes.push(note);
        }
    }

    fn place_run(&self, run: &Run, identity: &Identity, tool: &str) -> Placement {
        Placement {
            experiment: self.experiment(run, identity),
            tool: self.tool(run, tool),
            host: self.host.clone(),
            environment: self.environment.clone(),
            environment_origins: self.environment_origins,
        }
    }

    fn experiment(&self, run: &Run, identity: &Identity) -> Option<Given<String>> {
        let given = |text: &str, origin| Given { value: shortened(text).into_owned(), origin };
        if let Some(name) = &self.experiment {
            return Some(given(name, Origin::Flag));
        }
        if let Some(command) = run.command.as_deref().map(str::trim).filter(|command| !command.is_empty()) {
            return Some(given(command, Origin::File));
        }
        directory(identity).map(|name| given(name, Origin::Path))
    }

    /// The given tool; without a version of its own it takes the one that the file states.
    fn tool(&self, run: &Run, tool: &str) -> Given<ToolName> {
        let from_file = ToolName { name: tool.to_owned(), version: run.tool_version.clone() };
        match &self.tool {
            Some(given) if given.version.is_none() && given.name == tool => Given { value: from_file, origin: Origin::File },
            Some(given) => Given { value: given.clone(), origin: Origin::Flag },
            None => Given { value: from_file, origin: Origin::File },
        }
    }

    /// Nothing that was given is overridden; that it disagrees with the file is worth a remark.
    fn contradiction(&self, tool: &str) -> Option<String> {
        let given = self.tool.as_ref().filter(|given| given.name != tool)?;
        Some(format!("given as output of {given}, written in a format of {tool}"))
    }
}

/// Name of the directory that holds the source; of the root when the logical path has none; nothing for a stream.
fn directory(identity: &Identity) -> Option<&str> {
    let root = identity.root.as_deref()?;
    let below = identity.path.rsplit_once('/').map_or(root, |(directories, _)| directories);
    below.rsplit('/').next().filter(|name| !name.is_empty())
}

/// Field by field: what was given, else what was detected.
fn merge(given: Environment, detected: Environment) -> (Environment, [Option<Origin>; 8]) {
    fn either<T>(given: Option<T>, detected: Option<T>) -> (Option<T>, Option<Origin>) {
        let origin = match (&given, &detected) {
            (Some(_), _) => Some(Origin::Flag),
            (None, Some(_)) => Some(Origin::Local),
            (None, None) => None,
        };
        (given.or(detected), origin)
    }
    let (arch, o1) = either(given.arch, detected.arch);
    let (vendor, o2) = either(given.vendor, detected.vendor);
    let (family, o3) = either(given.family, detected.family);
    let (model, o4) = either(given.model, detected.model);
    let (stepping, o5) = either(given.stepping, detected.stepping);
    let (microarch, o6) = either(given.microarch, detected.microarch);
    let (kernel, o7) = either(given.kernel, detected.kernel);
    let (virt, o8) = either(given.virt, detected.virt);
    (Environment { arch, vendor, family, model, stepping, microarch, kernel, virt }, [o1, o2, o3, o4, o5, o6, o7, o8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(root: &str, path: &str) -> Identity {
        Identity { root: Some(root.to_owned()), path: path.to_owned() }
    }

    fn experiment(options: PlaceOptions, run: &Run, identity: &Identity) -> Option<(String, Origin)> {
        Placer::new(options).place_run(run, identity, "perf").experiment.map(|given| (given.value, given.origin))
    }

    #[test]
    fn an_experiment_is_given_or_the_command_or_the_directory() {
        let place = identity("/data/results", "sort/run1.txt");
        let run = Run { command: Some("./sort -n 5".to_owned()), ..Run::default() };
        let given = PlaceOptions { experiment: Some("sorting".to_owned()), ..PlaceOptions::default() };
        assert_eq!(experiment(given, &run, &place), Some(("sorting".to_owned(), Origin::Flag)));
        assert_eq!(experiment(PlaceOptions::default(), &run, &place), Some(("./sort -n 5".to_owned(), Origin::File)));
        assert_eq!(experiment(PlaceOptions::default(), &Run::default(), &place), Some(("sort".to_owned(), Origin::Path)));
        let stream = Identity { root: None, path: "-".to_owned() };
        assert_eq!(experiment(PlaceOptions::default(), &Run::default(), &stream), None);
    }

    #[test]
    fn the_directory_is_the_one_that_holds_the_file() {
        for (root, path, name) in
            [("/data", "a/b/perf.txt", Some("b")), ("/data/results", "perf.txt", Some("results")), ("/", "perf.txt", None)]
        {
            assert_eq!(directory(&identity(root, path)), name, "{root} {path}");
        }
    }

    #[test]
    fn a_given_tool_wins_and_a_contradiction_is_noted() {
        let run = Run { tool_version: Some("1.4.0".to_owned()), ..Run::default() };
        let placer = |tool: &str| Placer::new(PlaceOptions { tool: Some(tool.parse().unwrap()), ..PlaceOptions::default() });
        let tool = |given: &str| {
            let tool = placer(given).tool(&run, "oprofile");
            (tool.value.to_string(), tool.origin)
        };
        assert_eq!(tool("oprofile-1.3.0"), ("oprofile-1.3.0".to_owned(), Origin::Flag));
        assert_eq!(tool("oprofile"), ("oprofile-1.4.0".to_owned(), Origin::File));
        assert_eq!(tool("perf-6.1"), ("perf-6.1".to_owned(), Origin::Flag));
        assert_eq!(
            placer("perf-6.1").contradiction("oprofile").as_deref(),
            Some("given as output of perf-6.1, written in a format of oprofile")
        );
        assert_eq!(placer("perf-6.1").contradiction("perf"), None);
    }

    #[test]
    fn what_was_given_is_never_overridden_by_what_was_detected() {
        let given = Environment { arch: Some("riscv64".to_owned()), ..Environment::default() };
        let detected =
            Environment { arch: Some("x86_64".to_owned()), kernel: Some("6.1.0".to_owned()), ..Environment::default() };
        let local = Local { host: Some("here".to_owned()), environment: detected };
        let options =
            PlaceOptions { environment: given, local: Some(local), host: Some("there".to_owned()), ..PlaceOptions::default() };
        let placement = Placer::new(options).place_run(&Run::default(), &identity("/d", "f"), "perf");
        assert_eq!(placement.environment.arch.as_deref(), Some("riscv64"));
        assert_eq!(placement.environment.kernel.as_deref(), Some("6.1.0"));
        assert_eq!(placement.origins(), "experiment=path tool=file host=flag arch=flag kernel=local");
    }
}
