//! `cartctl devices` and `cartctl watch`: what is plugged in, how it fares, and what it says now.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use cart_api::{DeviceHealth, DeviceLink};
use clap::Args;
use clinical::Timestamp;
use serde_json::json;

use crate::{cart::Cart, print, record_key};

#[derive(Args)]
pub struct Connection {
    /// Where cartd listens for technicians.
    #[arg(long, default_value = "/run/bedside/technician.sock")]
    pub socket: PathBuf,
}

#[derive(Args)]
pub struct ListArguments {
    #[command(flatten)]
    pub connection: Connection,
    /// Print all that is known, as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct WatchArguments {
    /// Its id in the configuration, such as `cuff`.
    device: String,
    #[command(flatten)]
    connection: Connection,
}

pub fn list(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let mut cart = Cart::connect(&arguments.connection.socket)?;
    let (now, devices) = cart.devices()?;
    record_key::warn(&mut cart)?;
    if arguments.json {
        return print(&json!({ "now": now, "devices": devices }));
    }
    let mut out = io::stdout();
    if devices.is_empty() {
        writeln!(out, "No device is configured. Add one: docs/field/devices.md says how.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let head = ["DEVICE", "IS A", "AT", "LINK", "LAST READING", "BATTERY"].map(str::to_owned);
    let rows: Vec<_> =
        [head].into_iter().chain(devices.iter().map(|device| row(device, now))).collect();
    for row in aligned(&rows) {
        writeln!(out, "{row}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One line of JSON for each event, until Ctrl-C.
pub fn watch(arguments: &WatchArguments) -> anyhow::Result<ExitCode> {
    let cart = Cart::connect(&arguments.connection.socket)?;
    cart.watch(&arguments.device, |device, at, event| {
        print(&json!({ "at": at, "device": device, "saw": event })).map(|_| ())
    })?;
    Ok(ExitCode::SUCCESS)
}

type Row = [String; 6];

fn row(device: &DeviceHealth, now: Timestamp) -> Row {
    let reading = device.last_reading.as_ref();
    [
        device.id.to_string(),
        device.title.clone(),
        device.address.clone(),
        link(device, now),
        reading.map_or("none".into(), |last| format!("{}, {} ago", last.kind, age(last.at, now))),
        device.battery.map_or("unknown".into(), |per_cent| format!("{per_cent} %")),
    ]
}

/// An open link without a word from its end is a cable without a device, or the wrong driver.
fn link(device: &DeviceHealth, now: Timestamp) -> String {
    let state = match (device.link, device.heard) {
        (DeviceLink::Away { since }, _) => format!("away for {}", age(since, now)),
        (DeviceLink::Up { since }, Some(heard)) if heard >= since => "up".to_owned(),
        (DeviceLink::Up { since }, _) => format!("open but silent for {}", age(since, now)),
    };
    let lost = times(device.lost, "lost");
    let wrong = device.last_malformed.as_deref().unwrap_or_default();
    let malformed = times(device.malformed, "garbled").map(|text| format!("{text} ({wrong})"));
    [Some(state), lost, malformed].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn times(count: u32, what: &str) -> Option<String> {
    (count > 0).then(|| format!("{what} {count}×"))
}

fn age(at: Timestamp, now: Timestamp) -> String {
    // A clock that was set back in between makes no age negative.
    let seconds = now.millis_since(at).max(0) / 1000;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The cells of a column one below the other.
pub fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> Vec<String> {
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use cart_api::LastReading;
    use clinical::DeviceId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    fn cuff() -> DeviceHealth {
        DeviceHealth {
            id: DeviceId("cuff".into()),
            driver: "suntech-advantage".into(),
            title: "SunTech Advantage".into(),
            address: "serial:/dev/bedside/serial-A1".into(),
            link: DeviceLink::Up { since: NOW.plus_millis(-90_000) },
            lost: 0,
            heard: Some(NOW.plus_millis(-1_000)),
            malformed: 0,
            last_malformed: None,
            serial: None,
            firmware: None,
            battery: None,
            last_reading: None,
        }
    }

    #[test]
    fn a_link_is_up_only_when_its_device_was_heard_on_it() {
        assert_eq!(link(&cuff(), NOW), "up");
        let silent = DeviceHealth { heard: None, ..cuff() };
        assert_eq!(link(&silent, NOW), "open but silent for 90 s");
        let heard_before = DeviceHealth { heard: Some(NOW.plus_millis(-100_000)), ..cuff() };
        assert_eq!(link(&heard_before, NOW), "open but silent for 90 s");
        let since = NOW.plus_millis(-7_200_000);
        let away = DeviceHealth { link: DeviceLink::Away { since }, lost: 2, ..cuff() };
        assert_eq!(link(&away, NOW), "away for 2 h, lost 2×");
    }

    #[test]
    fn garbled_bytes_are_counted_and_named() {
        let last_malformed = Some("checksum".into());
        let garbled = DeviceHealth { malformed: 3, last_malformed, ..cuff() };
        assert_eq!(link(&garbled, NOW), "up, garbled 3× (checksum)");
    }

    #[test]
    fn a_row_tells_the_age_of_the_last_reading() {
        let [.., last, battery] = row(&cuff(), NOW);
        assert_eq!((last.as_str(), battery.as_str()), ("none", "unknown"));
        let at = NOW.plus_millis(-180_000);
        let last_reading = Some(LastReading { kind: "blood pressure".into(), at });
        let [.., last, battery] =
            row(&DeviceHealth { last_reading, battery: Some(80), ..cuff() }, NOW);
        assert_eq!((last.as_str(), battery.as_str()), ("blood pressure, 3 min ago", "80 %"));
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bb", "c", "d", "e", "f"], ["aaa", "b", "c", "d", "e", ""]]
            .map(|row| row.map(str::to_owned));
        assert_eq!(aligned(&rows), ["a    bb  c  d  e  f", "aaa  b   c  d  e"]);
    }

    #[test]
    fn an_age_has_one_unit_and_is_never_negative() {
        let seconds = |seconds: i64| age(NOW.plus_millis(-seconds * 1000), NOW);
        assert_eq!(seconds(119), "119 s");
        assert_eq!(seconds(120), "2 min");
        assert_eq!(seconds(7_200), "2 h");
        assert_eq!(seconds(172_800), "2 days");
        assert_eq!(seconds(-5), "0 s");
    }
}
