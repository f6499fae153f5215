//! One answer: named values of any shape, as one JSON object, or as rows of field and value; nothing is cut off.

use std::io::{self, Write};

use serde_json::Value;

use super::{Cell, Column, Format, Rows};
use crate::cli::escape::escaped;

/// The columns of an object in tables and CSV.
const COLUMNS: &[Column] = &[Column::main("field"), Column::main("value")];

/// Prints the fields in their order. In tables and CSV each element of a list has a row, an object reads `key=value ...`.
pub(in crate::cli) fn print(format: Format, fields: &[(&str, Value)], mut out: impl Write) -> io::Result<()> {
    match format {
        Format::Json => json(fields, &mut out),
        Format::Csv => {
            let mut rows = Rows::begin(format, COLUMNS, out)?;
            each(fields, |name, text| rows.row(&[Cell::from(name), Cell::from(text)]))?;
            rows.finish()
        }
        Format::Table => {
            let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
            each(fields, |name, text| writeln!(out, "{name:width$}  {}", escaped(text)))?;
            out.flush()
        }
    }
}

/// Every field that is known, with its value as text; a list gives each of its elements.
fn each(fields: &[(&str, Value)], mut row: impl FnMut(&str, &str) -> io::Result<()>) -> io::Result<()> {
    for (name, value) in fields {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        values.iter().filter(|value| !value.is_null()).try_for_each(|value| row(name, &text(value)))?;
    }
    Ok(())
}

fn json(fields: &[(&str, Value)], out: &mut impl Write) -> io::Result<()> {
    for (at, (name, value)) in fields.iter().enumerate() {
        write!(out, "{}  \"{name}\": ", if at == 0 { "{\n" } else { ",\n" })?;
        serde_json::to_writer(&mut *out, value)?;
    }
    out.write_all(b"\n}\n")?;
    out.flush()
}

/// An object as `key=value ...`, anything else as it is.
fn text(value: &Value) -> String {
    let Value::Object(members) = value else { return plain(value) };
    let known = members.iter().filter(|(_, value)| !value.is_null());
    known.map(|(key, value)| format!("{key}={}", plain(value))).collect::<Vec<_>>().join(" ")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(format: Format) -> String {
        let fields = [
            ("relation", json!("same")),
            ("comparable", json!(true)),
            ("formula", Value::Null),
            ("names", json!([{"tool": "perf", "spelling": "cycles"}, {"tool": "papi", "spelling": "PAPI_TOT_CYC"}])),
        ];
        let mut out = Vec::new();
        print(format, &fields, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn json_is_one_object_in_the_order_of_the_fields() {
        let text = printed(Format::Json);
        assert!(text.starts_with("{\n  \"relation\": \"same\",\n  \"comparable\": true,\n  \"formula\": null"));
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["names"][1]["tool"], "papi");
    }

    #[test]
    fn a_table_cuts_nothing_off() {
        let long = "x".repeat(300);
        let mut out = Vec::new();
        print(Format::Table, &[("why", json!(long)), ("relation", json!("a\u{1b}b"))], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), format!("why       {long}\nrelation  a\\u{{1b}}b\n"));
    }

    #[test]
    fn rows_have_an_element_each_and_no_unknown() {
        let expected = "field,value\r\nrelation,same\r\ncomparable,true\r\nnames,spelling=cycles tool=perf\r\n\
                        names,spelling=PAPI_TOT_CYC tool=papi\r\n";
        assert_eq!(printed(Format::Csv), expected);
    }
}
