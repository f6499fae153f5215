//! What tools that list events said of them, with the machine that they said it of.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, SmallInt, Text};

use crate::model::Environment;
use crate::store::any::on_backend;
use crate::store::{Store, StoreError};

/// A line of a list.
#[derive(Debug, Clone, QueryableByName)]
pub struct ListedRecord {
    /// The format of the list: `ophelp-text`, `papi-avail`.
    #[diesel(sql_type = Text)]
    pub format: String,
    /// The event as printed.
    #[diesel(sql_type = Text)]
    pub event: String,
    /// 1 when the machine has it, else 0.
    #[diesel(sql_type = SmallInt)]
    pub supported: i16,
    /// Path of the list.
    #[diesel(sql_type = Text)]
    pub path: String,
    /// Its line, from 1.
    #[diesel(sql_type = Integer)]
    pub line: i32,
    /// Labels of the list, as a JSON object.
    #[diesel(sql_type = Nullable<Text>)]
    pub labels: Option<String>,
    #[diesel(embed)]
    place: PlaceColumns,
}

#[derive(Debug, Clone, QueryableByName)]
struct PlaceColumns {
    #[diesel(sql_type = Nullable<Text>)]
    arch: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    vendor: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    family: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    model: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    stepping: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    microarch: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    kernel: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    virt: Option<String>,
}

impl ListedRecord {
    /// The machine that the list tells of.
    pub fn environment(&self) -> Environment {
        let PlaceColumns { arch, vendor, family, model, stepping, microarch, kernel, virt } = self.place.clone();
        Environment { arch, vendor, family, model, stepping, microarch, kernel, virt }
    }
}

const QUERY: &str = "SELECT s.format, s.event, s.supported, s.path, s.line, s.labels, s.arch, s.vendor, s.family, s.model, s.stepping, \
           s.microarch, s.kernel, s.virt \
    FROM v_supports s WHERE s.format IS NOT NULL AND (s.event = $1 OR $1 IS NULL) ORDER BY s.path, s.line, s.ordinal";

impl Store {
    /// What lists say of one event, or of every one.
    pub fn listed(&mut self, event: Option<&str>) -> Result<Vec<ListedRecord>, StoreError> {
        let query = diesel::sql_query(QUERY).bind::<Nullable<Text>, _>(event);
        on_backend!(&mut self.db, c => query.load(c))
            .map_err(|error| StoreError::database(&self.url, "read lists of events", &error))
    }
}
