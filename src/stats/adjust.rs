//! Many tests at once: p values corrected for the size of their family.

/// How the p values of one family are corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// False discovery rate (Benjamini & Hochberg, Journal of the Royal Statistical Society B 57, 1995).
    BenjaminiHochberg,
    /// Family-wise error rate (Holm, Scandinavian Journal of Statistics 6, 1979).
    Holm,
}

impl Correction {
    /// The corrected values, in the order given. `None` when a value is no probability: a test without a p is no member of the
    /// family and must be left out by the caller.
    pub fn adjust(self, family: &[f64]) -> Option<Vec<f64>> {
        if !family.iter().all(|p| (0.0..=1.0).contains(p)) {
            return None;
        }
        let mut order: Vec<usize> = (0..family.len()).collect();
        order.sort_by(|&a, &b| family[a].total_cmp(&family[b]));
        let mut adjusted = vec![1.0; family.len()];
        let mut extreme = if self == Self::Holm { 0.0 } else { 1.0 };
        for rank in self.ranks(family.len()) {
            let at = order[rank];
            extreme = self.step(family[at], rank, family.len(), extreme);
            adjusted[at] = extreme;
        }
        Some(adjusted)
    }

    /// Holm steps down from the least p, Benjamini & Hochberg up from the greatest.
    fn ranks(self, size: usize) -> Box<dyn Iterator<Item = usize>> {
        match self {
            Self::BenjaminiHochberg => Box::new((0..size).rev()),
            Self::Holm => Box::new(0..size),
        }
    }

    fn step(self, p: f64, rank: usize, size: usize, extreme: f64) -> f64 {
        let float = super::sample::float;
        match self {
            Self::BenjaminiHochberg => extreme.min((p * (float(size) / float(rank + 1))).max(p)),
            Self::Holm => extreme.max((p * float(size - rank)).min(1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOTH: [Correction; 2] = [Correction::BenjaminiHochberg, Correction::Holm];

    #[test]
    fn families_of_none_and_one_stay_as_they_are() {
        for correction in BOTH {
            assert_eq!(correction.adjust(&[]), Some(vec![]));
            assert_eq!(correction.adjust(&[0.3]), Some(vec![0.3]));
            assert_eq!([f64::NAN, -0.1, 1.1].map(|p| correction.adjust(&[0.5, p])), [None, None, None]);
        }
    }

    proptest! {
        #[test]
        fn corrected_values_are_larger_ordered_alike_and_probabilities(family in prop::collection::vec(0.0..=1.0_f64, 1..20)) {
            for correction in BOTH {
                let adjusted = correction.adjust(&family).unwrap();
                let mut pairs: Vec<(f64, f64)> = family.iter().copied().zip(adjusted).collect();
                prop_assert!(pairs.iter().all(|(p, q)| p <= q && *q <= 1.0));
                pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
                prop_assert!(pairs.is_sorted_by(|a, b| a.1 <= b.1));
            }
        }
    }
}
