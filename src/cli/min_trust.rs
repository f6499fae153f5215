//! The option that leaves out what is hard to believe, the same for all questions.

use std::sync::Arc;

use super::selection::tell;
use super::words::number_of;
use crate::judge::{SUSPICIOUS, doubted};
use crate::store::query::Selection;
use crate::store::query::selection::LeftOut;
use crate::store::{Store, StoreError};

/// How far a result must be believed.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct MinTrustArgs {
    /// Leave out results that have less trust than this, in [0, 1], and say how many; 0 leaves out none
    #[arg(long, value_name = "TRUST", value_parser = trust)]
    min_trust: Option<f64>,
}

/// Reads a coefficient.
pub(super) fn trust(text: &str) -> Result<f64, String> {
    let read = text.parse().ok().filter(|trust| (0.0..=1.0).contains(trust));
    read.ok_or_else(|| "trust is a number from 0 to 1".to_owned())
}

/// What a question leaves out, to be told when it was answered.
pub(super) struct Doubted {
    results: Arc<LeftOut>,
    least: Option<f64>,
}

impl MinTrustArgs {
    /// What a question about these results leaves out: without the option what people call suspicious.
    pub(super) fn of_question(&self, store: &mut Store, asked: &Selection) -> Result<Doubted, StoreError> {
        Ok(Doubted { results: Arc::new(doubted(store, asked, self.min_trust)?), least: self.min_trust })
    }

    /// What a listing leaves out: nothing without the option.
    pub(super) fn of_listing(&self, store: &mut Store, asked: &Selection) -> Result<Doubted, StoreError> {
        let results = if self.min_trust.is_some() { doubted(store, asked, self.min_trust)? } else { LeftOut::default() };
        Ok(Doubted { results: Arc::new(results), least: self.min_trust })
    }
}

impl Doubted {
    /// A selection without them.
    pub(super) fn taken_from(&self, selection: Selection) -> Selection {
        selection.without(&self.results)
    }

    /// Says on standard error how many were passed over, when somebody asked for it or it is not none.
    pub(super) fn tell(&self) {
        let met = number_of(self.results.met(), "result");
        match self.least {
            Some(least) => tell(&format!("left out: {met} with less trust than {least}")),
            None if self.results.met() > 0 => tell(&format!(
                "left out: {met} that people gave less trust than {SUSPICIOUS}; --min-trust 0 takes them in, `prc-etl trust list` tells why"
            )),
            None => {}
        }
    }
}
