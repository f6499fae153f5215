//! A run that went another way shows it in more than one event.

use super::group::NEAR;
use super::outlier::Deviation;
use super::trust::Peers;

/// A sibling this many spreads off has moved too; one in twenty does by chance. Judgement.
pub const MOVED: f64 = 2.0;
/// One in so many siblings has to have moved. Judgement.
pub const ONE_IN: usize = 4;

/// Whether each number of one run, one of each event, stands out because the run was another one: it is off by no more than [`NEAR`],
/// and so is a fourth of the other events. Its place among the other runs then says nothing of how well was counted. What is off
/// alone, or by a factor, is not excused.
pub fn are_shared(run: &[Deviation]) -> Vec<bool> {
    let moved = run.iter().filter(|deviation| has_moved(deviation)).count();
    // One that stands out has moved itself.
    let is_shared = |deviation: &Deviation| {
        deviation.stands_out() && has_moved(deviation) && moved > 1 && (moved - 1) * ONE_IN >= run.len() - 1
    };
    run.iter().map(is_shared).collect()
}

fn has_moved(deviation: &Deviation) -> bool {
    let off = (deviation.value - deviation.centre).abs();
    deviation.n >= Peers::LEAST as usize && deviation.z.abs() > MOVED && off <= NEAR * deviation.centre.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(z: f64, share: f64) -> Deviation {
        Deviation { value: 1e6 * (1.0 + share), centre: 1e6, spread: 1e6 * share / z, z, n: 9 }
    }

    #[test]
    fn what_moves_together_is_another_run_and_what_is_off_alone_is_not() {
        assert_eq!(are_shared(&[off(8.0, 0.03), off(-2.5, -0.05), off(1.0, 0.001)]), [true, false, false]);
        assert_eq!(are_shared(&[off(8.0, 0.03), off(1.9, 0.05), off(1.0, 0.001)]), [false; 3]);
        assert_eq!(are_shared(&[off(8.0, 0.03)]), [false]);
        assert_eq!(are_shared(&[]), [false; 0]);
    }

    /// As a thousands separator misread in the whole file.
    #[test]
    fn a_factor_is_not_excused_by_another() {
        assert_eq!(are_shared(&[off(-900.0, -0.999), off(-900.0, -0.999), off(8.0, 0.03)]), [false; 3]);
    }

    #[test]
    fn one_that_moves_by_chance_among_many_excuses_nothing() {
        let mut run = vec![off(0.5, 0.001); 8];
        (run[0], run[1]) = (off(20.0, 0.05), off(2.2, 0.01));
        assert_eq!(are_shared(&run), [false; 8]);
        run[2] = off(3.0, 0.01);
        assert_eq!(are_shared(&run)[..3], [true, false, false]);
    }

    #[test]
    fn too_few_runs_say_nothing() {
        let few = Deviation { n: 3, ..off(8.0, 0.03) };
        assert_eq!(are_shared(&[few, few]), [false; 2]);
    }
}
