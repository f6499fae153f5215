//! How an event was counted.

/// Which rings a number covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// User mode.
    pub user: bool,
    /// The kernel.
    pub kernel: bool,
    /// The hypervisor alone or as well, where that was asked for.
    pub hypervisor: bool,
}

impl Scope {
    /// User mode alone.
    pub const USER: Self = Self { user: true, kernel: false, hypervisor: false };
    /// User mode and kernel.
    pub const BOTH: Self = Self { user: true, kernel: true, hypervisor: false };

    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match (self.user, self.kernel, self.hypervisor) {
            (true, false, false) => "user",
            (false, true, false) => "kernel",
            (true, true, false) => "user+kernel",
            (false, false, true) => "hypervisor",
            (true, false, true) => "user+hypervisor",
            (false, true, true) => "kernel+hypervisor",
            (true, true, true) => "user+kernel+hypervisor",
            (false, false, false) => "none",
        }
    }
}

/// How an event was counted: no part of the event, but numbers are compared like with like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modifiers {
    /// perf: the letters as written. Empty for tools that write no letters.
    pub letters: String,
    /// The rings that were asked for; `None` when nothing was said.
    pub scope: Option<Scope>,
    /// How precisely the sampled address was asked for (`:pp` is 2).
    pub precise: u8,
    /// Events between two samples.
    pub period: Option<u64>,
    /// Whether guests (`G`) or the host (`H`) were asked for, as these letters.
    pub guest_or_host: String,
}

/// Letters that perf takes after an event (`perf list`, "EVENT MODIFIERS"; `R` and `X` came with perf 6.10 and 6.15).
const LETTERS: &str = "ukhIGHpPSDWebRX";

impl Modifiers {
    /// perf: the modifiers of a suffix; `None` when it holds a letter that is none.
    pub(super) fn from_letters(letters: &str) -> Option<Self> {
        if letters.is_empty() || !letters.chars().all(|letter| LETTERS.contains(letter)) {
            return None;
        }
        let has = |letter: char| letters.contains(letter);
        let scope = Scope { user: has('u'), kernel: has('k'), hypervisor: has('h') };
        let precise = if has('P') { 3 } else { u8::try_from(letters.matches('p').count()).unwrap_or(u8::MAX) };
        Some(Self {
            letters: letters.to_owned(),
            scope: (scope.user || scope.kernel || scope.hypervisor).then_some(scope),
            precise,
            period: None,
            guest_or_host: letters.chars().filter(|letter| matches!(letter, 'G' | 'H')).collect(),
        })
    }

    /// Rings from two flags that may be missing; one that is missing beside a set one is off, as libpfm4 has it.
    pub(super) fn rings(user: Option<bool>, kernel: Option<bool>) -> Option<Scope> {
        if user.is_none() && kernel.is_none() {
            return None;
        }
        let scope = Scope { user: user.unwrap_or(false), kernel: kernel.unwrap_or(false), hypervisor: false };
        (scope.user || scope.kernel).then_some(scope)
    }
}
