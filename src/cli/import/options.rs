//! What can be said of all runs of an import.

use clap::builder::NonEmptyStringValueParser;

use crate::model::{Environment, ToolName};
use crate::place::{Local, PlaceOptions};

/// Where the runs belong.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Where the runs belong (given values win over anything found)")]
pub(super) struct PlaceArgs {
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

    /// Microarchitecture: skylake, zen3, neoverse-n1
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
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

    /// The files come from this machine: it is asked for what is not given
    #[arg(long)]
    local: bool,
}

impl From<PlaceArgs> for PlaceOptions {
    fn from(args: PlaceArgs) -> Self {
        Self {
            experiment: args.experiment,
            tool: args.tool,
            host: args.host,
            environment: Environment {
                arch: args.arch,
                vendor: args.vendor,
                family: args.family,
                model: args.model,
                stepping: args.stepping,
                microarch: args.microarch,
                kernel: args.kernel,
                virt: args.virt,
            },
            local: args.local.then(Local::read),
        }
    }
}
