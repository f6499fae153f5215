//! How each small table is searched and added to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use super::{EnvironmentColumns, ParserName, ScopeColumns, Table, environment, tool};
use crate::model::{Environment, Kind, Scope, ScopeKind, Spelling, ToolName};
use crate::store::any::{Db, on_backend};
use crate::store::rows::Form;
use crate::store::schema;

/// Rows of which a text is one of an array, on PostgreSQL. `= ANY` reads the whole table, and compares each row with each element, where
/// the planner has no statistics yet: 11 ms for 500 of 10,000 names, 1 ms with a join.
fn by_text(columns: &str, table: &str, text: &str) -> String {
    format!("SELECT {columns} FROM unnest($1) AS k (key) JOIN {table} t ON t.{text} = k.key")
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A table of which the natural key is one text.
macro_rules! text_table {
    ($name:ident, $table:ident, $id:ident, $text:ident) => {
        pub(super) struct $name;

        impl Table for $name {
            type Key = String;

            fn find(db: &mut Db, keys: &[&String]) -> QueryResult<Vec<(String, i64)>> {
                use schema::$table::dsl::{$id, $table, $text};
                let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
                match db {
                    Db::Sqlite(c) => $table.select(($text, $id)).filter($text.eq_any(&keys)).load(c),
                    Db::Postgres(c) => {
                        let columns = concat!("t.", stringify!($text), " AS text, t.", stringify!($id), " AS id");
                        let query = diesel::sql_query(by_text(columns, stringify!($table), stringify!($text)));
                        let rows: Vec<TextRow> = query.bind::<Array<Text>, _>(&keys).load(c)?;
                        Ok(rows.into_iter().map(|row| (row.text, row.id)).collect())
                    }
                }
            }

            fn add(db: &mut Db, keys: &[&String]) -> QueryResult<()> {
                use schema::$table::dsl::{$table, $text};
                let rows: Vec<_> = keys.iter().map(|key| $text.eq(key.as_str())).collect();
                on_backend!(db, c => diesel::insert_into($table).values(&rows).execute(c)).map(drop)
            }
        }
    };
}

text_table!(Roots, roots, root_id, location);
text_table!(Hosts, hosts, host_id, name);
text_table!(Experiments, experiments, experiment_id, name);
text_table!(Origins, origins, origins_id, text);
text_table!(Sides, sides, sides_id, text);

/// A set of labels by its JSON text; adding one adds its members.
pub(super) struct LabelSets;

impl Table for LabelSets {
    type Key = String;

    fn find(db: &mut Db, keys: &[&String]) -> QueryResult<Vec<(String, i64)>> {
        use schema::label_sets::dsl;
        let rows = dsl::label_sets.select((dsl::text, dsl::label_set_id)).filter(dsl::text.eq_any(keys.iter().copied()));
        on_backend!(db, c => rows.load(c))
    }

    fn add(db: &mut Db, keys: &[&String]) -> QueryResult<()> {
        use schema::label_sets::dsl as sets;
        use schema::labels::dsl;
        let rows: Vec<_> = keys.iter().map(|key| sets::text.eq(key.as_str())).collect();
        on_backend!(db, c => diesel::insert_into(sets::label_sets).values(&rows).execute(c))?;
        for (text, id) in Self::find(db, keys)? {
            let members: BTreeMap<String, String> =
                serde_json::from_str(&text).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
            let rows: Vec<_> = members
                .iter()
                .map(|(name, value)| (dsl::label_set_id.eq(id), dsl::name.eq(name), dsl::value.eq(value)))
                .collect();
            on_backend!(db, c => diesel::insert_into(dsl::labels).values(&rows).execute(c))?;
        }
        Ok(())
    }
}
text_table!(ProfileNames, profile_names, name_id, text);

pub(super) struct Tools;

impl Table for Tools {
    type Key = ToolName;

    fn find(db: &mut Db, keys: &[&ToolName]) -> QueryResult<Vec<(ToolName, i64)>> {
        use schema::tools::dsl;
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        let rows: Vec<(i64, String, Option<String>)> = on_backend!(db, c => {
            dsl::tools.select((dsl::tool_id, dsl::name, dsl::version)).filter(dsl::name.eq_any(&names)).load(c)
        })?;
        Ok(rows.into_iter().map(tool).collect())
    }

    fn add(db: &mut Db, keys: &[&ToolName]) -> QueryResult<()> {
        use schema::tools::dsl;
        let rows: Vec<_> = keys.iter().map(|key| (dsl::name.eq(&key.name), dsl::version.eq(key.version.as_ref()))).collect();
        on_backend!(db, c => diesel::insert_into(dsl::tools).values(&rows).execute(c)).map(drop)
    }
}

pub(super) struct Parsers;

impl Table for Parsers {
    type Key = ParserName;

    /// There are as many as formats and their versions: all of them are read at once.
    fn find(db: &mut Db, _keys: &[&ParserName]) -> QueryResult<Vec<(ParserName, i64)>> {
        let rows: Vec<(i64, Option<String>, i32)> = on_backend!(db, c => schema::parsers::table.load(c))?;
        let name = |format: Option<String>, version| ParserName { format: format.map(Cow::Owned), version };
        Ok(rows.into_iter().map(|(id, format, version)| (name(format, version), id)).collect())
    }

    fn add(db: &mut Db, keys: &[&ParserName]) -> QueryResult<()> {
        use schema::parsers::dsl;
        let rows: Vec<_> =
            keys.iter().map(|key| (dsl::format.eq(key.format.as_deref()), dsl::version.eq(key.version))).collect();
        on_backend!(db, c => diesel::insert_into(dsl::parsers).values(&rows).execute(c)).map(drop)
    }
}

pub(super) struct Environments;

impl Table for Environments {
    type Key = Environment;

    fn find(db: &mut Db, _keys: &[&Environment]) -> QueryResult<Vec<(Environment, i64)>> {
        let rows: Vec<EnvironmentColumns> = on_backend!(db, c => schema::environments::table.load(c))?;
        Ok(rows.into_iter().map(environment).collect())
    }

    fn add(db: &mut Db, keys: &[&Environment]) -> QueryResult<()> {
        use schema::environments::dsl;
        let rows: Vec<_> = keys
            .iter()
            .map(|key| {
                (
                    dsl::arch.eq(key.arch.as_ref()),
                    dsl::vendor.eq(key.vendor.as_ref()),
                    dsl::family.eq(key.family),
                    dsl::model.eq(key.model),
                    dsl::stepping.eq(key.stepping),
                    dsl::microarch.eq(key.microarch.as_ref()),
                    dsl::kernel.eq(key.kernel.as_ref()),
                    dsl::virt.eq(key.virt.as_ref()),
                )
            })
            .collect();
        on_backend!(db, c => diesel::insert_into(dsl::environments).values(&rows).execute(c)).map(drop)
    }
}

#[derive(QueryableByName)]
struct SpellingRow {
    #[diesel(sql_type = BigInt)]
    spelling_id: i64,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Nullable<Text>)]
    unit: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
}

