//! Names of files as text: Unix names are bytes, the database and every output hold text.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A path as text from which the bytes can be told again: a byte that is no UTF-8 becomes `\xHH`, a backslash `\\`.
pub fn lossless(path: &Path) -> Cow<'_, str> {
    // Nearly every name is what it is.
    if let Some(plain) = path.to_str().filter(|text| !text.contains('\\')) {
        return Cow::Borrowed(plain);
    }
    let bytes = path.as_os_str().as_bytes();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for (i, part) in chunk.valid().split('\\').enumerate() {
            text.push_str(if i > 0 { "\\\\" } else { "" });
            text.push_str(part);
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    Cow::Owned(text)
}

/// The last part of a path, empty where it has none. `Path::file_name` takes a path apart from its end; a name behind a slash is seen
/// at a look.
pub(super) fn last_part(path: &Path) -> &OsStr {
    let bytes = path.as_os_str().as_bytes();
    match memchr::memrchr(b'/', bytes).map(|slash| &bytes[slash + 1..]) {
        Some(name) if !matches!(name, b"" | b"." | b"..") => OsStr::from_bytes(name),
        _ => path.file_name().unwrap_or_default(),
    }
}

/// A name in an archive as a path below it. It is a label: nothing is ever opened by it, so `..` is kept as it stands.
pub(super) fn member_path(name: &[u8]) -> String {
    let parts = name.split(|&byte| byte == b'/').filter(|part| !part.is_empty() && *part != b".");
    let path = parts.collect::<Vec<_>>().join(&b'/');
    // The database holds no NUL bytes; a zip archive can.
    lossless(Path::new(OsStr::from_bytes(&path))).replace('\0', "\\x00")
}

/// A path as its owner would type it; the lossless form when it is no UTF-8.
pub(super) fn shown(path: &Path) -> String {
    path.to_str().map_or_else(|| lossless(path).into_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_own_text() {
        let text = |bytes| lossless(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(text(b"run/perf.txt"), "run/perf.txt");
        assert_eq!(text("größe".as_bytes()), "größe");
        assert_eq!(text(b"caf\xe9.txt"), "caf\\xE9.txt");
        assert_eq!(text(b"caf\\xE9.txt"), "caf\\\\xE9.txt");
    }

    #[test]
    fn the_last_part_is_what_the_standard_library_says() {
        for path in ["a/b", "/a/b", "a", "-", "/", "", "a/", "a/.", "a/..", "..", "a//b", "a/.b", "a/...", "/a/b.c/"] {
            assert_eq!(last_part(Path::new(path)), Path::new(path).file_name().unwrap_or_default(), "{path}");
        }
    }

    #[test]
    fn a_name_in_an_archive_is_a_path_below_it() {
        let text = |name: &[u8]| member_path(name);
        assert_eq!(text(b"./a//b/./perf.txt"), "a/b/perf.txt");
        assert_eq!(text(b"/etc/passwd"), "etc/passwd");
        assert_eq!(text(b"../../x"), "../../x");
        assert_eq!(text(b"C:\\x\0"), "C:\\\\x\\x00");
    }

    #[test]
    fn a_name_is_shown_as_typed_when_it_is_text() {
        assert_eq!(shown(Path::new("a\\b")), "a\\b");
        assert_eq!(shown(Path::new(OsStr::from_bytes(b"a\xff"))), "a\\xFF");
    }
}
