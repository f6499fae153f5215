//! From arguments to a loaded database: walk, workers, one writer.
