//! What can be said of all runs of an import.

use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use clap::builder::NonEmptyStringValueParser;

use crate::catalog;
use crate::cli::input::label;
use crate::model::{Digest, Environment, ToolName};
use crate::pipeline::read_sidecar;
use crate::place::layout::Layout;
use crate::place::{Around, Facts, Layouts, Local, PlaceOptions, Says, Side};

/// Where the runs belong.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where the runs belong (given values win over anything found)")]
pub(in crate::cli) struct PlaceArgs {
    /// Name of the experiment: runs of one experiment are meant to be equal [default: the command, else the directory]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    experiment: Option<String>,

    /// Tool that wrote the files, with its version: perf-6.1.0
    #[arg(long, value_name = "NAME-VERSION")]
    tool: Option<ToolName>,

    /// Architecture as `uname -m` prints it
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    arch: Option<String>,

    /// CPU vendor as the CPU names itself: `GenuineIntel`, `AuthenticAMD`, `ARM`, `IBM`
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    vendor: Option<String>,

    /// CPU family (x86)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    family: Option<i32>,

    /// CPU model; the part number on ARM
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    model: Option<i32>,

    /// CPU stepping or revision
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    stepping: Option<i32>,

    /// Microarchitecture, by any name that `prc-etl microarchs list` knows: skylake, zen3, neoverse-n1
    #[arg(long, value_parser = microarch)]
    microarch: Option<String>,

    /// Kernel release as `uname -r` prints it
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    kernel: Option<String>,

    /// Virtualisation: none, kvm, vmware, xen, hyperv, container
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    virt: Option<String>,

    /// Name of the machine
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    host: Option<String>,

    /// Anything else that tells runs apart; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = label)]
    label: Vec<(String, String)>,

    /// How to read paths below the argument: {host}/{experiment}/run_{repeat}.txt; the first that fits, before those of side files
    ///
    /// {name} is a part of the path, [...] may be missing, * is anything within a part, ** any number of parts; `regex:` in front makes
    /// it a regular expression with named groups. Names are experiment, tool, host, date, repeat, arch, vendor, family, model, stepping,
    /// microarch, kernel and virt; any other is a label.
    #[arg(long, value_name = "TEMPLATE")]
    layout: Vec<Layout>,

    /// A side file for everything, as if it lay above all others (a prc.toml in the tree needs no option)
    #[arg(long, value_name = "FILE")]
    sidecar: Option<GivenSidecar>,

    /// The files come from this machine: it is asked for what is not given
    #[arg(long)]
    local: bool,
}

impl PlaceArgs {
    /// What was given for all, as a side file above all others.
    pub(in crate::cli) fn around(&self) -> Option<Arc<Around>> {
        self.sidecar.as_ref().map(|given| Arc::clone(&given.0))
    }

    /// The options that were given and leave no trace by which a file would be seen to lie among others than when it was loaded.
    pub(super) fn given(&self) -> Vec<&'static str> {
        let given = [
            ("--experiment", self.experiment.is_some()),
            ("--tool", self.tool.is_some()),
            ("--arch", self.arch.is_some()),
            ("--vendor", self.vendor.is_some()),
            ("--family", self.family.is_some()),
            ("--model", self.model.is_some()),
            ("--stepping", self.stepping.is_some()),
            ("--microarch", self.microarch.is_some()),
            ("--kernel", self.kernel.is_some()),
            ("--virt", self.virt.is_some()),
            ("--host", self.host.is_some()),
            ("--label", !self.label.is_empty()),
            ("--layout", !self.layout.is_empty()),
            ("--local", self.local),
        ];
        given.into_iter().filter(|(_, given)| *given).map(|(option, _)| option).collect()
    }
}

impl From<PlaceArgs> for PlaceOptions {
    fn from(args: PlaceArgs) -> Self {
        let environment = Environment {
            arch: args.arch,
            vendor: args.vendor,
            family: args.family,
            model: args.model,
            stepping: args.stepping,
            microarch: args.microarch,
            kernel: args.kernel,
            virt: args.virt,
        };
        let labels = args.label.into_iter().collect();
        let (experiment, tool, host) = (args.experiment, args.tool, args.host);
        let given = Facts { experiment, tool, host, environment, labels, ..Facts::default() };
        Self { given, layouts: Layouts(args.layout), local: args.local.then(Local::read) }
    }
}

/// The name of a microarchitecture as it was typed, when the catalogue has it: no event could be tied under another one.
fn microarch(name: &str) -> Result<String, catalog::UnknownName> {
    catalog::named(name).map(|_| name.to_owned())
}

/// A side file that was given, read and understood.
#[derive(Debug, Clone)]
struct GivenSidecar(Arc<Around>);

impl FromStr for GivenSidecar {
    type Err = String;

    fn from_str(path: &str) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let sidecar = read_sidecar(&text).map_err(|error| error.to_string())?;
        let digest = Digest::of(text.as_bytes());
        // However it was typed, and wherever it lies today: what was placed by it is known by its name and its content.
        let location = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let side = Side { location, digest, says: Says::Sidecar(Box::new(sidecar)) };
        Around::within(None, None, vec![side], None).map(Self).ok_or_else(|| "it says nothing".to_owned())
    }
}
