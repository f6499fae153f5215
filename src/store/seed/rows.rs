//! The rows of its tables.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Double, Integer, Nullable, Text};

/// A row of `experiments`.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SeedExperiment {
    /// `exp_id`
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// `name`, not unique.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// `cmd`
    #[diesel(sql_type = Nullable<Text>)]
    pub command: Option<String>,
    /// `description`
    #[diesel(sql_type = Nullable<Text>)]
    pub description: Option<String>,
    /// `systemwide`
    #[diesel(sql_type = Bool)]
    pub system_wide: bool,
}

/// A row of `tools`; of `virt`, `vendors` and `kernels`, which have no version.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SeedName {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// `name`
    #[diesel(sql_type = Text)]
    pub name: String,
    /// `version`
    #[diesel(sql_type = Nullable<Text>)]
    pub version: Option<String>,
}

/// A row of `environments`, with the names it refers to.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SeedEnvironment {
    /// `env_id`
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// `arch`
    #[diesel(sql_type = Text)]
    pub arch: String,
    /// `microarch`: a name of the table of the predecessor.
    #[diesel(sql_type = Nullable<Text>)]
    pub microarch: Option<String>,
    /// Name of the vendor.
    #[diesel(sql_type = Nullable<Text>)]
    pub vendor: Option<String>,
    /// `family`
    #[diesel(sql_type = Nullable<Integer>)]
    pub family: Option<i32>,
    /// `model`; on ARM the variant of the CPU, on POWER the version of the PVR.
    #[diesel(sql_type = Nullable<Integer>)]
    pub model: Option<i32>,
    /// `stepping`; on ARM and POWER the revision.
    #[diesel(sql_type = Nullable<Integer>)]
    pub stepping: Option<i32>,
    /// Name of the virtualisation.
    #[diesel(sql_type = Nullable<Text>)]
    pub virt: Option<String>,
    /// Release of the kernel, in later versions without the architecture.
    #[diesel(sql_type = Nullable<Text>)]
    pub kernel: Option<String>,
}

/// A row of `events`.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SeedEvent {
    /// `event_id`
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// `name`, as the tool printed it.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// `evt_num`: no program of the predecessor wrote it.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub number: Option<i64>,
    /// `nmask`, likewise.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub mask: Option<i64>,
    /// `idgroup`, likewise.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub group: Option<i64>,
}

/// A row of `results`.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct SeedResult {
    /// `rsl_id`
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// `exp_id`
    #[diesel(sql_type = BigInt)]
    pub experiment: i64,
    /// `tool_id`
    #[diesel(sql_type = BigInt)]
    pub tool: i64,
    /// `env_id`
    #[diesel(sql_type = BigInt)]
    pub environment: i64,
    /// `event_id`
    #[diesel(sql_type = BigInt)]
    pub event: i64,
    /// `val`
    #[diesel(sql_type = Double)]
    pub value: f64,
    /// `reliability_manual`
    #[diesel(sql_type = Nullable<Double>)]
    pub reliability_manual: Option<f64>,
    /// `reliability_auto`
    #[diesel(sql_type = Nullable<Double>)]
    pub reliability_auto: Option<f64>,
    /// Rows of a lower `rsl_id` with the same experiment, tool, environment, event and value.
    #[diesel(sql_type = BigInt)]
    pub equal_before: i64,
}

/// All tables but `results`, each in the order of its ids.
#[derive(Debug, Clone, Default)]
pub struct SeedTables {
    /// `experiments`
    pub experiments: Vec<SeedExperiment>,
    /// `tools`
    pub tools: Vec<SeedName>,
    /// `virt`
    pub virt: Vec<SeedName>,
    /// `vendors`
    pub vendors: Vec<SeedName>,
    /// `kernels`
    pub kernels: Vec<SeedName>,
    /// `environments`
    pub environments: Vec<SeedEnvironment>,
    /// `events`
    pub events: Vec<SeedEvent>,
}
