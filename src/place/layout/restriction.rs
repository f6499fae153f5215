//! The regular expressions that people write into a template.

use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use super::error::LayoutError;

/// A part of a template that is a regular expression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Restriction<'t> {
    /// The whole template.
    pub(super) template: &'t str,
    /// Where the expression begins in it.
    pub(super) at: usize,
    /// The expression.
    pub(super) text: &'t str,
}

impl Restriction<'_> {
    /// The expression in a form that can stand inside another one, whatever flags and comments it was written with.
    ///
    /// `within_part`: in a path, no value crosses a `/`, so `[^_]+` means what people mean by it.
    pub(super) fn pattern(self, within_part: bool) -> Result<String, LayoutError> {
        let mut hir = self.parse()?;
        if hir.properties().minimum_len() == Some(0) {
            return Err(self.error(0, "this also stands for nothing at all; a part that may be missing is put in [ ]"));
        }
        hir = self.without_groups(hir)?;
        if within_part {
            hir = self.without_slash(hir)?;
        }
        Ok(hir.to_string())
    }

    /// A whole expression, with the groups that it names.
    pub(super) fn parse(self) -> Result<Hir, LayoutError> {
        regex_syntax::parse(self.text).map_err(|error| {
            let (offset, reason) = match &error {
                regex_syntax::Error::Parse(error) => (error.span().start.offset, error.kind().to_string()),
                regex_syntax::Error::Translate(error) => (error.span().start.offset, error.kind().to_string()),
                other => (0, other.to_string()),
            };
            self.error(offset, format!("the regular expression is not valid: {reason}"))
        })
    }

    fn error(self, offset: usize, reason: impl Into<String>) -> LayoutError {
        LayoutError::new(self.template, self.at + offset, reason)
    }

    fn without_groups(self, hir: Hir) -> Result<Hir, LayoutError> {
        rewrite(hir, &mut |hir| match hir.into_kind() {
            HirKind::Capture(Capture { name: Some(name), .. }) => {
                Err(self.error(0, format!("the group '{name}' cannot be named inside {{ }}; the braces name it")))
            }
            HirKind::Capture(Capture { sub, .. }) => Ok(*sub),
            other => Ok(rebuilt(other)),
        })
    }

    fn without_slash(self, hir: Hir) -> Result<Hir, LayoutError> {
        let slash = ClassUnicode::new([ClassUnicodeRange::new('/', '/')]);
        rewrite(hir, &mut |hir| match hir.into_kind() {
            HirKind::Literal(literal) if literal.0.contains(&b'/') => {
                Err(self.error(0, "a value lies within one part of the path, it holds no '/'"))
            }
            HirKind::Class(Class::Unicode(mut class)) => {
                class.difference(&slash);
                Ok(Hir::class(Class::Unicode(class)))
            }
            other => Ok(rebuilt(other)),
        })
    }
}

/// Gives every node to `change`, the innermost first.
fn rewrite(hir: Hir, change: &mut impl FnMut(Hir) -> Result<Hir, LayoutError>) -> Result<Hir, LayoutError> {
    let hir = match hir.into_kind() {
        HirKind::Concat(subs) => Hir::concat(rewrite_each(subs, change)?),
        HirKind::Alternation(subs) => Hir::alternation(rewrite_each(subs, change)?),
        HirKind::Repetition(mut repetition) => {
            *repetition.sub = rewrite(*repetition.sub, change)?;
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            *capture.sub = rewrite(*capture.sub, change)?;
            Hir::capture(capture)
        }
        leaf => rebuilt(leaf),
    };
    change(hir)
}

fn rewrite_each(subs: Vec<Hir>, change: &mut impl FnMut(Hir) -> Result<Hir, LayoutError>) -> Result<Vec<Hir>, LayoutError> {
    subs.into_iter().map(|sub| rewrite(sub, change)).collect()
}

/// The node of a kind that was taken apart.
fn rebuilt(kind: HirKind) -> Hir {
    match kind {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => Hir::repetition(repetition),
        HirKind::Capture(capture) => Hir::capture(capture),
        HirKind::Concat(subs) => Hir::concat(subs),
        HirKind::Alternation(subs) => Hir::alternation(subs),
    }
}
