//! The titles of the tables, which say what columns there are.

use nom::bytes::complete::{tag, take_while};
use nom::combinator::{all_consuming, opt, peek};
use nom::multi::many1_count;
use nom::sequence::{pair, preceded, terminated};
use nom::{IResult, Parser};

use super::header::{self, Title};

/// Width of the columns of images and applications.
pub(super) const NAME_WIDTH: usize = 25;

/// Columns of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shape {
    /// An address stands first.
    pub(super) vma: bool,
    /// Events, CPUs, processes or threads, with two to five numbers each.
    pub(super) classes: usize,
    /// Cumulated samples and percentages stand behind the plain ones.
    pub(super) cumulated: bool,
    /// A change since another profile stands behind them.
    pub(super) diff: bool,
}

/// Columns of a symbol list. A width is that of the titles: copies may have lost padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Columns {
    /// Those of numbers.
    pub(super) shape: Shape,
    /// `linenr info`
    pub(super) location: bool,
    /// `image name` and its width.
    pub(super) image: Option<usize>,
    /// `app name` and its width.
    pub(super) app: Option<usize>,
    /// Columns before the titles, which copies indent.
    pub(super) indent: usize,
}

/// Whether a line begins the titles of a symbol list; mail wraps them before a name.
pub(super) fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let samples = text.strip_prefix("vma").map_or(text, str::trim_start);
    samples.starts_with("samples ") && samples.contains('%') && numbers(text).is_ok()
}

fn word<'a>(name: &'static str) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    terminated(tag(name), take_while(|c: char| c == ' '))
}

fn numbers(input: &str) -> IResult<&str, Shape> {
    let (input, vma) = opt(word("vma")).parse(input)?;
    let (_, (cumulated, diff)) = peek(preceded(
        word("samples"),
        pair(opt(word("cum. samples")), preceded(pair(word("%"), opt(word("cum. %"))), opt(word("diff %")))),
    ))
    .parse(input)?;
    let one = (word("samples"), opt(word("cum. samples")), word("%"), opt(word("cum. %")), opt(word("diff %")));
    let (input, classes) = many1_count(one).parse(input)?;
    let shape = Shape { vma: vma.is_some(), classes, cumulated: cumulated.is_some(), diff: diff.is_some() };
    Ok((input, shape))
}

/// The columns that a line of titles announces.
pub(super) fn columns(text: &str) -> Option<Columns> {
    let line = text.trim_start();
    if !begins(line) {
        return None;
    }
    let (rest, shape) = numbers(line).ok()?;
    let (rest, location) = opt(word("linenr info")).parse(rest).ok()?;
    let (after_image, image) = opt(word("image name")).parse(rest).ok()?;
    let (after_app, app) = opt(word("app name")).parse(after_image).ok()?;
    let end: IResult<&str, &str> = all_consuming(word("symbol name")).parse(after_app);
    end.ok()?;
    let width = |name: Option<&str>, from: &str, to: &str| name.map(|_| width(from.len() - to.len()));
    Some(Columns {
        shape,
        location: location.is_some(),
        image: width(image, rest, after_image),
        app: width(app, after_image, after_app),
        indent: text.len() - line.len(),
    })
}

/// Titles that were joined from two lines stand one blank apart, whatever the columns are.
fn width(printed: usize) -> usize {
    const LONGEST_TITLE: usize = "image name".len();
    if printed <= LONGEST_TITLE + 1 { NAME_WIDTH } else { printed }
}

/// Whether a line is made of `  samples|      %|`.
pub(super) fn is_cells(text: &str) -> bool {
    cell_count(text).is_some()
}

/// How many pairs of `  samples|      %|` a line holds.
pub(super) fn cell_count(text: &str) -> Option<usize> {
    let cells: Vec<&str> = text.strip_suffix('|')?.split('|').map(str::trim).collect();
    let pairs = cells.as_chunks::<2>();
    (!pairs.0.is_empty() && pairs.1.is_empty() && pairs.0.iter().all(|pair| *pair == ["samples", "%"])).then_some(pairs.0.len())
}

/// The titles above such a line: `CPU_CLK_UNHALT...|  LLC_MISSES:6000|`.
pub(super) fn cell_titles(text: &str) -> Option<Vec<Title>> {
    let cells = text.strip_suffix('|')?.split('|').map(str::trim);
    let titles: Vec<Title> = cells.map(header::title).collect();
    let fits = |title: &Title| {
        !title.text.is_empty() && !title.text.contains(' ') && (title.name.is_some() || title.text.ends_with("..."))
    };
    titles.iter().all(fits).then_some(titles)
}

/// Whether a line is a rule: 18 dashes for each column of a summary, 79 in a call graph.
pub(super) fn is_rule(text: &str) -> bool {
    let text = text.trim_start().trim_end();
    text.len() >= 18 && text.bytes().all(|byte| byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_announce_the_columns_and_their_widths() {
        let one = columns("samples  %        image name               app name                 symbol name").expect("titles");
        assert_eq!((one.shape.classes, one.image, one.app, one.location), (1, Some(25), Some(25), false));
        let all = columns(
            "vma      samples  cum. samples  %        cum. %     diff %    samples  cum. samples  %        cum. %     diff %    linenr info                 symbol name",
        );
        let shape = Shape { vma: true, classes: 2, cumulated: true, diff: true };
        assert_eq!(all.map(|columns| (columns.shape, columns.location, columns.image)), Some((shape, true, None)));
        let squeezed = columns("samples  %        app name             symbol name").expect("titles");
        assert_eq!((squeezed.image, squeezed.app), (None, Some(21)));
        assert_eq!(
            columns("samples  %        image name               app name symbol name").and_then(|all| all.app),
            Some(25)
        );
        assert_eq!(columns("samples  %        image name"), None);
        assert!(begins("samples  %        image name") && !begins("samples of 3 % were"));
    }

    #[test]
    fn cells_of_a_summary_are_told_from_other_tables() {
        assert_eq!(cell_count("  samples|      %|  samples|      %|"), Some(2));
        assert_eq!(cell_count("  samples|      %|  samples|"), None);
        let names = |text: &str| cell_titles(text).map(|titles| titles.into_iter().map(|title| title.text).collect::<Vec<_>>());
        assert_eq!(
            names("CPU_CLK_UNHALT...|  LLC_MISSES:6000|"),
            Some(vec!["CPU_CLK_UNHALT...".into(), "LLC_MISSES:6000".into()])
        );
        assert_eq!(names("| a | b |"), None);
    }
}
