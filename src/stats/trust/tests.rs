use proptest::prelude::*;

use super::*;
use crate::stats::Class;
use crate::stats::group::deviations_in_modes;
use crate::stats::outlier::Floor;

fn auto(evidence: &Evidence) -> f64 {
    judge(evidence, &Weights::DEFAULT).auto
}

prop_compose! {
    fn any_class()(at in 0..Class::WORDS.len()) -> Class { Class::WORDS[at].0 }
}

prop_compose! {
    fn peers()(z in -1e4..1e4_f64, others in 0..50_u32) -> Peers { Peers { z, others } }
}

prop_compose! {
    fn cross()(ln in -3.0..3.0_f64, rows in 0..50_u32) -> Cross { Cross { ratio: ln.exp(), rows } }
}

prop_compose! {
    fn evidence()(
        class in any_class(),
        running in prop::option::of(0.0..=1.0_f64),
        peers in prop::option::of(peers()),
        cov in prop::option::of(0.0..2.0_f64),
        cross in prop::option::of(cross()),
        (checked, broken) in (0..4_u32, 0..2_u32),
        supported in prop::option::of(any::<bool>()),
        errata in any::<bool>(),
    ) -> Evidence {
        Evidence {
            class, void: None, running, peers, cov, cross, invariants: Invariants { checked, broken }, supported, errata,
        }
    }
}

proptest! {
    #[test]
    fn a_coefficient_is_bounded_and_is_the_sum_of_its_terms_or_a_cap(evidence in evidence()) {
        let found = judge(&evidence, &Weights::DEFAULT);
        prop_assert!(found.auto > 0.0 && found.auto <= 1.0);
        prop_assert_eq!(found.terms.iter().map(|(_, value)| value).sum::<f64>(), found.evidence);
        let free = 1.0 / (1.0 + (-found.evidence).exp());
        let expected = found.caps.iter().map(|(_, limit)| *limit).fold(free, f64::min);
        prop_assert_eq!(found.auto, expected);
        prop_assert_eq!(found.limited_by.is_some(), expected < free);
        prop_assert_ne!(found.band(), Band::Void);
    }

    #[test]
    fn worse_evidence_never_raises_it(evidence in evidence(), more in 0.0..2.0_f64, share in 0.0..=1.0_f64) {
        let before = auto(&evidence);
        let mut worse = vec![
            Evidence { running: evidence.running.map(|f| f * share), ..evidence },
            Evidence { cov: evidence.cov.map(|cov| cov + more), ..evidence },
            Evidence { errata: true, ..evidence },
        ];
        if let Some(peers) = evidence.peers {
            worse.push(Evidence { peers: Some(Peers { z: peers.z * (1.0 + more), ..peers }), ..evidence });
        }
        if let Some(cross) = evidence.cross {
            worse.push(Evidence { cross: Some(Cross { ratio: cross.ratio.powf(1.0 + more), ..cross }), ..evidence });
        }
        if evidence.invariants.checked > 0 {
            worse.push(Evidence { invariants: Invariants { broken: 1, ..evidence.invariants }, ..evidence });
        }
        for worse in worse {
            prop_assert!(auto(&worse) <= before, "{worse:?}: {} above {before}", auto(&worse));
        }
    }
}

/// Coefficients of the rows of a group.
fn of_group(values: &[f64]) -> Vec<f64> {
    let found = deviations_in_modes(values, Floor::COUNT).unwrap();
    found
        .into_iter()
        .map(|deviation| auto(&Evidence { peers: Some(deviation.into()), ..Evidence::unknown(Class::Exact) }))
        .collect()
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_show(
        (values, order) in prop::collection::vec(prop_oneof![Just(1e6), 1e6..1.01e6, 2e6..2.01e6], 1..20)
            .prop_flat_map(|values| (Just(values.clone()), Just((0..values.len()).collect::<Vec<_>>()).prop_shuffle())),
    ) {
        let given = of_group(&values);
        let turned = of_group(&order.iter().map(|&at| values[at]).collect::<Vec<_>>());
        prop_assert_eq!(order.iter().map(|&at| given[at]).collect::<Vec<_>>(), turned);
    }

    #[test]
    fn a_recomputation_gives_identical_digits(evidence in evidence()) {
        prop_assert_eq!(judge(&evidence, &Weights::DEFAULT), judge(&evidence, &Weights::DEFAULT));
    }

    #[test]
    fn a_verdict_by_hand_always_wins(evidence in evidence(), manual in 0.0..=1.0_f64) {
        prop_assert_eq!(effective(auto(&evidence), Some(manual)), Some(manual));
        prop_assert_eq!(effective(auto(&evidence), None), Some(auto(&evidence)));
    }
}

/// 1 / (1 + exp(-0.5)).
#[test]
fn nothing_known_is_the_prior_alone_in_every_class() {
    for (class, _) in Class::WORDS {
        let found = judge(&Evidence::unknown(class), &Weights::DEFAULT);
        assert!((found.auto - 0.622_459_331_201_854_6).abs() < 1e-15, "{found:?}");
        assert_eq!((found.terms, found.caps), (vec![(Term::Prior, 0.5)], vec![]));
    }
}

#[test]
fn a_rounded_share_of_zero_is_suspicious_and_not_void() {
    for running in [0.0, 0.01, -1.0] {
        let found = judge(&Evidence { running: Some(running), ..Evidence::unknown(Class::Exact) }, &Weights::DEFAULT);
        assert_eq!((found.auto, found.limited_by, found.band()), (0.01, Some(Cap::Mux), Band::Suspicious));
    }
    let void = Evidence { void: Some(Void::NeverRan), ..Evidence::unknown(Class::Exact) };
    assert_eq!((auto(&void), Void::NeverRan.as_str()), (0.0, "never ran"));
}

#[test]
fn what_is_no_evidence_counts_as_unknown() {
    let unknown = Evidence::unknown(Class::Exact);
    for nothing in [
        Evidence { running: Some(f64::NAN), ..unknown },
        Evidence { cov: Some(f64::NAN), ..unknown },
        Evidence { peers: Some(Peers { z: f64::NAN, others: 9 }), ..unknown },
        Evidence { peers: Some(Peers { z: 1e9, others: 3 }), ..unknown },
        Evidence { cross: Some(Cross { ratio: 0.0, rows: 9 }), ..unknown },
    ] {
        assert_eq!(auto(&nothing), auto(&unknown), "{nothing:?}");
    }
    let infinite = Evidence { peers: Some(Peers { z: f64::INFINITY, others: 12 }), ..unknown };
    assert_eq!(judge(&infinite, &Weights::DEFAULT).caps, [(Cap::Out, 0.25)]);
}

#[test]
fn bands_begin_at_their_bounds() {
    let bands = [1.0, 0.9, 0.7, 0.5, 0.499, 1e-9, 0.0, f64::NAN].map(|value| Band::of(value).as_str());
    assert_eq!(bands, ["high", "high", "good", "weak", "suspicious", "suspicious", "void", "void"]);
}

#[test]
fn a_person_wins_within_the_bounds() {
    assert_eq!(effective(0.9, None), Some(0.9));
    assert_eq!([0.0, 0.1, 1.0].map(|manual| effective(0.9, Some(manual))), [Some(0.0), Some(0.1), Some(1.0)]);
    assert_eq!([-0.1, 1.1, f64::NAN].map(|manual| effective(0.9, Some(manual))), [None; 3]);
}