pub(super) struct Spellings;

impl Table for Spellings {
    type Key = Spelling;

    fn find(db: &mut Db, keys: &[&Spelling]) -> QueryResult<Vec<(Spelling, i64)>> {
        use schema::spellings::dsl;
        // Two units of one text are two keys.
        let texts: BTreeSet<&str> = keys.iter().map(|key| key.text.as_str()).collect();
        let texts: Vec<&str> = texts.into_iter().collect();
        let rows: Vec<(i64, String, Option<String>, String)> = match db {
            Db::Sqlite(c) => dsl::spellings.filter(dsl::text.eq_any(&texts)).load(c)?,
            Db::Postgres(c) => {
                let query = diesel::sql_query(by_text("t.spelling_id, t.text, t.unit, t.kind", "spellings", "text"));
                let rows: Vec<SpellingRow> = query.bind::<Array<Text>, _>(&texts).load(c)?;
                rows.into_iter().map(|row| (row.spelling_id, row.text, row.unit, row.kind)).collect()
            }
        };
        rows.into_iter()
            .map(|(id, text, unit, kind)| Ok((Spelling { text, unit, kind: word(&kind, Kind::from_word)? }, id)))
            .collect()
    }

    fn add(db: &mut Db, keys: &[&Spelling]) -> QueryResult<()> {
        use schema::spellings::dsl;
        let rows: Vec<_> = keys
            .iter()
            .map(|key| (dsl::text.eq(&key.text), dsl::unit.eq(key.unit.as_ref()), dsl::kind.eq(key.kind.as_str())))
            .collect();
        on_backend!(db, c => diesel::insert_into(dsl::spellings).values(&rows).execute(c)).map(drop)
    }
}

pub(super) struct Forms;

impl Table for Forms {
    type Key = Form;

    fn find(db: &mut Db, keys: &[&Form]) -> QueryResult<Vec<(Form, i64)>> {
        use schema::forms::dsl;
        let spellings: BTreeSet<i64> = keys.iter().map(|key| key.spelling_id).collect();
        let columns = ((dsl::spelling_id, dsl::metric_spelling_id, dsl::status, dsl::flags), dsl::form_id);
        on_backend!(db, c => dsl::forms.select(columns).filter(dsl::spelling_id.eq_any(&spellings)).load(c))
    }

    fn add(db: &mut Db, keys: &[&Form]) -> QueryResult<()> {
        use schema::forms::dsl;
        let rows: Vec<Form> = keys.iter().map(|key| **key).collect();
        on_backend!(db, c => diesel::insert_into(dsl::forms).values(&rows).execute(c)).map(drop)
    }
}

pub(super) struct Scopes;

impl Table for Scopes {
    type Key = Scope;

    fn find(db: &mut Db, keys: &[&Scope]) -> QueryResult<Vec<(Scope, i64)>> {
        use schema::scopes::dsl;
        let labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
        let rows: Vec<ScopeColumns> = on_backend!(db, c => dsl::scopes.filter(dsl::label.eq_any(&labels)).load(c))?;
        rows.into_iter()
            .map(|(id, kind, label, cgroup, members)| {
                Ok((Scope { kind: word(&kind, ScopeKind::from_word)?, label, cgroup, members }, id))
            })
            .collect()
    }

    fn add(db: &mut Db, keys: &[&Scope]) -> QueryResult<()> {
        use schema::scopes::dsl;
        let rows: Vec<_> = keys
            .iter()
            .map(|key| {
                (
                    dsl::kind.eq(key.kind.as_str()),
                    dsl::label.eq(&key.label),
                    dsl::cgroup.eq(key.cgroup.as_ref()),
                    dsl::members.eq(key.members),
                )
            })
            .collect();
        on_backend!(db, c => diesel::insert_into(dsl::scopes).values(&rows).execute(c)).map(drop)
    }
}

/// Reads a word that the CHECK of its column admits.
pub(in crate::store) fn word<T>(text: &str, read: fn(&str) -> Option<T>) -> QueryResult<T> {
    read(text).ok_or_else(|| diesel::result::Error::DeserializationError(format!("unknown word '{text}'").into()))
}
