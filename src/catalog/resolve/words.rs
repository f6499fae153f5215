//! What stands behind an event of libpfm4 and is no unit mask of its table: words that change the encoding, and unit masks as numbers.

use super::Place;
use crate::catalog::event::Extra;
use crate::catalog::machine::Pfm;
use crate::catalog::spelling::Attribute;

/// An event with its unit mask, to which words are added.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) config: u64,
    pub(super) config1: u64,
    /// The PMU of libpfm4.
    pub(super) pmu: &'a str,
    /// The unit mask, where it is one by name; else empty.
    pub(super) mask: &'a str,
}

/// Words that say how to count.
pub(super) const HOW: &[&str] = &["u", "k", "h", "mg", "mh", "period", "freq", "precise", "excl", "pinned", "hw_smpl", "cpu"];

/// PMUs with flags of transactions (libpfm4, `INTEL_V4_ATTRS` in `lib/pfmlib_intel_x86_priv.h`).
const TRANSACTIONAL: &[&str] =
    &["hsw", "hsw_ep", "bdw", "bdw_ep", "skl", "skx", "clx", "icl", "icx", "spr", "emr", "gnr", "adl_glc"];

const IN_TRANSACTION: u64 = 1 << 32;
const IN_TRANSACTION_CHECKPOINTED: u64 = 1 << 33;

/// Latency of a load unless told otherwise, which the tables have.
const DEFAULT_LATENCY: u64 = 3;

/// The bits of a threshold in the register of the front end.
const FRONT_END_THRESHOLD: u64 = 0xfff << 8;

impl Place<'_> {
    /// Adds `c=1`, `i`, `e`, `t`, `intx`, `intxcp`, `ldlat=30` and `fe_thres=4`; other words either say how to count or are not understood.
    pub(super) fn with_words(&self, base: Base<'_>, words: &[&Attribute]) -> Result<(u64, u64), String> {
        let mut extra = Extra::default();
        let (mut flags, mut config1) = (0, base.config1);
        for word in words {
            let wrong = || format!("the value of '{word}' is not understood");
            let flag = |bit: u64| word.flag().map(|is_set| if is_set { bit } else { 0 }).ok_or_else(wrong);
            match word.key.to_ascii_lowercase().as_str() {
                key if HOW.contains(&key) => {}
                "c" => extra.cmask = word.number().filter(|number| *number < 0x100).ok_or_else(wrong)?,
                "i" => extra.inv = word.flag().ok_or_else(wrong)?,
                "e" => extra.edge = word.flag().ok_or_else(wrong)?,
                "t" if !self.machine.microarch().row.is_amd() => extra.any = word.flag().ok_or_else(wrong)?,
                "intx" if TRANSACTIONAL.contains(&base.pmu) => flags |= flag(IN_TRANSACTION)?,
                "intxcp" if TRANSACTIONAL.contains(&base.pmu) => flags |= flag(IN_TRANSACTION_CHECKPOINTED)?,
                "ldlat" if base.config1 == DEFAULT_LATENCY && base.mask.to_ascii_uppercase().contains("LATENCY") => {
                    config1 = word.number().filter(|number| *number < 0x1_0000).ok_or_else(wrong)?;
                }
                "fe_thres" if base.config1 & FRONT_END_THRESHOLD != 0 && base.mask.to_ascii_uppercase().starts_with("IDQ_") => {
                    let number = word.number().filter(|number| *number < 0x1000).ok_or_else(wrong)?;
                    config1 = config1 & !FRONT_END_THRESHOLD | number << 8;
                }
                _ => return Err(format!("'{word}' is no unit mask and no word of libpfm4 that is known here")),
            }
        }
        match extra.bits() {
            0 => Ok((base.config | flags, config1)),
            _ if !self.machine.microarch().row.is_x86() => Err("counter masks and edges are words of x86".to_owned()),
            _ if base.config & Extra::BITS != 0 => Err("the unit mask already sets what the words set".to_owned()),
            bits => Ok((base.config | bits | flags, config1)),
        }
    }

    /// The code of an event with a unit mask that is given as a number: the number alone is the mask, whatever the defaults of the event,
    /// and goes to the extra register where all masks of the event do.
    ///
    /// Source: libpfm4, `PFM_ATTR_RAW_UMASK` in `lib/pfmlib_intel_x86.c` and `lib/pfmlib_amd64.c`.
    pub(super) fn with_mask_number(&self, rows: &[&Pfm], number: u64) -> Result<(u64, u64), String> {
        const AMD_EVENT: u64 = 0xf << 32 | 0xff;
        if !self.machine.microarch().row.is_x86() || self.is_netburst() {
            return Err("libpfm4 takes no number for a unit mask here".to_owned());
        }
        let wide = || format!("{number:#x} is wider than a unit mask of '{}'", rows[0].event);
        let masks: Vec<&&Pfm> = rows.iter().filter(|row| !row.mask.is_empty() && row.config.is_some()).collect();
        let by_itself = || rows.iter().find_map(|row| row.config);
        let mut codes = masks.iter().filter_map(|row| row.config);
        let in_register = !masks.is_empty() && masks.iter().all(|row| row.config1 != 0);
        let widest = if in_register && rows[0].event.starts_with('O') { (1 << 38) - 1 } else { 0xff };
        if number > widest {
            return Err(wide());
        }
        let first = codes.next();
        if first.is_some_and(|first| codes.any(|code| (code ^ first) & AMD_EVENT != 0)) {
            return Err(format!("the masks of '{}' are of several events", rows[0].event));
        }
        match (first, in_register) {
            (Some(config), true) => Ok((config, number)),
            (Some(config), false) => Ok((config & AMD_EVENT | number << 8, 0)),
            (None, _) => by_itself().map(|config| (config | number << 8, 0)).ok_or_else(wide),
        }
    }
}

/// The number of a unit mask that is given so: hexadecimal alone.
pub(super) fn unit_mask(attribute: &Attribute) -> Option<u64> {
    let digits = attribute.key.strip_prefix("0x").or_else(|| attribute.key.strip_prefix("0X"))?;
    u64::from_str_radix(digits, 16).ok().filter(|_| attribute.value.is_none() && !digits.starts_with('+'))
}

/// Whether an attribute is one of these words; a unit mask of the event comes first, in any case.
pub(super) fn is_word(rows: &[&Pfm], attribute: &Attribute) -> bool {
    const LETTERS: &[&str] = &["i", "e"];
    let is_mask = attribute.value.is_none() && rows.iter().any(|row| row.mask.eq_ignore_ascii_case(&attribute.key));
    let is_letter = LETTERS.iter().any(|letter| letter.eq_ignore_ascii_case(&attribute.key));
    !is_mask && (attribute.is_modifier() || is_letter)
}
