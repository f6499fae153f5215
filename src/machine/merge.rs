//! Facts of one machine from several places.

use crate::model::{Context, Environment};

/// Adds the facts that are new; `false` when one is known otherwise, and then nothing is added.
pub(crate) fn merge(known: &mut Context, found: &Context) -> bool {
    let mut merged = known.clone();
    if !(host(&mut merged.host, found.host.as_ref()) && environment(&mut merged.environment, &found.environment)) {
        return false;
    }
    for (key, value) in &found.labels {
        if merged.labels.entry(key.clone()).or_insert_with(|| value.clone()) != value {
            return false;
        }
    }
    *known = merged;
    true
}

/// A name without its domain is the same machine; the name that came first stays.
fn host(known: &mut Option<String>, found: Option<&String>) -> bool {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    match (known.as_ref(), found) {
        (Some(known), Some(found)) => {
            known == found || (known.contains('.') != found.contains('.') && short(known) == short(found))
        }
        _ => fact(known, found),
    }
}

fn environment(known: &mut Environment, found: &Environment) -> bool {
    let Environment { arch, vendor, family, model, stepping, microarch, kernel, virt } = found;
    fact(&mut known.arch, arch.as_ref())
        && fact(&mut known.vendor, vendor.as_ref())
        && fact(&mut known.family, family.as_ref())
        && fact(&mut known.model, model.as_ref())
        && fact(&mut known.stepping, stepping.as_ref())
        && fact(&mut known.microarch, microarch.as_ref())
        && fact(&mut known.kernel, kernel.as_ref())
        && fact(&mut known.virt, virt.as_ref())
}

fn fact<T: Clone + PartialEq>(known: &mut Option<T>, found: Option<&T>) -> bool {
    match (known.as_ref(), found) {
        (Some(known), Some(found)) => known == found,
        (None, Some(found)) => {
            *known = Some(found.clone());
            true
        }
        (_, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(host: Option<&str>, kernel: Option<&str>) -> Context {
        let environment = Environment { kernel: kernel.map(str::to_owned), ..Environment::default() };
        Context { host: host.map(str::to_owned), environment, ..Context::default() }
    }

    #[test]
    fn new_facts_are_added_and_a_contradiction_changes_nothing() {
        let mut known = facts(Some("node7"), None);
        assert!(merge(&mut known, &facts(None, Some("6.1.0"))));
        assert_eq!(known, facts(Some("node7"), Some("6.1.0")));
        assert!(!merge(&mut known, &facts(Some("node8"), Some("6.1.0"))));
        assert_eq!(known, facts(Some("node7"), Some("6.1.0")));
    }

    #[test]
    fn a_name_with_and_without_domain_is_one_machine() {
        let mut known = facts(Some("node7"), None);
        assert!(merge(&mut known, &facts(Some("node7.example.org"), None)));
        assert_eq!(known.host.as_deref(), Some("node7"));
        let mut known = facts(Some("node7.example.org"), None);
        assert!(!merge(&mut known, &facts(Some("node7.example.com"), None)));
    }
}
