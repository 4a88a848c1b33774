//! `cartctl scan` and `cartctl pair`: Bluetooth devices, before they are in the configuration.
//!
//! Both speak with the Bluetooth service of the computer that they run on, and not with cartd: a
//! device is paired at the cart, by a person who sees its display.

use std::{
    io::{self, BufRead as _, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use clap::Args;
use device_links::{BleAddress, Nearby, Technician};
use devices::catalogue::recognise;

use crate::bench::aligned;

#[derive(Args)]
pub struct ScanArguments {
    /// How long to listen, in seconds.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    seconds: u64,
    /// Of several Bluetooth adapters, such as `hci1`.
    #[arg(long)]
    adapter: Option<String>,
    /// Also what no driver is known for.
    #[arg(long)]
    all: bool,
}

#[derive(Args)]
pub struct PairArguments {
    /// As `cartctl scan` prints it: `C0:26:DF:01:02:03`, or `hci1/C0:26:DF:01:02:03`.
    address: BleAddress,
}

pub fn scan(arguments: &ScanArguments) -> anyhow::Result<ExitCode> {
    eprintln!("Listening for {} seconds…", arguments.seconds);
    let nearby =
        device_links::scan(arguments.adapter.as_deref(), Duration::from_secs(arguments.seconds))
            .context("Could not look for Bluetooth devices")?;
    let mut out = io::stdout();
    for row in aligned(&table(&nearby, arguments.all)) {
        writeln!(out, "{row}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The words are those of the configuration.
fn table(nearby: &[Nearby], all: bool) -> Vec<[String; 4]> {
    let row = |one: &Nearby| {
        let device = recognise(one.name.as_deref(), &one.services);
        if device.is_none() && !all {
            return None;
        }
        let name = one.name.clone().unwrap_or_else(|| "-".to_owned());
        let driver = device.map_or("-", |device| device.id).to_owned();
        let paired = if one.paired { "yes" } else { "no" }.to_owned();
        Some([format!("ble:{}", one.address), name, driver, paired])
    };
    let head = ["LINK", "NAME", "DRIVER", "PAIRED"].map(str::to_owned);
    [head].into_iter().chain(nearby.iter().filter_map(row)).collect()
}

pub fn pair(arguments: &PairArguments) -> anyhow::Result<ExitCode> {
    let PairArguments { address } = arguments;
    eprintln!("Looking for {address}. It has to be in its pairing mode.");
    device_links::pair(address, Arc::new(Terminal))
        .with_context(|| format!("Could not pair {address}"))?;
    writeln!(io::stdout(), "Paired. Its link in cartd.toml: ble:{address}")?;
    Ok(ExitCode::SUCCESS)
}

/// Whoever types `cartctl pair`.
struct Terminal;

impl Technician for Terminal {
    fn passkey(&self) -> Option<u32> {
        eprint!("The six digits that the device shows: ");
        digits(&line())
    }

    fn shows_too(&self, passkey: u32) -> bool {
        eprint!("Does the device show {passkey:06}? [y/N] ");
        line().eq_ignore_ascii_case("y")
    }

    fn type_in(&self, passkey: u32) {
        eprintln!("Type {passkey:06} into the device.");
    }
}

/// Without the white space around it. Empty when nobody sits at the terminal.
fn line() -> String {
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(_) => line.trim().to_owned(),
        Err(_) => String::new(),
    }
}

fn digits(text: &str) -> Option<u32> {
    let six = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if six { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use devices::Uuid;

    use super::*;

    fn heard(last: u8, name: Option<&str>, service: u16) -> Nearby {
        Nearby {
            address: BleAddress { adapter: None, device: [0xC0, 0x26, 0xDF, 1, 2, last] },
            name: name.map(str::to_owned),
            services: vec![Uuid::sig(service)],
            paired: last == 3,
        }
    }

    #[test]
    fn a_scan_names_the_link_and_the_driver_of_what_is_recognised() {
        let nearby =
            [heard(3, Some("BM85"), 0x1810), heard(4, None, 0x1809), heard(5, Some("TV"), 0x110B)];
        let rows: Vec<String> = table(&nearby, false).iter().map(|row| row.join(" ")).collect();
        assert_eq!(
            rows,
            [
                "LINK NAME DRIVER PAIRED",
                "ble:C0:26:DF:01:02:03 BM85 beurer-bm85 yes",
                "ble:C0:26:DF:01:02:04 - ble-thermometer no",
            ]
        );
        assert_eq!(table(&nearby, true)[3].join(" "), "ble:C0:26:DF:01:02:05 TV - no");
    }

    #[test]
    fn only_six_digits_are_a_passkey() {
        assert_eq!(digits("000417"), Some(417));
        for wrong in ["", "417", "0004170", "+00417", "00041a"] {
            assert_eq!(digits(wrong), None, "{wrong}");
        }
    }
}
