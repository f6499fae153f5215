//! Where bytes come from: walks the arguments, reads, hashes and decodes.
//!
//! A compressed file is read as its content, an archive as a directory of its own name.
//!
//! Two promises hold for every input, however hostile: nothing but regular files is opened (a FIFO never blocks), and memory is
//! bounded by [`MAX_LINE`] and [`MAX_TEXT`] whatever the size of a file or of a line. A file is read once: its digest and its text
//! come from the same bytes.

mod archive;
mod argument;
mod beside;
mod binary;
mod cached;
mod lines;
mod name;
mod newest;
mod read;
mod stamp;
mod text;
mod utf16;
mod walk;

pub use argument::{Argument, Arguments, Place, UNFINISHED};
pub use beside::Beside;
pub use binary::EMPTY;
pub use cached::{fetch, is_cold, stand_behind};
pub use lines::MAX_LINE;
pub use name::lossless;
pub use newest::Newest;
pub use read::{Body, Content, MAX_BINARY, MAX_TEXT, Met, Reader};
pub use text::Text;
pub use walk::{Found, walk};
