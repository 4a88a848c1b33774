//! org.freedesktop.UPower: `OnBattery`, and the display device, which sums up all batteries.

use std::{collections::HashMap, time::Duration};

use devices::power::{Battery, Power};
use futures_util::StreamExt as _;
use tokio::{sync::watch, time::timeout};
use zbus::{
    Connection, MatchRule, MessageStream,
    fdo::{DBusProxy, PropertiesProxy},
    message::Type,
    names::InterfaceName,
    zvariant::OwnedValue,
};

const SERVICE: &str = "org.freedesktop.UPower";
const DAEMON: &str = "/org/freedesktop/UPower";
const DISPLAY: &str = "/org/freedesktop/UPower/devices/DisplayDevice";
const DEVICE: &str = "org.freedesktop.UPower.Device";

/// UPower tells every change. This finds one that hangs.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// A daemon of the same machine.
const ANSWER: Duration = Duration::from_secs(5);

/// Until the bus is lost or nobody looks any more.
///
/// # Errors
/// The bus is lost; the caller connects again. A bus without UPower is no error: nothing is known.
pub async fn watch(bus: &Connection, power: &watch::Sender<Power>) -> zbus::Result<()> {
    let changed = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(SERVICE)?
        .interface("org.freedesktop.DBus.Properties")?
        .member("PropertiesChanged")?
        .build();
    // Asked for before the first look, so that no change falls between the two.
    let mut changes = MessageStream::for_match_rule(changed, bus, None).await?;
    let names = DBusProxy::new(bus).await?;
    let mut owners = names.receive_name_owner_changed_with_args(&[(0, SERVICE)]).await?;
    while !power.is_closed() {
        let now = match timeout(ANSWER, look(bus)).await {
            Ok(Ok(now)) => now,
            Ok(Err(error)) => {
                tracing::debug!(%error, "UPower does not answer");
                Power::default()
            }
            Err(_) => Power::default(),
        };
        power.send_if_modified(|shown| std::mem::replace(shown, now) != now);
        tokio::select! {
            change = timeout(ASK_AGAIN, changes.next()) => {
                // The end of the stream is the end of the bus.
                if let Ok(None) = change {
                    power.send_replace(Power::default());
                    return Err(zbus::Error::InputOutput(
                        std::io::Error::from(std::io::ErrorKind::NotConnected).into(),
                    ));
                }
            }
            // UPower has started, or has ended and knows nothing any more.
            Some(_) = owners.next() => {}
            () = power.closed() => return Ok(()),
        }
    }
    Ok(())
}

async fn look(bus: &Connection) -> zbus::Result<Power> {
    let daemon = properties(bus, DAEMON, SERVICE).await?;
    let device = properties(bus, DISPLAY, DEVICE).await?;
    Ok(Power { on_mains: flag(&daemon, "OnBattery").map(|on| !on), ..of_battery(&device) })
}

type Properties = HashMap<String, OwnedValue>;

async fn properties(bus: &Connection, path: &str, interface: &str) -> zbus::Result<Properties> {
    let proxy = PropertiesProxy::builder(bus).destination(SERVICE)?.path(path)?.build().await?;
    Ok(proxy.get_all(InterfaceName::try_from(interface)?).await?)
}

fn flag(properties: &Properties, name: &str) -> Option<bool> {
    bool::try_from(properties.get(name)?).ok()
}

/// Numbers of `State` and `WarningLevel`: UPower's reference, interface Device.
fn of_battery(device: &Properties) -> Power {
    if flag(device, "IsPresent") != Some(true) {
        return Power::default();
    }
    let number = |name| device.get(name).and_then(|value| u32::try_from(value).ok());
    let battery = match number("State") {
        Some(1) => Some(Battery::Charging),
        Some(2) => Some(Battery::Discharging),
        Some(3) => Some(Battery::Empty),
        Some(4) => Some(Battery::Full),
        // Unknown, or about to charge or discharge.
        _ => None,
    };
    let percentage = device.get("Percentage").and_then(|value| f64::try_from(value).ok());
    let left = device.get("TimeToEmpty").and_then(|value| i64::try_from(value).ok());
    Power {
        on_mains: None,
        charge: percentage.and_then(charge),
        // 0 is UPower's "not known".
        left: left
            .and_then(|left| u64::try_from(left).ok())
            .filter(|left| *left > 0)
            .map(Duration::from_secs),
        battery,
        // 4: critical, 5: action is taken now.
        says_low: matches!(number("WarningLevel"), Some(4 | 5)),
    }
}

/// The whole part: 20.9 % is told as 20, never as more than there is.
fn charge(percentage: f64) -> Option<u8> {
    // `contains` is false for what is no number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    (0.0..=100.0).contains(&percentage).then_some(percentage as u8)
}

#[cfg(test)]
mod tests;
