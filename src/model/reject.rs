//! What could not be used, and why.

/// Why a line or a file was rejected; the word is stored and can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RejectKind {
    /// The line stands where a row is due and does not have the shape of one.
    Row,
    /// A number cannot be read under the notation that the rest of the source shows.
    Number,
    /// A text is too long or holds what no event name can hold.
    Name,
    /// The line is longer than the limit.
    LongLine,
    /// JSON that is neither valid nor broken in a way that perf is known to break it.
    Json,
    /// The file could not be read, or changed or vanished while it was read.
    Unreadable,
    /// The file is larger than the limit.
    TooLarge,
    /// The path cannot be stored.
    Path,
    /// Not a regular file: a FIFO, socket or device.
    NotAFile,
    /// The content can be read as more than one format.
    Ambiguous,
    /// The store refused this source.
    Store,
    /// A side file that says what nobody can understand; nothing below it is imported.
    Sidecar,
    /// Lines of the source were rejected, and a source with such lines was not wanted (`--strict`).
    Strict,
    /// The program failed on this source: a bug.
    Internal,
}

impl RejectKind {
    /// Every kind with the word used in every output and in the database.
    pub const WORDS: [(Self, &'static str); 14] = [
        (Self::Row, "row"),
        (Self::Number, "number"),
        (Self::Name, "name"),
        (Self::LongLine, "long line"),
        (Self::Json, "json"),
        (Self::Unreadable, "unreadable"),
        (Self::TooLarge, "too large"),
        (Self::Path, "path"),
        (Self::NotAFile, "not a file"),
        (Self::Ambiguous, "ambiguous"),
        (Self::Store, "store"),
        (Self::Sidecar, "side file"),
        (Self::Strict, "strict"),
        (Self::Internal, "internal"),
    ];

    /// The word used in every output and in the database.
    pub fn as_str(self) -> &'static str {
        Self::WORDS[self as usize].1
    }

    /// The kind that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// A line, or a whole source, that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line of the file, from 1; 0 when the whole source is meant.
    pub line: u32,
    /// Column in characters, from 1, where reading stopped; 0 when the whole line or source is meant.
    pub column: u32,
    /// The class of the reason.
    pub kind: RejectKind,
    /// The reason, for people.
    pub reason: String,
    /// The line as it stands in the source (without its line end), cut at [`Reject::TEXT_LIMIT`].
    pub text: String,
}

impl Reject {
    /// Bytes of the original text that are kept.
    pub const TEXT_LIMIT: usize = 4096;

    /// A reject of one line; a long text is cut at a character boundary and marked with an ellipsis.
    pub fn line(line: u32, column: u32, kind: RejectKind, reason: impl Into<String>, text: &str) -> Self {
        let mut kept = text[..text.floor_char_boundary(Self::TEXT_LIMIT)].to_owned();
        if kept.len() < text.len() {
            kept.push('…');
        }
        Self { line, column, kind, reason: reason.into(), text: kept }
    }

    /// A reject of a whole source.
    pub fn source(kind: RejectKind, reason: impl Into<String>) -> Self {
        Self { line: 0, column: 0, kind, reason: reason.into(), text: String::new() }
    }
}
