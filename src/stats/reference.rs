//! The values of `reference.json`, made for this project with scipy 1.17.1 and numpy 2.4.6 before any of this code was written, to
//! the printed digits. Where that file is wrong, the test says what is right and why.

use serde_json::Value;

use super::Class;
use super::Sample;
use super::adjust::Correction;
use super::outlier::Floor;
use super::rank::MannWhitney;
use super::trust::{Cap, Cross, Evidence, Invariants, Void, Weights, effective, judge, mux_error};

/// One section of the file.
fn section(name: &str) -> Value {
    let mut file: Value = serde_json::from_str(include_str!("reference.json")).unwrap();
    file[name].take()
}

fn floats(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn sample(list: &Value) -> Sample {
    Sample::new(floats(list)).unwrap()
}

/// Equal but for the last digit or two that differ between two right ways to round.
fn close(name: &str, found: Option<f64>, expected: Option<f64>) {
    let same = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 5e-15 * expected.abs(),
        (None, None) => true,
        _ => false,
    };
    assert!(same, "{name}: {found:?} instead of {expected:?}");
}

/// `big` is 2^53, 2^53, 2^53 + 4: deviations -4/3, -4/3, 8/3, so sd = sqrt(16/3) and G1 = sqrt(3). numpy rounds the mean to an even
/// number first (sqrt(6) then), and scipy refuses a skewness of values this close.
fn right(group: &str, statistic: &str, printed: Option<f64>) -> Option<f64> {
    match (group, statistic) {
        ("big", "sd") => Some((16.0_f64 / 3.0).sqrt()),
        ("big", "cov") => Some((16.0_f64 / 3.0).sqrt() / 9_007_199_254_740_993.3),
        ("big", "skew") => Some(3_f64.sqrt()),
        _ => printed,
    }
}

#[test]
fn every_described_group_has_its_numbers() {
    for (group, case) in section("describe").as_object().unwrap() {
        let found = sample(&case["data"]).describe();
        #[expect(clippy::cast_precision_loss, reason = "thirty values at most")]
        let n = found.n as f64;
        for (statistic, value) in [
            ("n", Some(n)),
            ("mean", Some(found.mean)),
            ("sd", found.sd),
            ("median", Some(found.median)),
            ("q1", Some(found.q1)),
            ("q3", Some(found.q3)),
            ("iqr", Some(found.iqr())),
            ("mad", Some(found.mad)),
            ("cov", found.cov),
            ("qcd", found.qcd),
            ("min", Some(found.min)),
            ("max", Some(found.max)),
            ("skew", found.skew),
        ] {
            close(&format!("{group} {statistic}"), value, right(group, statistic, case["expect"][statistic].as_f64()));
        }
    }
}

#[test]
fn the_mean_of_a_has_its_interval() {
    let a = sample(&section("describe")["A"]["data"]);
    let (low, high) = a.mean_interval(0.95).unwrap();
    close("low", Some(low), Some(92.606_714_279_457_76));
    close("high", Some(high), Some(125.964_714_291_970_82));
    assert_eq!((a.mean_interval(1.0), Sample::new(vec![1.0]).unwrap().mean_interval(0.95)), (None, None));
}

#[test]
fn three_of_rosners_values_are_outliers_though_the_first_two_do_not_pass_alone() {
    let case = section("gesd")["rosner54"].take();
    let found = super::esd::generalised_esd(&sample(&case["data"]), 10, 0.05);
    let rounded = |list: Vec<f64>| list.iter().map(|value| (value * 1000.0).round() / 1000.0).collect::<Vec<_>>();
    assert_eq!(rounded(found.steps.iter().map(|step| step.r).collect()), floats(&case["expect"]["R"]));
    assert_eq!(rounded(found.steps.iter().map(|step| step.lambda).collect()), floats(&case["expect"]["lambda"]));
    let outliers: Vec<f64> = found.steps[..found.outliers].iter().map(|step| step.value).collect();
    assert_eq!(outliers, floats(&case["expect"]["outliers"]));
}

