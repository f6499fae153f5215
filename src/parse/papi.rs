//! Output of PAPI's utilities and of its high-level interface.

pub mod avail;
pub mod command_line;
mod hardware;
pub mod high_level;
pub mod high_level_writer;
mod json;
pub mod name_value;
pub mod native_avail;
mod output;
mod region;
