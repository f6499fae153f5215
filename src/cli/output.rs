//! How rows are printed: table, CSV, JSON.
