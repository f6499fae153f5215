//! The database: the only module that knows diesel.
