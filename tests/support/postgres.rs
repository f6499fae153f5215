//! A PostgreSQL server for the tests: the one that `PRC_TEST_POSTGRES_URL` names, or a private one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

/// Makes a cluster, starts it, prints its directory, and takes everything away when its standard input ends: with the test binary,
/// however that ends. The server listens on a socket in its own directory only.
const SERVER: &str = r#"
bin=$1
server=
dir=$(mktemp -d "${TMPDIR:-/tmp}/prc-etl-pg.XXXXXX") || exit 1
trap 'if [ -n "$server" ]; then kill -INT "$server"; wait "$server"; fi; rm -rf "$dir"' EXIT
"$bin/initdb" -A trust -U postgres -E UTF8 --locale=C --no-sync -D "$dir/data" >/dev/null 2>&1 || exit 1
"$bin/postgres" -D "$dir/data" -k "$dir" -c listen_addresses= -c fsync=off -c max_connections=50 </dev/null >/dev/null 2>&1 &
server=$!
tries=0
until grep -q ready "$dir/data/postmaster.pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] && kill -0 "$server" || exit 1
    sleep 0.1
done
echo "$dir"
exec >/dev/null
cat >/dev/null
"#;

/// How to become another user; the server refuses to run as root.
const AS_POSTGRES: [&[&str]; 3] = [
    &["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"],
    &["runuser", "-u", "postgres", "--"],
    &["sudo", "-n", "-u", "postgres"],
];

/// A running server: the URL of a database with `{}` for its name, and what keeps a private server alive.
struct Server {
    url: String,
    _alive: Option<ChildStdin>,
}

static SERVER_OF_THIS_BINARY: LazyLock<Option<Server>> = LazyLock::new(|| match std::env::var("PRC_TEST_POSTGRES_URL") {
    Ok(url) => Some(Server { url: with_placeholder(&url), _alive: None }),
    Err(_) => binaries().into_iter().find_map(|directory| start(&directory)),
});

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database that is dropped with this value.
pub struct Fresh {
    pub url: String,
    name: String,
}

/// A new, empty database; `None`, said loudly, when there is no server.
pub fn fresh_database() -> Option<Fresh> {
    let Some(server) = &*SERVER_OF_THIS_BINARY else {
        let note = "no PostgreSQL server, and none to start: THE POSTGRESQL HALF OF THIS TEST WAS SKIPPED";
        assert!(std::env::var_os("CI").is_none(), "{note}");
        eprintln!("{note}");
        return None;
    };
    let name = format!("prc_test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    administer(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0"));
    Some(Fresh { url: server.url.replace("{}", &name), name })
}

impl Drop for Fresh {
    fn drop(&mut self) {
        administer(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn administer(statement: &str) {
    let server = SERVER_OF_THIS_BINARY.as_ref().unwrap();
    connect(&server.url.replace("{}", "postgres")).batch_execute(statement).unwrap();
}

/// A plain connection, past the store.
#[expect(clippy::disallowed_methods, reason = "tests look at the database past the store")]
pub fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

/// `postgres://user@host/name?options` with `{}` for the name.
fn with_placeholder(url: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{{}}{query}", &base[..end])
}

/// Directories that hold `initdb` and `postgres`.
fn binaries() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        found.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        found.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    found.retain(|directory| directory.join("initdb").is_file() && directory.join("postgres").is_file());
    found
}

fn start(binaries: &Path) -> Option<Server> {
    start_as(&[], binaries).or_else(|| AS_POSTGRES.iter().find_map(|user| start_as(user, binaries)))
}

fn start_as(user: &[&str], binaries: &Path) -> Option<Server> {
    let words: Vec<&str> = user.iter().copied().chain(["sh", "-c", SERVER, "server"]).collect();
    let mut child = Command::new(words[0])
        .args(&words[1..])
        .arg(binaries)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut directory = String::new();
    BufReader::new(child.stdout.take()?).read_line(&mut directory).ok()?;
    let directory = directory.trim();
    if directory.is_empty() {
        child.wait().ok()?;
        return None;
    }
    let host = directory.replace('/', "%2F");
    Some(Server { url: format!("postgres://postgres@{host}/{{}}"), _alive: child.stdin.take() })
}
