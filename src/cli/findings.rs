//! The commands `findings` and `bugs`.

use std::io::{self, BufWriter};

use super::Exit;
use super::database::DatabaseArgs;
use super::exit::Usage;
use super::output::{Cell, Column, Format, Rows};
use super::selection::{SelectionArgs, tell, tell_unknown};
use crate::judge::{self, Bug, FindingKind, Judged, Reason};
use crate::store::query::ResultRecord;
use crate::store::{Access, Store};

/// Arguments of both.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    selection: SelectionArgs,

    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,

    /// These kinds only: hard, zero, soft, outlier, offset, multiplexed, unsteady
    #[arg(long = "finding", value_name = "KIND", value_parser = kind)]
    kinds: Vec<FindingKind>,

    /// These rules only: I1 to I21, outlier, other-tool, multiplexing, spread
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,

    /// Print the first of them only
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

fn kind(word: &str) -> Result<FindingKind, String> {
    let known = FindingKind::WORDS.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind);
    known.ok_or_else(|| FindingKind::WORDS.map(|(_, word)| word).join(", "))
}

const FINDINGS: &[Column] = &[
    Column::main("kind"),
    Column::main("rule"),
    Column::detail("trust"),
    Column::main("path"),
    Column::main("line"),
    Column::detail("run"),
    Column::main("experiment"),
    Column::main("tool"),
    Column::detail("tool_version"),
    Column::detail("host"),
    Column::detail("microarch"),
    Column::detail("kernel"),
    Column::main("event"),
    Column::detail("canonical"),
    Column::main("value"),
    Column::detail("effect_percent"),
    Column::main("text"),
    Column::detail("source"),
];

const BUGS: &[Column] = &[
    Column::main("kind"),
    Column::main("rule"),
    Column::main("tool"),
    Column::main("tool_version"),
    Column::main("event"),
    Column::main("microarch"),
    Column::main("kernel"),
    Column::main("findings"),
    Column::main("runs"),
    Column::main("of_runs"),
    Column::main("effect_percent"),
    Column::main("example"),
    Column::detail("examples"),
    Column::main("text"),
];

/// Runs `findings`.
pub(super) fn findings(args: &Args) -> anyhow::Result<Exit> {
    let (mut store, selection) = args.open()?;
    let mut found: Vec<(FindingKind, f64, Vec<Cell<'static>>)> = Vec::new();
    judge::each_finding(&mut store, &selection, |result, of| {
        let Some((judged, reasons)) = of else { return };
        let all = reasons.iter().filter_map(|reason| Some((reason, reason.kind()?)));
        for (reason, kind) in all.filter(|(reason, kind)| args.wants(*kind, reason.rule())) {
            found.push((kind, judged.trust(), finding_cells(result, judged, reason, kind)));
        }
    })?;
    // Equal ones stay in natural order.
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    args.print(FINDINGS, found.into_iter().map(|(_, _, cells)| cells))
}

/// Runs `bugs`.
pub(super) fn bugs(args: &Args) -> anyhow::Result<Exit> {
    let (mut store, selection) = args.open()?;
    let mut bugs = judge::bugs(&mut store, &selection)?;
    bugs.retain(|bug| args.wants(bug.kind, bug.rule));
    args.print(BUGS, bugs.iter().map(bug_cells))
}

impl Args {
    fn open(&self) -> anyhow::Result<(Store, crate::store::query::Selection)> {
        if let Some(unknown) = self.rules.iter().find(|rule| !judge::RULES.contains(&rule.as_str())) {
            return Err(Usage(format!("--rule {unknown}: there are {}", judge::RULES.join(", "))).into());
        }
        let selection = self.selection.selection()?;
        let mut store = self.database.open(Access::Read)?;
        tell_unknown(&mut store, &selection)?;
        Ok((store, selection))
    }

    fn wants(&self, kind: FindingKind, rule: &str) -> bool {
        let is_kind = self.kinds.is_empty() || self.kinds.contains(&kind);
        is_kind && (self.rules.is_empty() || self.rules.iter().any(|one| one == rule))
    }

    fn print(
        &self,
        columns: &'static [Column],
        mut rows: impl ExactSizeIterator<Item = Vec<Cell<'static>>>,
    ) -> anyhow::Result<Exit> {
        let mut out = Rows::begin(self.format, columns, BufWriter::new(io::stdout().lock()))?;
        for cells in rows.by_ref().take(self.limit) {
            out.row(&cells)?;
        }
        out.finish()?;
        if rows.len() > 0 {
            tell(&format!("{} more; --limit shows more", rows.len()));
        }
        Ok(Exit::Success)
    }
}

fn text(text: &str) -> Cell<'static> {
    Cell::from(text.to_owned())
}

fn known(name: Option<&str>) -> Cell<'static> {
    name.map_or(Cell::Empty, text)
}

fn percent(share: Option<f64>) -> Cell<'static> {
    share.map_or(Cell::Empty, |share| Cell::Computed(100.0 * share))
}

fn finding_cells(result: &ResultRecord<'_>, judged: &Judged, reason: &Reason, kind: FindingKind) -> Vec<Cell<'static>> {
    let run = result.run;
    vec![
        text(kind.as_str()),
        text(reason.rule()),
        Cell::Computed(judged.trust()),
        text(&run.path),
        Cell::from(result.line),
        Cell::from(run.run),
        known(run.experiment.as_deref()),
        text(&run.tool),
        known(run.tool_version.as_deref()),
        known(run.host.as_deref()),
        known(run.microarch.as_deref()),
        known(run.kernel.as_deref()),
        text(&result.spelling.text),
        known(result.canonical),
        result.count.map_or(Cell::from(result.value), Cell::Int),
        percent(reason.effect()),
        Cell::from(reason.to_string()),
        text(reason.source()),
    ]
}

fn bug_cells(bug: &Bug) -> Vec<Cell<'static>> {
    let spot = &bug.spot;
    let number = |number: u64| Cell::Int(i64::try_from(number).unwrap_or(i64::MAX));
    vec![
        text(bug.kind.as_str()),
        text(bug.rule),
        text(&spot.tool),
        known(spot.tool_version.as_deref()),
        text(&spot.event),
        known(spot.microarch.as_deref()),
        known(spot.kernel.as_deref()),
        number(bug.findings),
        number(bug.runs),
        number(bug.of_runs),
        percent(bug.effect),
        known(bug.examples.first().map(String::as_str)),
        Cell::from(bug.examples.join(" ")),
        text(&bug.text),
    ]
}
