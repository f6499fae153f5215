//! Gives each run its experiment, tool, environment and host, each with its origin.
