//! Rules over the fields of one row.

/// I1: `0 <= count < 2^63`. At or above 2^63 a negative number wrapped around (`INST_RETIRED_ANY` of 1.844674e19, RRZE-HPC/likwid#147).
pub fn in_range(count: f64) -> bool {
    (0.0..9_223_372_036_854_775_808.0).contains(&count)
}

/// I1: a core counter read once stays below 2^48, its width on x86.
pub fn fits_core_counter(count: f64) -> bool {
    (0.0..281_474_976_710_656.0).contains(&count)
}

/// I2: `0 < running <= enabled` (nanoseconds), and the printed percentage is theirs within 0.01. A row that ran for no time must not be
/// counted.
pub fn times_agree(enabled: f64, running: f64, percent: Option<f64>) -> bool {
    let share = 100.0 * running / enabled;
    running > 0.0 && running <= enabled && percent.is_none_or(|percent| (percent - share).abs() <= 0.01 + 1e-9)
}

/// I18: the scaled count is `raw x enabled / running`, within one.
pub fn scaled_right(scaled: f64, raw: f64, enabled: f64, running: f64) -> bool {
    (scaled - raw * (enabled / running)).abs() <= 1.0
}

/// I21: a printed metric is the recomputed one, to its digits behind the decimal mark. perf rounds to nearest; which way a half goes
/// depends on digits that are not printed.
pub fn printed_right(printed: f64, decimals: u32, recomputed: f64) -> bool {
    let half = 0.5 / 10_f64.powf(f64::from(decimals));
    (printed - recomputed).abs() <= half * (1.0 + 1e-9)
}

/// I11: CPU time is at most what the CPUs have, `elapsed x cpus x 1.01` (one unit for both times).
pub fn cpu_time_fits(task_clock: f64, elapsed: f64, cpus: f64) -> bool {
    task_clock <= elapsed * cpus * 1.01
}

/// I11 (soft): user and system time make up the CPU time, within 10 ms or 2 % (milliseconds).
pub fn cpu_time_adds_up(user: f64, system: f64, task_clock: f64) -> bool {
    (user + system - task_clock).abs() <= (0.02 * task_clock).max(10.0)
}

/// I16 (soft): each level-1 share of top-down analysis is within 0 and 100 %, and they add up to 100 % within 2.
pub fn shares_add_up(percent: &[f64]) -> bool {
    percent.iter().all(|share| (0.0..=100.0).contains(share)) && (percent.iter().sum::<f64>() - 100.0).abs() <= 2.0
}
