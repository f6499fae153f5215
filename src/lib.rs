//! Collects the output of performance-counter tools in one database, so that the numbers can be compared and judged.
//!
//! # The way of a byte
//! discover -> read -> sniff -> parse -> place -> load. Each step is one module and hands a plain type of [`model`] on:
//!
//! | step | module | does |
//! |---|---|---|
//! | discover, read | [`source`] | walks the arguments in sorted order; opens, unpacks, hashes and decodes each file and member of an archive |
//! | sniff, parse | [`parse`] | decides the format by content; text in, [`model::Report`] out |
//! | place | [`place`] | gives each run its experiment, tool, environment and host, each with its origin |
//! | load | [`store`] | writes whole sources in one transaction to SQLite or PostgreSQL |
//!
//! [`pipeline`] runs the steps on all cores with one writer; [`propose`] finds templates for a tree; [`cli`] is the program around it.
//! [`stats`] is the mathematics of judging what was loaded: numbers in, numbers out. [`question`] asks: it forms groups of what [`store`]
//! holds, and gives them to `stats`; [`judge`] tells how far each number can be believed, and why.
//!
//! # From a test program
//! What the commands do can be called. This stores what `perf stat` printed and asks what is there; `examples/report.rs` also says where
//! the numbers come from and asks for their distribution.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use prc_etl::pipeline::read_text;
//! use prc_etl::place::{Facts, PlaceOptions, Placer};
//! use prc_etl::store::query::Selection;
//! use prc_etl::store::{Access, DatabaseUrl, ImportHeader, ImportStatus, Store};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! # let file = directory.path().join("results.db");
//! let given = Facts { experiment: Some("sort".to_owned()), ..Facts::default() };
//! let placer = Placer::new(PlaceOptions { given, ..PlaceOptions::default() });
//! let source = read_text("nightly/2026-11-22", "805623;;cycles:u;1203944;100.00;;\n", &placer);
//!
//! let mut store = Store::open(&DatabaseUrl::sqlite(file), Access::Write)?;
//! let header = ImportHeader { program_version: "1".to_owned(), arguments: "nightly".to_owned() };
//! let import = store.begin_import(&header)?;
//! store.load(import, &[source.into()])?;
//! store.finish_import(import, ImportStatus::Done, "{}")?;
//!
//! let mut counts = Vec::new();
//! store.each_result(&Selection::default(), |result| {
//!     counts.push((result.spelling.text.clone(), result.count));
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!(counts, [("cycles:u".to_owned(), Some(805_623))]);
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//! * `model` imports nothing of ours; `parse` knows neither files nor databases.
//! * nom only under `parse`, diesel only under `store`, rayon only under `pipeline` and `question`, channels of many threads only under
//!   `pipeline`, clap only under `cli`, printing only in `cli`.
//! * Dependencies go one way: `cli -> pipeline -> {catalog, source, parse, place, store} -> model`. `tests/structure.rs` holds all of this.
//! * [`catalog`] ties the spellings of all tools to canonical events; it uses `machine` and `model`, and reads no file.
//! * `machine`, below `parse` and `place`, is the one place that knows how a CPU is written down; like `parse` it reads no file.
//! * `stats` uses no other module and draws nothing from clock or chance: the same values give the same digits in any order.
//! * Every line of a source is counted once: `lines = results + furniture + rejected` ([`model::Tally`]).
//!
//! # Words
//! *tool*: the program that counted. *source*: one file, member or stream. *run*: one execution of a tool inside a source.
//! *spelling*: how a tool wrote an event. *result*: one number of a run. *scope*: what the number covers. *reject*: what could
//! not be used. *experiment*: runs that are meant to be equal. *environment*: the stable facts of machine and kernel.
//! *import*: one invocation that loaded sources.

mod ahead;
pub mod catalog;
pub mod cli;
pub mod judge;
mod machine;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod place;
pub mod propose;
pub mod question;
pub mod source;
pub mod stats;
pub mod store;
