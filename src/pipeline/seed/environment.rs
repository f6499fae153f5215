//! Environments of the predecessor in our terms. Where both used a word for two things, what it said is kept as a label.

use std::collections::BTreeMap;

use super::finding::Findings;
use super::{Machine, words};
use crate::catalog::{self, Microarch};
use crate::model::Environment;
use crate::store::seed::SeedEnvironment;

/// Every ARM core had this vendor: the implementer was not read.
const ANY_ARM: &str = "generic_ARM";

/// Reads an environment.
pub(super) fn read(row: &SeedEnvironment, findings: &mut Findings) -> Machine {
    let mut labels = BTreeMap::new();
    let mut environment = Environment {
        arch: Some(row.arch.clone()),
        vendor: row.vendor.clone(),
        family: row.family,
        model: row.model,
        stepping: row.stepping,
        microarch: None,
        kernel: row.kernel.clone(),
        virt: row.virt.clone(),
    };
    if row.arch.starts_with("aarch64") {
        arm(row, &mut environment, &mut labels, findings);
    }
    if let Some(name) = &row.microarch {
        environment.microarch = microarch(name, &environment, findings);
        if environment.microarch.as_ref() != Some(name) {
            labels.insert("seed_microarch".to_owned(), name.clone());
        }
    }
    Machine { environment, labels }
}

/// The predecessor took the variant of an ARM CPU for its model, the revision for its stepping, and did not read implementer and part.
fn arm(row: &SeedEnvironment, environment: &mut Environment, labels: &mut BTreeMap<String, String>, findings: &mut Findings) {
    if row.vendor.as_deref() == Some(ANY_ARM) {
        environment.vendor = None;
        labels.insert("seed_vendor".to_owned(), ANY_ARM.to_owned());
    }
    environment.model = None;
    environment.stepping =
        row.model.zip(row.stepping).and_then(|(variant, revision)| variant.checked_mul(16)?.checked_add(revision));
    for (name, number) in [("seed_model", row.model), ("seed_stepping", row.stepping)] {
        labels.extend(number.map(|number| (name.to_owned(), number.to_string())));
    }
    findings.add(
        "environments of ARM whose model was the variant of the CPU and whose core is unknown: the stepping is variant x 16 + revision, \
         labels seed_vendor, seed_model and seed_stepping have what was there",
        || words::environment(row),
    );
}

/// The name of the microarchitecture, as it was or as the numbers of the CPU tell; `None` when it cannot be that CPU.
fn microarch(name: &str, environment: &Environment, findings: &mut Findings) -> Option<String> {
    let cpu = || {
        let number = |number: Option<i32>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let vendor = environment.vendor.as_deref().unwrap_or("no vendor");
        format!("{vendor} {}/{}/{}", number(environment.family), number(environment.model), number(environment.stepping))
    };
    let (named, by_numbers) = (catalog::named(name).ok(), catalog::find(environment));
    match (named, by_numbers) {
        (named, Some(numbers)) if !named.is_some_and(|named| std::ptr::eq(named.row, numbers.row)) => {
            findings.add(
                "names of microarchitectures that are not those of the numbers of the CPU (Nehalem and Nehalem-EP were swapped, a + was \
                 cut off POWER4+, 5+ and 7+, a name stood for several products): the numbers are taken, label seed_microarch has the name",
                || format!("{name} of {} is {}", cpu(), numbers.row.short),
            );
            Some(numbers.row.short.to_owned())
        }
        (Some(named), None) if is_of_another_vendor(named, environment) => {
            findings.add(
                "names of microarchitectures of another vendor's CPU, given without a look at the vendor: left out, label seed_microarch \
                 has the name",
                || format!("{name} of {}", cpu()),
            );
            None
        }
        _ => Some(name.to_owned()),
    }
}

fn is_of_another_vendor(named: Microarch, environment: &Environment) -> bool {
    let ours = named.row.vendor.split(':').next().unwrap_or_default();
    environment.vendor.as_deref().is_some_and(|vendor| vendor != ours)
}
