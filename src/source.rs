//! Where bytes come from: walks the arguments, reads, hashes and decodes.
