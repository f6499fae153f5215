//! Suffixes of names that tell how a file is packed, and nothing of what it holds.

/// Those of compression.
pub const COMPRESSION: &[&str] = &[".gz", ".bz2", ".xz", ".zst"];

const ARCHIVE: &[&str] =
    &[".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".tbz", ".txz", ".tzst", ".tar", ".zip"];

/// The name without a suffix of compression: `perf.txt.gz` is `perf.txt`.
pub fn without_compression(name: &str) -> &str {
    without(name, COMPRESSION)
}

/// The name without the suffix of an archive: `results.tar.gz` is `results`.
pub fn without_archive(name: &str) -> &str {
    without(name, ARCHIVE)
}

/// A name that is nothing but a suffix (`.gz`) is kept.
fn without<'a>(name: &'a str, suffixes: &[&str]) -> &'a str {
    let cut = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
    cut.filter(|rest| !rest.is_empty() && !rest.ends_with('/')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_suffix_after_a_name_is_cut() {
        assert_eq!(without_compression("a/perf.txt.gz"), "a/perf.txt");
        assert_eq!(without_compression("a/.gz"), "a/.gz");
        assert_eq!(without_compression("perf.txt"), "perf.txt");
        assert_eq!(without_archive("results.tar.gz"), "results");
        assert_eq!(without_archive("results.zip"), "results");
        assert_eq!(without_archive("results.gz"), "results.gz");
    }
}
