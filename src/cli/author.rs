//! Who says something of results or events.

use super::exit::Usage;

/// The option that names the author.
#[derive(Debug, clap::Args)]
pub(super) struct AuthorArgs {
    /// Who says so [default: the name of the user, from USER or LOGNAME]
    #[arg(long, value_name = "NAME", env = "PRC_AUTHOR")]
    author: Option<String>,
}

impl AuthorArgs {
    /// The author: the one that was named, else the user.
    ///
    /// # Errors
    /// Nobody is known: a verdict without author could not be asked about.
    pub(super) fn name(&self) -> Result<String, Usage> {
        self.name_if_known()
            .ok_or_else(|| Usage("nothing says who gives the verdict; write --author NAME, or set PRC_AUTHOR".to_owned()))
    }

    /// The same where nobody has to be known.
    pub(super) fn name_if_known(&self) -> Option<String> {
        let user = || ["USER", "LOGNAME"].into_iter().filter_map(|name| std::env::var(name).ok()).find(|name| !is_blank(name));
        self.author.clone().or_else(user).filter(|name| !is_blank(name))
    }
}

/// Whether a text says nothing.
pub(super) fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
