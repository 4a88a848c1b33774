//! One cryptography for every connection of this process.

use std::sync::Once;

/// Called before the first client is made: rustls has no default of its own in this build.
pub(crate) fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the program has already chosen a provider; that one is used then.
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("The program brings its own TLS provider");
        }
    });
}
