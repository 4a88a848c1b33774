//! What a technician does with Bluetooth devices: list those that advertise themselves, pair one.

use std::{sync::Arc, time::Duration};

use devices::Uuid;
use tokio::time::{sleep, timeout};
use zbus::zvariant::OwnedObjectPath;

use super::{
    agent::{self, Agent, Technician},
    bluez::{Bluez, Known, device_path},
};
use crate::address::BleAddress;

/// The device is in its pairing mode, and in the technician's hand.
const DISCOVERY: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(250);
/// Before the second and the third attempt: a device that has just woken up refuses the first.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

#[derive(Debug, thiserror::Error)]
pub enum BluetoothError {
    #[error("could not start")]
    Runtime(#[source] std::io::Error),
    #[error("the Bluetooth service (bluez) does not answer, or does not let this user")]
    Service(#[from] zbus::Error),
    #[error("there is no such Bluetooth adapter")]
    NoAdapter,
    #[error("the device is not heard: is it in its pairing mode, and near?")]
    NotHeard,
    #[error("the device could not be paired")]
    Pair(#[source] zbus::Error),
    #[error("the device took the pairing and will not remember it")]
    NotBonded,
}

/// A device that advertised itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearby {
    pub address: BleAddress,
    pub name: Option<String>,
    pub services: Vec<Uuid>,
    /// It is paired with this cart.
    pub paired: bool,
}

/// Listens for so long. The nearby devices, by address.
///
/// # Errors
/// There is no adapter, or the Bluetooth service refuses.
pub fn scan(adapter: Option<&str>, duration: Duration) -> Result<Vec<Nearby>, BluetoothError> {
    run(async { scan_by(&Bluez::connect().await?, adapter, duration).await })
}

/// Pairs a device that is in its pairing mode, and lets it connect from now on.
///
/// # Errors
/// It is not heard, or it or the technician refuses.
pub fn pair(address: &BleAddress, technician: Arc<dyn Technician>) -> Result<(), BluetoothError> {
    run(async {
        let bluez = Bluez::connect().await?;
        pair_by(&bluez, address, technician).await
    })
}

fn run<T>(what: impl Future<Output = Result<T, BluetoothError>>) -> Result<T, BluetoothError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(BluetoothError::Runtime)?.block_on(what)
}

/// The adapter's name, once it is switched on.
async fn ready(bluez: &Bluez, adapter: Option<&str>) -> Result<String, BluetoothError> {
    let mut there = bluez.adapters().await?.into_iter();
    let found = there.find(|name| adapter.is_none_or(|wanted| wanted == name));
    let name = found.ok_or(BluetoothError::NoAdapter)?;
    if !bluez.is_powered(&name).await? {
        bluez.set_powered(&name, true).await?;
    }
    Ok(name)
}

async fn scan_by(
    bluez: &Bluez,
    wanted: Option<&str>,
    duration: Duration,
) -> Result<Vec<Nearby>, BluetoothError> {
    let adapter = ready(bluez, wanted).await?;
    bluez.start_scan(&adapter).await?;
    sleep(duration).await;
    let heard = bluez.heard(&adapter).await;
    bluez.stop_scan(&adapter).await?;
    let nearby = |(device, known): ([u8; 6], Known)| Nearby {
        address: BleAddress { adapter: wanted.map(str::to_owned), device },
        name: known.name,
        services: known.services.iter().filter_map(|text| uuid(text)).collect(),
        paired: known.bonded,
    };
    let mut nearby: Vec<Nearby> = heard?.into_iter().map(nearby).collect();
    nearby.sort_by_key(|one| one.address.device);
    Ok(nearby)
}

/// As BlueZ writes it: 32 digits, with dashes between.
fn uuid(text: &str) -> Option<Uuid> {
    let digits = text.replace('-', "");
    let bits = (digits.len() == 32).then(|| u128::from_str_radix(&digits, 16).ok())?;
    bits.map(Uuid::new)
}

async fn pair_by(
    bluez: &Bluez,
    address: &BleAddress,
    technician: Arc<dyn Technician>,
) -> Result<(), BluetoothError> {
    let adapter = ready(bluez, address.adapter.as_deref()).await?;
    let device = address.device;
    let path =
        OwnedObjectPath::try_from(device_path(&adapter, device)).map_err(zbus::Error::from)?;
    // The daemon asks the agent of whoever pairs. It forgets it with this connection.
    let agent = Agent::of(path, technician);
    bluez.bus.object_server().at(agent::PATH, agent).await?;
    agent::register(&bluez.bus).await?;

    bluez.start_scan(&adapter).await?;
    let heard = timeout(DISCOVERY, hear(bluez, &adapter, device)).await;
    // Connections that are made during a scan hang with some adapters.
    bluez.stop_scan(&adapter).await?;
    heard.map_err(|_| BluetoothError::NotHeard)??;

    patiently(async || bluez.pair(&adapter, device).await).await?;
    bluez.trust(&adapter, device).await?;
    match bluez.known(&adapter, device).await? {
        Some(Known { bonded: true, .. }) => Ok(()),
        _ => Err(BluetoothError::NotBonded),
    }
}

async fn hear(bluez: &Bluez, adapter: &str, device: [u8; 6]) -> zbus::Result<()> {
    loop {
        match bluez.known(adapter, device).await? {
            Some(known) if known.heard || known.connected => return Ok(()),
            _ => sleep(LOOK).await,
        }
    }
}

async fn patiently(pair: impl AsyncFn() -> zbus::Result<()>) -> Result<(), BluetoothError> {
    let mut again = AGAIN.into_iter();
    loop {
        let Err(error) = pair().await else { return Ok(()) };
        let name = match &error {
            zbus::Error::MethodError(name, ..) => name.as_str(),
            _ => "",
        };
        match name.strip_prefix("org.bluez.Error.") {
            Some("AlreadyExists") => return Ok(()),
            // Somebody has said no, or nobody has said anything: the same would be asked again.
            Some(refused) if refused.starts_with("Authentication") => {
                return Err(BluetoothError::Pair(error));
            }
            _ => match again.next() {
                Some(pause) => sleep(pause).await,
                None => return Err(BluetoothError::Pair(error)),
            },
        }
    }
}

#[cfg(test)]
mod tests;
