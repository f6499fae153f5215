//! Names of `OProfile`: with case, in the table of the machine's CPU type alone.

use super::{Found, Place};
use crate::catalog::event::{Code, Event, Extra};
use crate::catalog::machine::{Oprofile, UnitMask};
use crate::catalog::resolution::{Candidate, Method};
use crate::catalog::spelling::{Mask, OprofileFields};

/// CPU types whose event numbers are codes of groups; libpfm4 knows the event by its name without the group.
pub(super) const GROUPED: &[&str] = &[
    "ppc64/power4",
    "ppc64/power5",
    "ppc64/power5+",
    "ppc64/power5++",
    "ppc64/power6",
    "ppc64/power7",
    "ppc64/970",
    "ppc64/970MP",
];

impl Place<'_> {
    pub(super) fn oprofile(&self, name: &str, fields: &OprofileFields) -> Found {
        let cpu_type = self.machine.microarch().row.oprofile;
        if cpu_type.is_empty() {
            return Found::nothing(format!("OProfile has no type for {}", self.microarch()));
        }
        let rows: Vec<&Oprofile> = self.machine.oprofile().iter().filter(|row| row.name == name).collect();
        let Some(first) = rows.first() else {
            return Found::nothing(format!("OProfile has no '{name}' for {cpu_type} (its names keep their case)"));
        };
        if GROUPED.contains(&cpu_type) {
            return self.of_a_group(name);
        }
        let widest = if self.machine.microarch().row.is_amd() { 0xfff } else { 0xff };
        if self.machine.microarch().row.is_x86() && first.number > widest {
            return Found::nothing(format!("the number of '{name}' is wider than an event: what is programmed is not known"));
        }
        match self.configs(first, &rows, fields) {
            Ok(configs) => Found::events(self.candidates(&configs), || format!("OProfile's '{name}' has no such unit mask")),
            Err(reason) => Found::nothing(reason),
        }
    }

    /// POWER4 to 7: `PM_CYC_GRP1` and `CYCLES` are `PM_CYC`; an edge of an event is its code with the lowest bit set
    /// (`libpe_utils/op_pe_utils.cpp`, `_op_get_event_codes`).
    fn of_a_group(&self, name: &str) -> Found {
        let is_group = |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let grouped = name.rsplit_once("_GRP").filter(|(_, number)| is_group(number)).map(|(event, _)| event);
        let Some(event) = grouped.or((name == "CYCLES").then_some("PM_CYC")) else {
            return Found::nothing(format!("the number of '{name}' is the code of a group, and no other table has the name"));
        };
        let (event, edge) = event.rsplit_once("_EDGE_COUNT").map_or((event, 0), |(event, _)| (event, 1));
        let found = self.pfm(None, event, &[]);
        let of_edge = |event: Event| match event.code {
            Code::Number { config, config1 } => Event::numbered(event.pmu, config | edge, config1),
            Code::Named(_) => event,
        };
        let each = found.candidates.into_iter();
        let each = each.map(|one| Candidate { event: of_edge(one.event), method: Method::Oprofile, ..one });
        Found { candidates: each.collect(), ..found }
    }

    /// Every code that the unit mask may mean.
    fn configs(&self, first: &Oprofile, rows: &[&Oprofile], fields: &OprofileFields) -> Result<Vec<u64>, String> {
        if let (None, Some(count)) = (&fields.mask, fields.count) {
            let could_be_mask = self.with_number(rows, count);
            if count > u64::from(u16::MAX) && !could_be_mask.is_empty() {
                return Err(format!("'{fields}' may stand for a count or for a unit mask"));
            }
        }
        Ok(match &fields.mask {
            None => vec![first.default_config],
            // 0 takes the default too; a plain mask 0 beside another default could be meant by itself, so both stay possible.
            Some(Mask::Number(0)) => {
                let plain = first.masks.iter().filter(|mask| mask.value == 0 && mask.extra == 0);
                std::iter::once(first.default_config).chain(plain.filter_map(|mask| self.code(first, mask))).collect()
            }
            Some(Mask::Number(number)) => self.with_number(rows, *number),
            Some(Mask::Named(name)) => rows.iter().find_map(|row| self.with_name(row, name)).into_iter().collect(),
        })
    }

    /// The first event of the name that has the mask.
    fn with_number(&self, rows: &[&Oprofile], number: u64) -> Vec<u64> {
        rows.iter().map(|row| self.codes(row, number)).find(|codes| !codes.is_empty()).unwrap_or_default()
    }

    /// The codes of a number: a listed mask, several of them added up where the event allows it, or the whole word of a named one.
    ///
    /// A number programs itself and nothing else: the bits that a mask of this number has beside it come with its name alone
    /// (`libpe_utils/op_pe_utils.cpp`, `_get_event_code`).
    fn codes(&self, row: &Oprofile, number: u64) -> Vec<u64> {
        if number == row.default_mask && row.default_name.is_none() {
            return vec![row.default_config];
        }
        let is_listed = row.masks.iter().any(|mask| mask.value == number);
        let all = row.masks.iter().fold(0, |all, mask| all | mask.value);
        if is_listed || row.is_bitmask && number & !all == 0 {
            return self.encoded(row.number, number, 0).into_iter().collect();
        }
        row.masks
            .iter()
            .filter(|mask| mask.extra != 0 && is_word_of(mask, number))
            .filter_map(|mask| self.code(row, mask))
            .collect()
    }

    /// The code of a name; of two masks of one name the first, as `OProfile` looks them up.
    fn with_name(&self, row: &Oprofile, name: &str) -> Option<u64> {
        row.masks.iter().find(|mask| mask.name == name).and_then(|mask| self.code(row, mask))
    }

    fn code(&self, row: &Oprofile, mask: &UnitMask) -> Option<u64> {
        self.encoded(row.number, mask.value, mask.extra)
    }

    /// The code of a number with a mask; `None` for a mask of more bits than x86 has (Atom, Pentium 4): what is programmed is not known.
    ///
    /// operf and ocount shift the upper bits of AMD's numbers to where the kernel takes none (likewise, `(base_code & 0xF00) << 32`; Linux,
    /// `AMD64_RAW_EVENT_MASK`), so that the lower eight alone are counted.
    fn encoded(&self, number: u64, mask: u64, extra: u64) -> Option<u64> {
        let row = self.machine.microarch().row;
        if !row.is_x86() {
            return Some(number);
        }
        (mask < 0x100).then_some(number & 0xff | mask << 8 | extra)
    }

    fn candidates(&self, configs: &[u64]) -> Vec<Candidate> {
        let source = format!("oprofile/{}", self.machine.microarch().row.oprofile);
        let pmus = self.machine.pmus();
        let each = configs.iter().flat_map(|config| pmus.iter().map(|pmu| Event::numbered(pmu, *config, 0)));
        each.map(|event| Candidate::new(event, Method::Oprofile, source.clone())).collect()
    }

    /// Every event that `OProfile` can count here, with a spelling of it.
    pub(super) fn oprofile_names(&self) -> Vec<(String, Candidate)> {
        let mut all = Vec::new();
        for row in self.machine.oprofile() {
            let mut texts = vec![row.name.to_owned()];
            texts.extend(row.masks.iter().filter(|_| row.masks.len() > 1).map(|mask| mask_text(row, mask)));
            for text in texts {
                let spelling = crate::catalog::Spelling::read(crate::catalog::Tool::Oprofile, &text);
                let crate::catalog::Name::Oprofile { event, fields } = &spelling.name else { continue };
                all.extend(self.oprofile(event, fields).candidates.into_iter().map(|candidate| (text.clone(), candidate)));
            }
        }
        all
    }
}

/// `NAME:mask`, by its name where the number would not tell.
fn mask_text(row: &Oprofile, mask: &UnitMask) -> String {
    let twins = row.masks.iter().filter(|other| other.value == mask.value).count();
    if twins > 1 && !mask.name.is_empty() {
        format!("{}:{}", row.name, mask.name)
    } else {
        format!("{}:{:#x}", row.name, mask.value)
    }
}

/// Whether a number is the whole word of a named mask: its unit mask, in the low byte or where the encoding has it, and its bits.
fn is_word_of(mask: &UnitMask, number: u64) -> bool {
    let rest = number & !Extra::BITS;
    number & Extra::BITS == mask.extra && (rest == mask.value || rest == mask.value << 8)
}
