//! Gives each run its experiment, tool, environment and host, each with its origin.
//!
//! What was given wins over what the file says, that over its path, that over this machine. What is unknown stays unknown.

pub mod captured;
pub mod layout;
mod local;

use crate::model::{
    Context, Environment, Given, Identity, Origin, Parsed, Placement, Run, ToolName, shortened, without_archive,
};

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
    options: PlaceOptions,
    local: Local,
}

/// What is the same for all runs of a source.
struct Machine {
    host: Option<Given<String>>,
    environment: Environment,
    environment_origins: [Option<Origin>; 8],
}

impl Placer {
    /// A placer for these options.
    pub fn new(mut options: PlaceOptions) -> Self {
        let local = options.local.take().unwrap_or_default();
        Self { options, local }
    }

    /// Gives each run of a source its place. `tool` is the name of the tool that writes the format of the source.
    pub fn place(&self, parsed: &mut Parsed, tool: &str) {
        let machine = self.machine(&parsed.report.context);
        let placements = parsed.report.runs.iter().map(|run| self.place_run(run, &parsed.identity, tool, &machine)).collect();
        parsed.placements = placements;
        parsed.report.notes.extend(self.contradiction(tool));
        parsed.report.notes.extend(self.contradicted_facts(&parsed.report.context));
    }

    fn place_run(&self, run: &Run, identity: &Identity, tool: &str, machine: &Machine) -> Placement {
        Placement {
            experiment: self.experiment(run, identity),
            tool: self.tool(run, tool),
            host: machine.host.clone(),
            environment: machine.environment.clone(),
            environment_origins: machine.environment_origins,
        }
    }

    /// Field by field: what was given, else what the source says, else what this machine is.
    fn machine(&self, said: &Context) -> Machine {
        let parts = [
            (Origin::Flag, &self.options.environment),
            (Origin::File, &said.environment),
            (Origin::Local, &self.local.environment),
        ];
        let (environment, environment_origins) = merge(&parts);
        let hosts = [(Origin::Flag, &self.options.host), (Origin::File, &said.host), (Origin::Local, &self.local.host)];
        let host = hosts.into_iter().find_map(|(origin, host)| Some(Given { value: host.clone()?, origin }));
        Machine { host, environment, environment_origins }
    }

    fn experiment(&self, run: &Run, identity: &Identity) -> Option<Given<String>> {
        let given = |text: &str, origin| Given { value: shortened(text).into_owned(), origin };
        if let Some(name) = &self.options.experiment {
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
        match &self.options.tool {
            Some(given) if given.version.is_none() && given.name == tool => Given { value: from_file, origin: Origin::File },
            Some(given) => Given { value: given.clone(), origin: Origin::Flag },
            None => Given { value: from_file, origin: Origin::File },
        }
    }

    /// Nothing that was given is overridden; that it disagrees with the file is worth a remark.
    fn contradiction(&self, tool: &str) -> Option<String> {
        let given = self.options.tool.as_ref().filter(|given| given.name != tool)?;
        Some(format!("given as output of {given}, written in a format of {tool}"))
    }

    /// Facts that the source states otherwise than they were given.
    fn contradicted_facts(&self, said: &Context) -> Vec<String> {
        let given = &self.options.environment;
        let facts = [
            ("host", &self.options.host, &said.host),
            ("arch", &given.arch, &said.environment.arch),
            ("kernel", &given.kernel, &said.environment.kernel),
        ];
        let differ = |(name, given, said): (&str, &Option<String>, &Option<String>)| {
            let (given, said) = (given.as_ref()?, said.as_ref()?);
            (given != said).then(|| format!("the {name} was given as '{given}', the source says '{said}'"))
        };
        facts.into_iter().filter_map(differ).collect()
    }
}

/// Name of the directory, or of the archive without its suffix, that holds the source; of the root when the logical path has none; nothing for a stream.
fn directory(identity: &Identity) -> Option<&str> {
    let root = identity.root.as_deref()?;
    let below = identity.path.rsplit_once('/').map_or(root, |(directories, _)| directories);
    below.rsplit('/').next().map(without_archive).filter(|name| !name.is_empty())
}

/// The first of the parts that knows a field gives its value and its origin.
fn merge(parts: &[(Origin, &Environment); 3]) -> (Environment, [Option<Origin>; 8]) {
    fn first<T: Clone>(
        parts: &[(Origin, &Environment); 3],
        field: impl Fn(&Environment) -> &Option<T>,
    ) -> (Option<T>, Option<Origin>) {
        parts.iter().find_map(|(origin, part)| Some((field(part).clone()?, *origin))).unzip()
    }
    let (arch, o1) = first(parts, |part| &part.arch);
    let (vendor, o2) = first(parts, |part| &part.vendor);
    let (family, o3) = first(parts, |part| &part.family);
    let (model, o4) = first(parts, |part| &part.model);
    let (stepping, o5) = first(parts, |part| &part.stepping);
    let (microarch, o6) = first(parts, |part| &part.microarch);
    let (kernel, o7) = first(parts, |part| &part.kernel);
    let (virt, o8) = first(parts, |part| &part.virt);
    (Environment { arch, vendor, family, model, stepping, microarch, kernel, virt }, [o1, o2, o3, o4, o5, o6, o7, o8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(root: &str, path: &str) -> Identity {
        Identity { root: Some(root.to_owned()), path: path.to_owned() }
    }

    fn experiment(options: PlaceOptions, run: &Run, identity: &Identity) -> Option<(String, Origin)> {
        Placer::new(options).experiment(run, identity).map(|given| (given.value, given.origin))
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
        for (root, path, name) in [
            ("/data", "a/b/perf.txt", Some("b")),
            ("/data/results", "perf.txt", Some("results")),
            ("/", "perf.txt", None),
            ("/data/sort.tar.gz", "perf.txt", Some("sort")),
        ] {
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
        let local = Local { host: Some("here".to_owned()), environment: detected, ..Local::default() };
        let options =
            PlaceOptions { environment: given, local: Some(local), host: Some("there".to_owned()), ..PlaceOptions::default() };
        let placer = Placer::new(options);
        let place = |said: &Context| placer.place_run(&Run::default(), &identity("/d", "f"), "perf", &placer.machine(said));
        let placement = place(&Context::default());
        assert_eq!(placement.environment.arch.as_deref(), Some("riscv64"));
        assert_eq!(placement.environment.kernel.as_deref(), Some("6.1.0"));
        assert_eq!(placement.origins(), "experiment=path tool=file host=flag arch=flag kernel=local");

        let environment = Environment { kernel: Some("5.4.0".to_owned()), ..Environment::default() };
        let said = Context { host: Some("navajo".to_owned()), environment, ..Context::default() };
        assert_eq!(place(&said).environment.kernel.as_deref(), Some("5.4.0"));
        assert_eq!(place(&said).origins(), "experiment=path tool=file host=flag arch=flag kernel=file");
        assert_eq!(placer.contradicted_facts(&said), ["the host was given as 'there', the source says 'navajo'"]);
    }
}
