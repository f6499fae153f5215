//! The spellings that are tied to no single event, with what says so.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::store::any::on_backend;
use crate::store::{Store, StoreError};

/// A spelling without a single event.
#[derive(Debug, Clone, QueryableByName)]
pub struct UnresolvedRecord {
    /// Name of the tool.
    #[diesel(sql_type = Text)]
    pub tool: String,
    /// Key of the microarchitecture; `None` when it is unknown.
    #[diesel(sql_type = Nullable<Text>)]
    pub microarch: Option<String>,
    /// The event as printed.
    #[diesel(sql_type = Text)]
    pub spelling: String,
    /// `ambiguous`, `unresolved`, or `not bound` while an import that was killed has not been completed.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// Why.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// Results that have it.
    #[diesel(sql_type = BigInt)]
    pub results: i64,
}

/// The inner query reads every result, by the columns of the narrowest key.
const QUERY: &str = "SELECT t.name AS tool, b.microarch, p.text AS spelling, COALESCE(b.status, 'not bound') AS status, b.reason, \
           CAST(SUM(n.results) AS BIGINT) AS results \
    FROM (SELECT w.spelling_id, u.tool_id, u.environment_id, COUNT(*) AS results \
          FROM results f JOIN forms w ON w.form_id = f.form_id JOIN runs u ON u.run_id = f.run_id \
          GROUP BY w.spelling_id, u.tool_id, u.environment_id) n \
    JOIN spellings p ON p.spelling_id = n.spelling_id AND p.kind <> 'metric' \
    JOIN tools t ON t.tool_id = n.tool_id \
    LEFT JOIN bindings b ON b.spelling_id = n.spelling_id AND b.tool_id = n.tool_id AND b.environment_id = n.environment_id \
    WHERE b.status IS NULL OR b.status <> 'resolved' \
    GROUP BY t.name, b.microarch, p.text, b.status, b.reason \
    ORDER BY t.name, COALESCE(b.microarch, ''), p.text, COALESCE(b.status, 'not bound'), COALESCE(b.reason, '')";

impl Store {
    /// Every spelling with results and no single event, by tool, microarchitecture and text.
    pub fn unresolved(&mut self) -> Result<Vec<UnresolvedRecord>, StoreError> {
        on_backend!(&mut self.db, c => diesel::sql_query(QUERY).load(c))
            .map_err(|error| StoreError::database(&self.url, "list unresolved events", &error))
    }
}
