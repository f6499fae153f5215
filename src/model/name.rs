//! Names that are too long for an index.

use std::borrow::Cow;

/// Longest name that is kept as it is, in bytes: below what every database can index.
pub const MAX_NAME: usize = 1024;

/// A name that fits: a longer one is cut and ends in a hash of the whole, so that different names stay different.
pub fn shortened(name: &str) -> Cow<'_, str> {
    if name.len() <= MAX_NAME {
        return Cow::Borrowed(name);
    }
    let hash = blake3::hash(name.as_bytes()).to_hex();
    let kept = &name[..name.floor_char_boundary(MAX_NAME - 40)];
    Cow::Owned(format!("{kept}…#{}", &hash[..32]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_different_when_they_are_cut() {
        let long = "ä".repeat(1000);
        let (one, two) = (shortened(&long).into_owned(), shortened(&format!("{long}x")).into_owned());
        assert!(one.len() <= MAX_NAME && one != two && one[..900] == two[..900]);
        assert_eq!(shortened("ls -l"), "ls -l");
    }
}
