//! The hub's client of one interface engine: HL7 version 2 messages over MLLP, one at a time.
//!
//! Carries messages and knows none of them. A message is answered by an acknowledgement that names it;
//! nothing is retried here.

use std::time::Duration;

use hl7::{
    Acknowledgement, Message, Outgoing, Verdict,
    mllp::{Decoder, Unit, frame},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Mutex,
    time::timeout,
};

/// An engine that does not take a connection by then is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a message and its acknowledgement; in enhanced mode the application's may take a while.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// An acknowledgement names a message and a reason.
const LONGEST_ACKNOWLEDGEMENT: usize = 64 * 1024;

/// Where the engine listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MllpAddress {
    host: String,
    port: u16,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MllpAddressError {
    #[error("`{0}` is not the address of an interface engine: engine.example:2575 is one")]
    NotAnAddress(String),
    #[error(
        "`{0}` would get patient data unencrypted: say `unencrypted = true` only if a VPN or a TLS tunnel on this machine carries it"
    )]
    Unencrypted(String),
}

/// Nobody's text holds patient data, but [`MllpError::Refused`]'s may.
#[derive(Debug, thiserror::Error)]
pub enum MllpError {
    /// Nothing of it left this machine, or the engine has trouble of its own.
    #[error("{what}")]
    Later { what: String },
    /// It may have been taken.
    #[error("{what}")]
    InDoubt { what: String },
    /// AE or AR: the same message would be refused again.
    #[error("the interface engine refused the message")]
    Refused { reason: String },
}

impl MllpAddress {
    /// MLLP itself encrypts nothing; `tunnelled` says that something else does.
    ///
    /// # Errors
    /// It is no host with a port, or another machine and nothing encrypts.
    pub fn parse(text: &str, tunnelled: bool) -> Result<Self, MllpAddressError> {
        let not_an_address = || MllpAddressError::NotAnAddress(text.to_owned());
        let (host, port) = text.rsplit_once(':').ok_or_else(not_an_address)?;
        let port = port.parse().map_err(|_| not_an_address())?;
        if host.is_empty() {
            return Err(not_an_address());
        }
        if !tunnelled && !crate::hub::is_this_machine(host) {
            return Err(MllpAddressError::Unencrypted(text.to_owned()));
        }
        Ok(Self { host: host.trim_matches(['[', ']']).to_owned(), port })
    }
}

/// Keeps its connection open between messages.
pub struct MllpClient {
    address: MllpAddress,
    connection: Mutex<Option<Connection>>,
}

struct Connection {
    stream: TcpStream,
    decoder: Decoder,
}

impl MllpClient {
    /// Connects to nothing yet.
    pub fn new(address: MllpAddress) -> Self {
        Self { address, connection: Mutex::new(None) }
    }

    /// Sends the message and waits for its acknowledgement.
    ///
    /// # Errors
    /// See [`MllpError`]. The same message may be sent again: the engine knows it by its control id
    /// where it is told to look at it.
    pub async fn send(&self, message: &Outgoing) -> Result<(), MllpError> {
        let framed = frame(&message.bytes)
            .map_err(|error| MllpError::Refused { reason: error.to_string() })?;
        let mut slot = self.connection.lock().await;
        let mut connection = match slot.take() {
            Some(connection) if connection.is_quiet() => connection,
            Some(_) | None => self.connect().await?,
        };
        let exchange = connection.exchange(&framed, &message.control_id);
        let verdict = timeout(ANSWER_WITHIN, exchange)
            .await
            .map_err(|_| in_doubt("the interface engine did not answer in time"))??;
        // Only a connection on which everything went well is used again.
        *slot = Some(connection);
        match verdict {
            Verdict::Taken => Ok(()),
            Verdict::Later(reason) => {
                tracing::info!("The interface engine has trouble of its own");
                Err(MllpError::Later { what: format!("the interface engine said: {reason}") })
            }
            Verdict::Never(reason) => Err(MllpError::Refused { reason }),
            Verdict::NotAboutThis => Err(in_doubt("the interface engine answered another message")),
        }
    }

    async fn connect(&self) -> Result<Connection, MllpError> {
        let away =
            || MllpError::Later { what: "the interface engine cannot be reached".to_owned() };
        let to = (self.address.host.as_str(), self.address.port);
        let stream = timeout(CONNECT_WITHIN, TcpStream::connect(to))
            .await
            .map_err(|_| away())?
            .map_err(|_| away())?;
        Ok(Connection { stream, decoder: Decoder::new(LONGEST_ACKNOWLEDGEMENT) })
    }
}

impl Connection {
    /// Nothing came since the last acknowledgement: neither an end nor an answer that nobody waits for.
    fn is_quiet(&self) -> bool {
        let error = self.stream.try_read(&mut [0]).err();
        error.is_some_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    async fn exchange(&mut self, framed: &[u8], control_id: &str) -> Result<Verdict, MllpError> {
        let broke = |_| in_doubt("the connection to the interface engine broke");
        self.stream.write_all(framed).await.map_err(broke)?;
        let mut buffer = [0; 4096];
        loop {
            let count = self.stream.read(&mut buffer).await.map_err(broke)?;
            if count == 0 {
                return Err(in_doubt("the interface engine hung up without an answer"));
            }
            for unit in self.decoder.push(&buffer[..count]) {
                match verdict(unit, control_id)? {
                    // A late answer to an older message, repeated on this connection.
                    Verdict::NotAboutThis => {}
                    verdict => return Ok(verdict),
                }
            }
        }
    }
}

fn verdict(unit: Unit, control_id: &str) -> Result<Verdict, MllpError> {
    let unreadable = || in_doubt("the interface engine's answer is no acknowledgement");
    let Unit::Message(bytes) = unit else { return Err(unreadable()) };
    let message = Message::parse(&bytes).map_err(|_| unreadable())?;
    let acknowledgement = Acknowledgement::read(&message).map_err(|_| unreadable())?;
    Ok(acknowledgement.verdict(control_id))
}

fn in_doubt(what: &str) -> MllpError {
    MllpError::InDoubt { what: what.to_owned() }
}

#[cfg(test)]
mod tests;
