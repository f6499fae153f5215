//! `perf stat` of Linux 2.6.31 to 7.2: text, `-x` (CSV) and `-j` (JSON lines).

pub mod csv;
pub mod json;
mod metric;
mod notes;
mod rows;
mod scope;
mod started;
pub mod text;
mod unit;
