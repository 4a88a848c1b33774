//! An interface engine that loses requests and acknowledgements, and knows a message by its control id (MSH-10).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context as _, Result};
use clinical::Timestamp;
use hl7::{
    Answer, Message, acknowledge,
    mllp::{Decoder, Unit, frame},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::chance::Chance;

/// Longer than any message of a reading.
const LONGEST: usize = 1 << 20;
/// Of its own answers; nobody looks at it.
const ANSWERED: Timestamp = Timestamp::from_millis(0);

/// Of a hundred.
#[derive(Clone, Copy)]
pub struct Losses {
    pub requests: u64,
    pub acknowledgements: u64,
}

impl Losses {
    pub const NONE: Self = Self { requests: 0, acknowledgements: 0 };
}

pub struct Engine {
    address: String,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Clone, Default)]
pub struct Taken {
    /// By control id: the different bytes that came under it.
    pub messages: BTreeMap<String, BTreeSet<Vec<u8>>>,
    /// The control ids as each came first.
    pub order: Vec<String>,
}

impl Engine {
    /// Listens for the life of the program.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(losses: Losses, mut chance: Chance) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let taken = Arc::<Mutex<Taken>>::default();
        let kept = taken.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (taken, chance) = (kept.clone(), Chance::new(chance.below(u64::MAX)));
                tokio::spawn(async move {
                    // A hub that is killed breaks the connection; everything else is a finding.
                    if let Err(error) = serve(stream, &taken, losses, chance).await
                        && error.downcast_ref::<std::io::Error>().is_none()
                    {
                        eprintln!("the interface engine did not understand: {error:#}");
                    }
                });
            }
        });
        Ok(Self { address, taken })
    }

    /// The section of the hub's configuration, by which this gets what is named in `entries`.
    pub fn config(&self, entries: &[&str]) -> String {
        format!(
            "[hl7]\naddress = \"{}\"\nentries = {entries:?}\n\
             sending = {{ application = \"BEDSIDE\", facility = \"WARD\" }}\n\
             receiving = {{ application = \"ENGINE\", facility = \"HOSPITAL\" }}\n",
            self.address
        )
    }

    pub fn taken(&self) -> Taken {
        lock(&self.taken).clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    taken: &Mutex<Taken>,
    losses: Losses,
    mut chance: Chance,
) -> Result<()> {
    let mut decoder = Decoder::new(LONGEST);
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        for unit in decoder.push(&buffer[..count]) {
            let Unit::Message(bytes) = unit else { anyhow::bail!("no message: {unit:?}") };
            if chance.happens(losses.requests) {
                return Ok(());
            }
            let answer = take(taken, bytes)?;
            if chance.happens(losses.acknowledgements) {
                return Ok(());
            }
            stream.write_all(&answer).await?;
        }
    }
}

fn take(taken: &Mutex<Taken>, bytes: Vec<u8>) -> Result<Vec<u8>> {
    let message = Message::parse(&bytes).ok().context("it is not HL7")?;
    let id = message.header().field(10).text().ok().flatten().context("it has no MSH-10")?;
    let id = id.to_string();
    let answer = frame(&acknowledge(Some(&message), Answer::Accepted, "1", ANSWERED))?;
    let mut taken = lock(taken);
    if !taken.messages.contains_key(&id) {
        taken.order.push(id.clone());
    }
    taken.messages.entry(id).or_default().insert(bytes);
    Ok(answer)
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}
