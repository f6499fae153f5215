//! The table of CPUs of the predecessor, line by line: numbers and names that its users have in their files.
//!
//! `predecessor.csv` has the 81 of its 87 rows that are published; three more models of Intel, each for two architectures, are not.

use prc_etl::catalog;
use prc_etl::model::Environment;

const TABLE: &str = include_str!("predecessor.csv");

#[test]
fn every_row_of_the_predecessor_is_found_by_its_numbers_and_by_its_name() {
    for line in TABLE.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [arch, vendor, family, model, name] = cells.as_slice() else { panic!("{line}") };
        let environment = Environment {
            arch: Some((*arch).to_owned()),
            vendor: Some((*vendor).to_owned()),
            family: family.parse().ok(),
            model: model.parse().ok(),
            // Model 85 is three products, which the predecessor did not part; this is the stepping of the first.
            stepping: (*model == "85").then_some(4),
            ..Environment::default()
        };
        let found = catalog::find(&environment).unwrap_or_else(|| panic!("{line} is no CPU of the catalogue")).row;
        let named = catalog::named(name).unwrap_or_else(|error| panic!("{line}: {error}")).row;
        if named.short == found.short {
            continue;
        }
        // The names differ: then it is documented, with our name.
        let mut documented = catalog::seed_names().filter(|seed| seed.model == *model && seed.name == *name);
        assert!(documented.any(|seed| seed.short == found.short && !seed.verdict.is_empty()), "{line} is {}", found.short);
    }
    assert_eq!(TABLE.lines().count() - 1, 81);
}
