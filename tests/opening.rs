//! Databases that cannot or must not be opened: one clear sentence, no password, nothing changed.

#![expect(clippy::unwrap_used, reason = "a step that fails must fail the test")]

mod support;

use std::fs;

use prc_etl::store::{Access, DatabaseUrl, Store, StoreError};
use support::{Db, migrations, on_both};

fn refusal(url: &DatabaseUrl, access: Access) -> StoreError {
    Store::open(url, access).err().unwrap()
}

#[test]
fn a_newer_database_is_refused_and_both_versions_are_named() {
    on_both(|db| {
        db.open();
        db.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')");
        for access in [Access::Read, Access::Existing, Access::Write] {
            let error = refusal(&db.url, access);
            assert!(matches!(error, StoreError::Newer { .. }));
            let text = error.to_string();
            assert!(text.contains("29991231000000") && text.contains(migrations().last().unwrap().as_str()), "{text}");
        }
        assert!(matches!(Store::migrate(&db.url), Err(StoreError::Newer { .. })));
    });
}

#[test]
fn the_database_of_another_program_is_refused_and_left_alone() {
    on_both(|db| {
        db.open();
        db.execute("DROP TABLE __diesel_schema_migrations; CREATE TABLE wp_posts (id INT)");
        let error = refusal(&db.url, Access::Write);
        assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    });
    on_both(|db| {
        db.open();
        // Another program that uses diesel.
        db.execute("DELETE FROM __diesel_schema_migrations");
        db.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20200101000000')");
        assert!(matches!(refusal(&db.url, Access::Write), StoreError::Foreign { .. }));
    });
}

#[test]
fn tables_of_another_program_are_seen_by_whom_they_are_hidden_from() {
    on_both(|db| {
        if let Some(path) = db.url.sqlite_path() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
        }
        db.execute("CREATE TABLE runs (id INT); CREATE VIEW wp_view AS SELECT 1 AS one");
        let mut url = db.text.clone();
        if db.url.sqlite_path().is_none() {
            // Nobody that may make tables here, and may not look into those.
            db.execute("GRANT CREATE ON SCHEMA public TO pg_read_all_stats");
            url += if url.contains('?') { "&" } else { "?" };
            url += "options=-crole%3Dpg_read_all_stats";
        }
        for access in [Access::Write, Access::Read] {
            let error = refusal(&url.parse().unwrap(), access);
            assert!(matches!(&error, StoreError::Foreign { tables, .. } if tables == "runs, wp_view"), "{error}");
        }
        assert!(matches!(Store::migrate(&url.parse().unwrap()), Err(StoreError::Foreign { .. })));
    });
}

#[test]
fn views_of_an_extension_are_no_other_program() {
    let Some(db) = Db::postgres() else { return };
    if db.number("SELECT COUNT(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'") == 1 {
        db.execute("CREATE EXTENSION pg_stat_statements");
        assert_eq!(db.open().check().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn a_missing_file_is_refused_by_readers_and_not_created() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("typo.db");
    for access in [Access::Read, Access::Existing] {
        let text = refusal(&DatabaseUrl::sqlite(&path), access).to_string();
        assert!(text.contains("typo.db") && text.contains("prc-etl import"), "{text}");
    }
    assert!(!path.exists());
}

#[test]
fn an_empty_database_is_refused_by_readers() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("empty.db");
    fs::write(&path, "").unwrap();
    assert!(matches!(refusal(&DatabaseUrl::sqlite(&path), Access::Read), StoreError::Empty(_)));
    if let Some(db) = Db::postgres() {
        assert!(matches!(refusal(&db.url, Access::Read), StoreError::Empty(_)));
    }
}

#[test]
fn what_is_no_database_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    fs::write(&path, "a".repeat(5000)).unwrap();
    assert!(refusal(&DatabaseUrl::sqlite(&path), Access::Write).to_string().contains("not a database"));
    assert!(refusal(&DatabaseUrl::sqlite(directory.path()), Access::Read).to_string().contains("directory"));
}

#[cfg(unix)]
#[test]
fn a_new_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let db = Db::sqlite();
    db.open();
    assert_eq!(fs::metadata(&db.text).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn no_error_of_a_connection_shows_the_password() {
    for text in [
        "postgres://me:hunter2@127.0.0.1:1/prc",
        "postgres://me:hunter2@no-such-host.invalid/prc?connect_timeout=1",
        "postgres://me:hunter2@127.0.0.1:1/prc?sslmode=require",
        "postgres://me:hunter2@127.0.0.1:1/prc?nonsense=1",
        "host=127.0.0.1 port=1 user=me password='hunter2'",
    ] {
        let error = refusal(&text.parse().unwrap(), Access::Write).to_string();
        assert!(!error.contains("hunter2") && error.contains("cannot open"), "{error}");
    }
}

#[test]
#[cfg(not(feature = "pg-tls"))]
fn a_binary_without_tls_says_how_to_get_it() {
    let error = refusal(&"postgres://127.0.0.1:1/prc?sslmode=require".parse().unwrap(), Access::Write).to_string();
    assert!(error.contains("--features pg-tls"), "{error}");
}

#[test]
fn a_database_that_a_server_does_not_have_is_told_with_the_command_that_creates_it() {
    let Some(db) = Db::postgres() else { return };
    let missing = db.text.replacen("/prc_test_", "/no_such_", 1);
    let text = refusal(&missing.parse().unwrap(), Access::Write).to_string();
    assert!(text.contains("no_such_") && text.contains("createdb"), "{text}");
}

#[test]
fn who_may_make_no_tables_is_told_what_would_let_him() {
    let Some(db) = Db::postgres() else { return };
    db.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE prc_nobody");
    let separator = if db.text.contains('?') { '&' } else { '?' };
    let as_nobody = format!("{}{separator}options=-c%20role%3Dprc_nobody", db.text);
    let text = refusal(&as_nobody.parse().unwrap(), Access::Write).to_string();
    db.execute("DROP ROLE prc_nobody");
    assert!(text.contains("permission denied") && text.contains("ALTER DATABASE"), "{text}");
}

#[test]
fn eight_first_opens_at_once_all_succeed() {
    on_both(|db| {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| db.open());
            }
        });
    });
}
