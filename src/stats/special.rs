//! Distributions: normal, Student's t, F and binomial, through the error function and the incomplete beta function.
//!
//! Own code for the last, because the crate that offers it (statrs 0.19) is right to 13 digits here and the reference has 16.

/// Probability that a standard normal value is at least `z`; exact in the far tail too.
pub fn normal_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// Value that a standard normal value exceeds with probability `share`; `None` unless that is within (0, 1).
pub fn normal_beyond(share: f64) -> Option<f64> {
    beyond(share, normal_tail)
}

/// Probability that a value of Student's t distribution is at least `t`.
pub fn t_tail(t: f64, freedom: f64) -> f64 {
    let one_side = 0.5 * beta_share(freedom / (freedom + t * t), freedom / 2.0, 0.5);
    if t >= 0.0 { one_side } else { 1.0 - one_side }
}

/// Value that a value of Student's t distribution exceeds with probability `share`; `None` unless that is within (0, 1) and
/// `freedom` above 0.
pub fn t_beyond(share: f64, freedom: f64) -> Option<f64> {
    if freedom > 0.0 { beyond(share, |t| t_tail(t, freedom)) } else { None }
}

/// Probability that a value of the F distribution is at least `f`.
pub fn f_tail(f: f64, above: f64, below: f64) -> f64 {
    beta_share(below / (below + above * f), below / 2.0, above / 2.0)
}

/// Probability of at most `k` heads in `n` throws of a fair coin.
pub fn coin_at_most(k: f64, n: f64) -> f64 {
    if k >= n { 1.0 } else { beta_share(0.5, n - k, k + 1.0) }
}

/// The value where the falling tail of a symmetric distribution is `share`. The upper half is searched, where the tail keeps its
/// digits; the lower half is its mirror image.
fn beyond(share: f64, tail: impl Fn(f64) -> f64) -> Option<f64> {
    if !(share > 0.0 && share < 1.0) {
        return None;
    }
    let smaller = share.min(1.0 - share);
    let (mut low, mut high) = (0.0, 1.0);
    while tail(high) > smaller {
        (low, high) = (high, high * 2.0);
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return Some(if share > 0.5 { -middle } else { middle });
        }
        if tail(middle) > smaller { low = middle } else { high = middle }
    }
}

/// Regularised incomplete beta function `I_x(a, b)` for positive `a` and `b`: the continued fraction of DLMF 8.17.22 on the side
/// where it converges quickly, `x < (a + 1) / (a + b + 2)`, else its complement `1 - I_{1-x}(b, a)` (DLMF 8.17.4).
pub fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (a * x.ln() + b * (-x).ln_1p() - ln_beta(a, b)).exp();
    let share =
        if x < (a + 1.0) / (a + b + 2.0) { front * fraction(x, a, b) / a } else { 1.0 - front * fraction(1.0 - x, b, a) / b };
    share.clamp(0.0, 1.0)
}

fn ln_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

/// DLMF 8.17.22 by the method of Lentz as modified by Thompson and Barnett (Numerical Recipes, 3rd edition, section 6.4).
#[expect(clippy::many_single_char_names, reason = "the names of the source")]
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const STEPS: u32 = 10_000;
    let safe = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut product = d;
    for step in 1..STEPS {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / safe(1.0 + term * d);
            c = safe(1.0 + term / c);
            change = c * d;
            product *= change;
        }
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{found:e} instead of {expected:e}");
    }

    /// Values of mpmath 1.3.0 at 30 digits.
    #[test]
    fn tails_agree_with_an_arbitrary_precision_library() {
        close(normal_tail(2.5), 0.006_209_665_325_776_135);
        close(normal_tail(8.0), 6.220_960_574_271_784e-16);
        close(2.0 * t_tail(3.994_677_309_684_807, 9.388_015_299_617_512), 0.002_880_834_483_729_92);
        close(2.0 * t_tail(5.0, 8.0), 0.001_052_825_793_366_539_3);
        close(t_tail(20.0, 30.0), 3.374_541_832_885_632e-19);
        close(f_tail(0.25, 1.0, 10.0), 0.627_893_605_742_972_9);
        assert!((beta_share(0.5, 500.0, 490.0) - 0.375_258_634_224_755_5).abs() < 1e-12);
        close(t_tail(-1.0, 3.0) + t_tail(1.0, 3.0), 1.0);
    }

    #[test]
    fn quantiles_agree_with_an_arbitrary_precision_library() {
        close(normal_beyond(0.25).unwrap(), 0.674_489_750_196_081_7);
        close(normal_beyond(0.75).unwrap(), -0.674_489_750_196_081_7);
        close(t_beyond(0.025, 6.0).unwrap(), 2.446_911_851_144_969_7);
        close(t_beyond(0.05 / 108.0, 52.0).unwrap(), 3.513_086_381_166_95);
        close(t_beyond(0.0001, 1.0).unwrap(), 3_183.098_757_118_151);
        for bad in [0.0, 1.0, -1.0, f64::NAN] {
            assert_eq!((normal_beyond(bad), t_beyond(bad, 1.0), t_beyond(0.25, bad.min(0.0))), (None, None, None));
        }
    }

    #[test]
    fn coins_are_counted_right() {
        for (k, n, ways) in [(0.0, 6.0, 1.0), (1.0, 9.0, 10.0), (5.0, 5.0, 32.0)] {
            close(coin_at_most(k, n), ways / 2_f64.powf(n));
        }
    }
}
