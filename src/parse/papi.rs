//! Output of PAPI's utilities and of its high-level interface.

pub mod command_line;
pub mod high_level;
