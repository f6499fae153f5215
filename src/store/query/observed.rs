//! How often an event was counted, and how often it could not be.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::store::any::on_backend;
use crate::store::{Store, StoreError};

/// What the results of one spelling say, under one version of a tool and one kernel.
#[derive(Debug, Clone, QueryableByName)]
pub struct ObservedRecord {
    /// Name of the tool.
    #[diesel(sql_type = Text)]
    pub tool: String,
    /// Its version.
    #[diesel(sql_type = Nullable<Text>)]
    pub tool_version: Option<String>,
    /// Kernel release.
    #[diesel(sql_type = Nullable<Text>)]
    pub kernel: Option<String>,
    /// Virtualisation.
    #[diesel(sql_type = Nullable<Text>)]
    pub virt: Option<String>,
    /// The event as printed.
    #[diesel(sql_type = Text)]
    pub spelling: String,
    /// Results with a number other than zero.
    #[diesel(sql_type = BigInt)]
    pub counted: i64,
    /// Results of zero: they prove nothing, for some tools print zero for what a machine lacks.
    #[diesel(sql_type = BigInt)]
    pub zero: i64,
    /// Results that never got a counter.
    #[diesel(sql_type = BigInt)]
    pub not_counted: i64,
    /// Results that machine or kernel did not know.
    #[diesel(sql_type = BigInt)]
    pub not_supported: i64,
}

/// A numbered parameter is named `$1` on both databases; SQLite numbers them as they come.
const QUERY: &str = "SELECT t.name AS tool, t.version AS tool_version, e.kernel, e.virt, p.text AS spelling, \
           CAST(SUM(CASE WHEN w.status = 0 AND COALESCE(f.value, f.count) <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS counted, \
           CAST(SUM(CASE WHEN w.status = 0 AND COALESCE(f.value, f.count) = 0 THEN 1 ELSE 0 END) AS BIGINT) AS zero, \
           CAST(SUM(CASE WHEN w.status = 1 THEN 1 ELSE 0 END) AS BIGINT) AS not_counted, \
           CAST(SUM(CASE WHEN w.status = 2 THEN 1 ELSE 0 END) AS BIGINT) AS not_supported \
    FROM bindings b \
    JOIN spellings p ON p.spelling_id = b.spelling_id \
    JOIN tools t ON t.tool_id = b.tool_id \
    JOIN environments e ON e.environment_id = b.environment_id \
    JOIN runs u ON u.tool_id = b.tool_id AND u.environment_id = b.environment_id \
    JOIN results f ON f.run_id = u.run_id \
    JOIN forms w ON w.form_id = f.form_id AND w.spelling_id = b.spelling_id \
    LEFT JOIN events v ON v.event_id = b.event_id \
    WHERE b.microarch = $1 AND (v.text = $2 OR (t.name = $3 AND p.text = $4)) \
    GROUP BY t.name, t.version, e.kernel, e.virt, p.text \
    ORDER BY t.name, COALESCE(t.version, ''), COALESCE(e.kernel, ''), COALESCE(e.virt, ''), p.text";

/// What the results of one spelling say, on one microarchitecture.
#[derive(Debug, Clone, QueryableByName)]
pub struct ObservedOn {
    /// Key of the microarchitecture.
    #[diesel(sql_type = Text)]
    pub microarch: String,
    /// What they say.
    #[diesel(embed)]
    pub observed: ObservedRecord,
}

const EVERY: &str = "SELECT b.microarch, t.name AS tool, CAST(NULL AS TEXT) AS tool_version, e.kernel, e.virt, p.text AS spelling, \
           CAST(SUM(n.counted) AS BIGINT) AS counted, CAST(SUM(n.zero) AS BIGINT) AS zero, \
           CAST(SUM(n.not_counted) AS BIGINT) AS not_counted, CAST(SUM(n.not_supported) AS BIGINT) AS not_supported \
    FROM (SELECT w.spelling_id, u.tool_id, u.environment_id, \
                 SUM(CASE WHEN w.status = 0 AND COALESCE(f.value, f.count) <> 0 THEN 1 ELSE 0 END) AS counted, \
                 SUM(CASE WHEN w.status = 0 AND COALESCE(f.value, f.count) = 0 THEN 1 ELSE 0 END) AS zero, \
                 SUM(CASE WHEN w.status = 1 THEN 1 ELSE 0 END) AS not_counted, \
                 SUM(CASE WHEN w.status = 2 THEN 1 ELSE 0 END) AS not_supported \
          FROM results f JOIN forms w ON w.form_id = f.form_id JOIN runs u ON u.run_id = f.run_id \
          GROUP BY w.spelling_id, u.tool_id, u.environment_id) n \
    JOIN bindings b ON b.spelling_id = n.spelling_id AND b.tool_id = n.tool_id AND b.environment_id = n.environment_id \
    JOIN spellings p ON p.spelling_id = n.spelling_id \
    JOIN tools t ON t.tool_id = n.tool_id \
    JOIN environments e ON e.environment_id = n.environment_id \
    WHERE b.microarch IS NOT NULL \
    GROUP BY b.microarch, t.name, e.kernel, e.virt, p.text \
    ORDER BY b.microarch, t.name, p.text, COALESCE(e.kernel, ''), COALESCE(e.virt, '')";

impl Store {
    /// What the results say of every spelling, over all versions of its tool. Reads every result.
    pub fn observed_everywhere(&mut self) -> Result<Vec<ObservedOn>, StoreError> {
        on_backend!(&mut self.db, c => diesel::sql_query(EVERY).load(c))
            .map_err(|error| StoreError::database(&self.url, "list what was counted", &error))
    }

    /// What the results on a microarchitecture say of an event: of every spelling of `canonical`, and of the one spelling itself.
    /// Reads every result of these environments.
    pub fn observed(
        &mut self,
        microarch: &str,
        canonical: Option<&str>,
        (tool, spelling): (&str, &str),
    ) -> Result<Vec<ObservedRecord>, StoreError> {
        let query = diesel::sql_query(QUERY).bind::<Text, _>(microarch).bind::<Nullable<Text>, _>(canonical);
        let query = query.bind::<Text, _>(tool).bind::<Text, _>(spelling);
        on_backend!(&mut self.db, c => query.load(c))
            .map_err(|error| StoreError::database(&self.url, "list what was counted", &error))
    }
}
