//! Text that nobody may read in a log: a client secret, an access token.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

/// Our copy is wiped from memory when the last clone is dropped; `Debug` shows nothing of it. What went to the
/// network passed through buffers of the HTTP and TLS libraries, which are not ours to wipe.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether both are the same copy: a token that was given out, not another one with the same text.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
