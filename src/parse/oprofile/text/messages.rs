//! What opreport says beside its tables; with `2>&1` it lands in the file.

/// What a line says about the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Message {
    /// Nothing that matters for the numbers.
    Plain,
    /// Something that lowers trust in all of them.
    Quality(&'static str),
}

const QUALITY: [(&str, &str); 6] = [
    ("WARNING! Some of the events were throttled", "the tool warns that events were throttled: samples are missing"),
    ("WARNING: Lost samples detected", "the tool warns of lost samples"),
    ("WARNING! The OProfile kernel driver reports", "the tool warns of overflows of the sample buffer: samples are missing"),
    ("warning: the last modified time of the binary", "a binary was changed since it was profiled: its symbols may be wrong"),
    ("warning: could not check that the binary", "it could not be checked whether a binary was changed since it was profiled"),
    ("warning: dropping hyperspace sample", "the tool dropped samples of hyperspace"),
];

const PLAIN: [&str; 17] = [
    "Using ",
    "warning: ",
    "WARNING",
    "Could not locate event ",
    "Either this is the wrong binary or the binary has been modified",
    "opreport error: ",
    "error: ",
    "the initial sample rate is too high",
    "interrupts.  Decrease the sampling frequency",
    "for the throttled event names",
    "operf: ",
    "Profiling done.",
    "Profiler started",
    "* * * ",
    "See the ",
    "sample data.",
    "Suggestion: ",
];

/// The message that a line is.
pub(super) fn message(text: &str) -> Option<Message> {
    let text = text.trim();
    if let Some((_, note)) = QUALITY.iter().find(|(begin, _)| text.starts_with(begin)) {
        return Some(Message::Quality(note));
    }
    let throttled = text.starts_with('/') && text.ends_with("/stats/throttled");
    (throttled || PLAIN.iter().any(|begin| text.starts_with(begin))).then_some(Message::Plain)
}

/// Whether a line stands for rows that whoever copied the report left out.
pub(super) fn is_elision(text: &str) -> bool {
    let text = text.trim();
    matches!(text, ".." | "..." | "...." | "[...]" | "[..]" | "…" | "<snip>" | "[snip]")
}
