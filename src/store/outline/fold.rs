//! Puts a metric into the row of the counter that it directly follows.

use crate::model::{Flags, Report, RunResult, Status};

/// The metric that goes into the row of the result at `index`, if the next result is one.
///
/// Only what the counter's row can give back to the last bit is folded: the view and the listings take place, scope and interval
/// from the counter and expect nothing else beside the value.
pub(super) fn folded(report: &Report, index: usize) -> Option<&RunResult> {
    let (counter, metric) = (&report.results[index], report.results.get(index + 1)?);
    let belongs = metric.metric_of.is_some_and(|of| of as usize == index) && counter.metric_of.is_none();
    let same_place = (metric.run, metric.line, metric.scope, metric.interval_ns)
        == (counter.run, counter.line, counter.scope, counter.interval_ns);
    let bare = metric.status == Status::Counted
        && metric.number.is_some_and(|number| number.count.is_none())
        && metric.flags == Flags::default()
        && metric.running_percent.is_none()
        && metric.spread_percent.is_none()
        && metric.runtime_ns.is_none();
    (belongs && same_place && bare).then_some(metric)
}
