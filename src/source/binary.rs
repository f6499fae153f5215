//! What a file that is no text is, told from its first block.

/// Bytes of a file that are looked at.
pub(super) const BLOCK: usize = 64 * 1024;

/// Leading bytes of well-known formats: offset, bytes, name.
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"PERFILE2", "perf.data"),
    (0, b"2ELIFREP", "perf.data of a machine of the other byte order"),
    (0, b"PERFFILE", "perf.data of before Linux 2.6.32"),
    (0, b"\x17\x08\x44tracing", "trace.dat of trace-cmd"),
    (0, b"DAE\n", "OProfile sample file"),
    (0, b"\x7fELF", "ELF program or library"),
    (0, b"SQLite format 3\0", "SQLite database"),
    (0, b"\x1f\x8b", "gzip-compressed data"),
    (0, b"\xfd7zXZ\0", "xz-compressed data"),
    (0, b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (0, b"BZh", "bzip2-compressed data"),
    (0, b"\x04\x22\x4d\x18", "lz4-compressed data"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (0, b"PK\x03\x04", "zip archive"),
    (257, b"ustar", "tar archive"),
    (0, b"!<arch>\n", "ar archive"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF8", "GIF image"),
    (0, b"%PDF-", "PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office document"),
    (0, b"PAR1", "Parquet file"),
    (0, b"\x89HDF\r\n\x1a\n", "HDF5 file"),
    (0, b"\x93NUMPY", "NumPy array"),
    (0, b"MZ", "Windows program"),
    (0, b"\xff\xfe\0\0", "UTF-32 text"),
    (0, b"\0\0\xfe\xff", "UTF-32 text"),
];

/// What a file without a byte is taken for.
pub const EMPTY: &str = "empty file";

/// What the block holds when it is no text; `None` when it may be read as text.
pub(super) fn recognise(block: &[u8]) -> Option<&'static str> {
    if block.is_empty() {
        return Some(EMPTY);
    }
    let control = count_controls(block);
    if control == 0 && !block.starts_with(b"%PDF-") {
        return None;
    }
    let magic = MAGIC.iter().find(|(at, bytes, _)| block.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
    if let Some((_, _, name)) = magic {
        return Some(name);
    }
    if block.starts_with(b"\xff\xfe") || block.starts_with(b"\xfe\xff") {
        return None;
    }
    is_binary(block, control).then(|| describe(block))
}

/// How many control bytes a block holds. Every byte of every file comes here: sums that fit a byte are taken many at a time.
fn count_controls(block: &[u8]) -> usize {
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u8::from(is_control(byte))).sum::<u8>();
    block.chunks(usize::from(u8::MAX)).map(|bytes| usize::from(sum(bytes))).sum()
}

/// Control bytes that no text holds. Tab, line ends, backspace, form feed and escape are met in logs of terminals.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "without a branch the compiler looks at many bytes at a time")]
fn is_control(byte: u8) -> bool {
    (byte < 0x20) & (byte.wrapping_sub(0x08) > 0x0d - 0x08) & (byte != 0x1b)
}

/// Random bytes have 10 % control bytes and are no UTF-8; a text damaged by a crash has some NUL bytes and is UTF-8 otherwise.
fn is_binary(block: &[u8], control: usize) -> bool {
    let share = control * 100 / block.len();
    share >= 30 || (share >= 2 && !is_utf8_but_for_the_cut(block))
}

fn is_utf8_but_for_the_cut(block: &[u8]) -> bool {
    std::str::from_utf8(block).map_or_else(|error| error.error_len().is_none(), |_| true)
}

fn describe(block: &[u8]) -> &'static str {
    let nul_share = |offset: usize| {
        let nul = block.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
        nul * 200 / block.len()
    };
    if block.iter().all(|&byte| byte == 0) {
        "nothing but NUL bytes"
    } else if nul_share(0).abs_diff(nul_share(1)) >= 80 {
        "UTF-16 text without a byte order mark"
    } else {
        "binary data"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_not_binary() {
        for text in [
            "plain\n".as_bytes(),
            "größe 1\u{202f}234\n".as_bytes(),
            b"latin f\xfcr\n",
            b"\x1b[31mred\x1b[m\x08\x0c\r\n",
            b"\xff\xfea\0\n\0",
            b"BZh is a word",
            "a log with a hole: \0\0\0\0 and a long rest that is text".as_bytes(),
        ] {
            assert_eq!(recognise(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_block_is_no_sign_of_binary_data() {
        let mut block = b"\0\0".to_vec();
        block.extend_from_slice("ä".repeat(40).as_bytes());
        block.pop();
        assert_eq!(recognise(&block), None);
    }

    #[test]
    fn binary_files_are_named() {
        for (bytes, name) in [
            (b"" as &[u8], "empty file"),
            (b"PERFILE2h\0\0\0\0\0\0\0", "perf.data"),
            (b"\x7fELF\x02\x01\x01\0", "ELF program or library"),
            (b"\x1f\x8b\x08\0\0\0\0\0", "gzip-compressed data"),
            (&[0; 512], "nothing but NUL bytes"),
            (b"p\0e\0r\0f\0 \0s\0", "UTF-16 text without a byte order mark"),
            (b"\x01\x02\x03\xf1\xf2\xf3abc\x80\x81", "binary data"),
        ] {
            assert_eq!(recognise(bytes), Some(name), "{bytes:?}");
        }
    }
}
