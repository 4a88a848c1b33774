//! What the cart runs on: told by UPower, or by the UPS of the configuration.

use std::time::Duration;

use devices::power::Power;
use peripherals::power::{NutAddress, watch_nut, watch_upower};
use tokio::{sync::watch, time::sleep};

use crate::config::UpsConfig;

/// How soon a system bus that is lost, or not there yet, is looked for.
const BUS_AGAIN: Duration = Duration::from_secs(5);

/// Tells each change until nobody looks any more. A source that is lost is said to know nothing.
pub async fn keep_watching(ups: Option<UpsConfig>, power: watch::Sender<Power>) {
    if let Some(UpsConfig { host, name }) = ups {
        return watch_nut(NutAddress { host, ups: name }, power).await;
    }
    let mut told = false;
    while !power.is_closed() {
        let ended = match zbus::Connection::system().await {
            Ok(bus) => watch_upower(&bus, &power).await,
            Err(error) => Err(error),
        };
        power.send_if_modified(|shown| std::mem::take(shown) != Power::default());
        // The first failure of a row is told: a cart without UPower would fill its journal.
        match ended {
            Ok(()) => told = false,
            Err(error) if !told => {
                told = true;
                tracing::info!(%error, "Battery and mains are not known: the system bus is away");
            }
            Err(_) => {}
        }
        tokio::select! {
            () = sleep(BUS_AGAIN) => {}
            () = power.closed() => return,
        }
    }
}