#[test]
fn every_comparison_has_its_numbers() {
    for (name, case) in section("compare").as_object().unwrap() {
        let (x, y) = (sample(&case["x"]), sample(&case["y"]));
        let (rank, welch) = (MannWhitney::new(&x, &y), super::welch::welch(&x, &y).unwrap());
        for (statistic, value) in [
            ("welch_t", welch.t),
            ("welch_df", welch.freedom),
            ("welch_p", welch.p),
            ("u", rank.u),
            ("u_p_normal_cc", rank.normal_p(true)),
            ("u_p_permutation", rank.p()),
            ("hodges_lehmann", super::shift::hodges_lehmann(&x, &y)),
            ("cliffs_delta", rank.cliffs_delta()),
            ("ratio_of_medians", y.median() / x.median()),
        ] {
            close(&format!("{name} {statistic}"), Some(value), case[statistic].as_f64());
        }
    }
}

#[test]
fn families_are_corrected_as_printed() {
    let case = section("adjust");
    for (correction, name) in [(Correction::BenjaminiHochberg, "bh"), (Correction::Holm, "holm")] {
        let found = correction.adjust(&floats(&case["p"])).unwrap();
        for (found, expected) in found.into_iter().zip(floats(&case[name])) {
            close(name, Some(found), Some(expected));
        }
    }
}

#[test]
fn the_smallest_p_of_each_size_is_as_printed() {
    for (size, p) in section("min_u_p").as_object().unwrap() {
        let n = size.parse().unwrap();
        close(size, Some(super::rank::smallest_p(n, n)), p.as_f64());
    }
}

/// The evidence that a case of the file describes.
fn evidence(input: &Value) -> Evidence {
    let whole = |name: &str| u32::try_from(input[name].as_u64().unwrap_or(0)).unwrap();
    let others = input["others"].as_array().map(|_| sample(&input["others"]));
    Evidence {
        void: (input["status"] == "not counted").then_some(Void::NotCounted),
        running: input["f"].as_f64(),
        peers: others.map(|others| others.deviation_of(input["x"].as_f64().unwrap(), Floor::COUNT).into()),
        cov: input["cv"].as_f64(),
        cross: input["ratio"].as_f64().map(|ratio| Cross { ratio, rows: whole("nmin") }),
        invariants: Invariants { checked: whole("inv_checked"), broken: whole("inv_broken") },
        supported: input["support"].as_bool(),
        errata: input["errata"].as_bool().unwrap_or(false),
        ..Evidence::unknown(input["cls"].as_str().map_or(Class::Exact, |word| Class::from_word(word).unwrap()))
    }
}

#[test]
fn every_case_of_trust_comes_out_term_by_term() {
    for case in section("trust").as_array().unwrap() {
        let (name, evidence) = (case["name"].as_str().unwrap(), evidence(&case["input"]));
        let found = judge(&evidence, &Weights::DEFAULT);
        close(name, Some(found.auto), case["auto"].as_f64());
        close(name, effective(found.auto, case["input"]["manual"].as_f64()), case["effective"].as_f64());
        let mut terms: serde_json::Map<String, Value> =
            found.terms.iter().map(|(term, value)| (term.as_str().to_owned(), (*value).into())).collect();
        terms.extend(
            found.caps.iter().filter(|(cap, _)| *cap == Cap::Errata).map(|(cap, limit)| (cap.as_str().into(), (*limit).into())),
        );
        terms.extend(evidence.void.map(|void| ("void".to_owned(), void.as_str().into())));
        let expected = case["terms"].as_object().unwrap();
        assert!(terms.keys().eq(expected.keys()), "{name}: {terms:?}");
        for (term, value) in &terms {
            close(&format!("{name} {term}"), value.as_f64(), expected[term].as_f64());
        }
    }
}

#[test]
fn the_error_of_multiplexing_is_as_printed() {
    for (share, error) in section("mux_error").as_object().unwrap() {
        close(share, Some(mux_error(share.parse().unwrap())), error.as_f64());
    }
}
