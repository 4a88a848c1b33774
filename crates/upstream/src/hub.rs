//! The cart's client of the hub: sign-in with the cart's own key, durable puts, the live socket.
//!
//! Knows nothing of the outbox, the vault or the nurse. Every put may be repeated: the hub knows it by its id.

mod address;
mod identity;
mod put;
mod session;
mod socket;

use std::time::Duration;

pub(crate) use address::is_this_machine;
pub use address::{HubAddress, HubAddressError};
pub use identity::{Identity, IdentityError};
pub use put::Put;
pub use session::SessionError;
pub use socket::{HubSocket, SocketError};

use session::Session;

/// A hub that does not take a TCP and TLS connection by then is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a request and its answer; what is large gets more (see [`put`]).
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The sender puts one thing at a time; a second connection is for signing in beside it.
const IDLE_CONNECTIONS: usize = 2;

/// One cart's way to one hub. Keeps its connection open between requests and signs in by itself.
pub struct HubClient {
    address: HubAddress,
    http: reqwest::Client,
    session: Session,
}

impl HubClient {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// The TLS of this machine cannot be set up.
    pub fn new(
        address: HubAddress,
        cart: String,
        identity: Identity,
    ) -> Result<Self, reqwest::Error> {
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            .timeout(ANSWER_WITHIN)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            // A redirect would carry patient data to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { address, http, session: Session::new(cart, identity) })
    }
}
