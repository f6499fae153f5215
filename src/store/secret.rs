//! Reads PostgreSQL connection strings strictly, to know what in them is secret.
//!
//! libpq prints parts of a password when it reads a string otherwise than its writer meant it (`p@ss:w/rd` unescaped gives
//! `invalid integer value "w"`). What could be read two ways is therefore refused here, before libpq sees it.

/// What a connection string holds.
pub(super) struct Read {
    /// Every form of every password.
    pub(super) secrets: Vec<String>,
    /// The string without what may be secret.
    pub(super) shown: String,
}

const SECRET_KEYS: [&str; 4] = ["password", "sslpassword", "oauth_client_secret", "scram_client_key"];
const SHOWN_KEYS: [&str; 5] = ["host", "hostaddr", "port", "dbname", "user"];

/// Replaces every secret, the longest first.
pub(super) fn scrub(message: &str, secrets: &[String]) -> String {
    let mut sorted: Vec<&String> = secrets.iter().filter(|secret| !secret.is_empty()).collect();
    sorted.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    sorted.into_iter().fold(message.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
}

/// Reads what follows `postgres://`: `[user[:password]@][host[:port],...][/dbname][?key=value&...]`.
pub(super) fn read_url(rest: &str) -> Option<Read> {
    if rest.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (user_info, place) = base.split_once('@').unwrap_or(("", base));
    if place.contains('@') || user_info.contains('/') || query.contains(['@', '/', '?', ':']) && !is_plain_query(query) {
        return None;
    }
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
    if database.contains('/') || !hosts.split(',').all(is_host) {
        return None;
    }
    let mut secrets = forms_of(password)?;
    decode(user)?;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=')?;
        let forms = forms_of(value)?;
        if is_secret(key) {
            secrets.extend(forms);
        }
    }
    let at = if user.is_empty() { "" } else { "@" };
    Some(Read { secrets, shown: format!("postgres://{user}{at}{hosts}/{database}") })
}

/// A socket directory may stand in a query unescaped (`?host=/run/postgresql`); anything with `@` or `?` is a cut password.
fn is_plain_query(query: &str) -> bool {
    !query.contains(['@', '?']) && query.split('&').all(|pair| pair.contains('='))
}

fn is_host(host: &str) -> bool {
    if host.starts_with('[') {
        let Some((_, port)) = host.split_once(']') else { return false };
        return port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    }
    host.split_once(':').is_none_or(|(name, port)| !name.contains(':') && is_port(port))
}

fn is_port(port: &str) -> bool {
    port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit())
}

fn is_secret(key: &str) -> bool {
    SECRET_KEYS.contains(&key)
}

/// A secret as written and as meant; `None` when an escape is broken.
fn forms_of(value: &str) -> Option<Vec<String>> {
    let mut forms = vec![value.to_owned()];
    let decoded = decode(value)?;
    if decoded != value {
        forms.push(decoded);
    }
    forms.retain(|form| !form.is_empty());
    Some(forms)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = tail;
            continue;
        }
        let [high, low, after @ ..] = tail else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(*high)? * 16 + digit(*low)?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// Whether a text begins like a libpq `key=value` string rather than like a file name.
pub(super) fn looks_like_pairs(text: &str) -> bool {
    const FIRST: [&str; 10] =
        ["host", "hostaddr", "port", "dbname", "user", "password", "service", "passfile", "sslmode", "application_name"];
    text.split_once('=').is_some_and(|(key, _)| FIRST.contains(&key.trim()))
}

/// Reads `key = value key='quoted \' value'` as libpq does.
pub(super) fn read_pairs(text: &str) -> Option<Read> {
    let (mut secrets, mut shown) = (Vec::new(), Vec::new());
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (key, tail) = rest.split_once('=')?;
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            return None;
        }
        let (raw, value, after) = pair_value(tail.trim_start())?;
        if is_secret(key) {
            secrets.extend([raw.to_owned(), value]);
        } else if SHOWN_KEYS.contains(&key) {
            shown.push(format!("{key}={raw}"));
        }
        rest = after.trim_start();
    }
    secrets.retain(|secret| !secret.is_empty());
    Some(Read { secrets, shown: format!("postgres ({})", shown.join(" ")) })
}

/// The value at the beginning of a text: as written, as meant, and what follows.
fn pair_value(text: &str) -> Option<(&str, String, &str)> {
    let quoted = text.starts_with('\'');
    let body = if quoted { &text[1..] } else { text };
    let mut value = String::new();
    let mut chars = body.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => value.push(chars.next()?.1),
            '\'' if quoted => return Some((&body[..at], value, &body[at + 1..])),
            c if !quoted && c.is_whitespace() => return Some((&body[..at], value, &body[at..])),
            c => value.push(c),
        }
    }
    (!quoted).then_some((body, value, ""))
}
