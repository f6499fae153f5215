//! What one voice says of the runs that it speaks for.

use std::collections::BTreeMap;

use super::Local;
use super::layout::{Field, date_micros};
use crate::model::{Context, Environment, ToolName};

/// Facts of runs, stated by one origin. What it does not say is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The experiment.
    pub experiment: Option<String>,
    /// The tool.
    pub tool: Option<ToolName>,
    /// The host.
    pub host: Option<String>,
    /// Which repetition of the experiment it is.
    pub repetition: Option<i64>,
    /// Start of the run, microseconds since 1970-01-01 of the clock on the wall.
    pub started_at: Option<i64>,
    /// The known part of the environment.
    pub environment: Environment,
    /// Everything else: key and value.
    pub labels: BTreeMap<String, String>,
}

impl Facts {
    /// Takes what a template has read. Says why a text cannot be the value of its field.
    pub(super) fn read(fields: Vec<(Field, String)>) -> Result<Self, String> {
        let mut facts = Self::default();
        for (field, text) in fields {
            facts.set(field, text)?;
        }
        Ok(facts)
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        let Self { experiment, tool, host, repetition, started_at, environment, labels } = self;
        let whose = experiment.is_none() && tool.is_none() && host.is_none() && repetition.is_none() && started_at.is_none();
        whose && labels.is_empty() && *environment == Environment::default()
    }

    /// Takes what `newer` says in place of what was said before.
    pub(super) fn overlay(&mut self, newer: &Self) {
        fn take<T: Clone>(old: &mut Option<T>, new: Option<&T>) {
            if let Some(new) = new {
                *old = Some(new.clone());
            }
        }
        take(&mut self.experiment, newer.experiment.as_ref());
        take(&mut self.tool, newer.tool.as_ref());
        take(&mut self.host, newer.host.as_ref());
        take(&mut self.repetition, newer.repetition.as_ref());
        take(&mut self.started_at, newer.started_at.as_ref());
        let (machine, said) = (&mut self.environment, &newer.environment);
        take(&mut machine.arch, said.arch.as_ref());
        take(&mut machine.vendor, said.vendor.as_ref());
        take(&mut machine.family, said.family.as_ref());
        take(&mut machine.model, said.model.as_ref());
        take(&mut machine.stepping, said.stepping.as_ref());
        take(&mut machine.microarch, said.microarch.as_ref());
        take(&mut machine.kernel, said.kernel.as_ref());
        take(&mut machine.virt, said.virt.as_ref());
        self.labels.extend(newer.labels.clone());
    }

    fn set(&mut self, field: Field, text: String) -> Result<(), String> {
        let machine = &mut self.environment;
        match field {
            Field::Experiment => self.experiment = Some(text),
            Field::Tool => self.tool = Some(text.parse()?),
            Field::Host => self.host = Some(text),
            Field::Repeat => self.repetition = Some(number(&text, "repetition")?),
            Field::Date => self.started_at = Some(date_micros(&text).ok_or_else(|| format!("'{text}' is no date"))?),
            Field::Arch => machine.arch = Some(text),
            Field::Vendor => machine.vendor = Some(text),
            Field::Family => machine.family = Some(number(&text, "family")?),
            Field::Model => machine.model = Some(number(&text, "model")?),
            Field::Stepping => machine.stepping = Some(number(&text, "stepping")?),
            Field::Microarch => machine.microarch = Some(text),
            Field::Kernel => machine.kernel = Some(text),
            Field::Virt => machine.virt = Some(text),
            Field::Label(name) => drop(self.labels.insert(name, text)),
        }
        Ok(())
    }
}

impl From<&Context> for Facts {
    fn from(context: &Context) -> Self {
        Self {
            host: context.host.clone(),
            environment: context.environment.clone(),
            labels: context.labels.clone(),
            ..Self::default()
        }
    }
}

impl From<Local> for Facts {
    fn from(local: Local) -> Self {
        Self { host: local.host, environment: local.environment, labels: local.labels, ..Self::default() }
    }
}

fn number<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("'{text}' is too large for a {what}"))
}
