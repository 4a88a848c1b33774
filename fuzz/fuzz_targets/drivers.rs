//! Any script of events given to the driver of any device of the catalogue: it never panics, answers
//! in bounds, never spins on a deadline, and reports no value from a frame that its codec refuses.
//!
//! The first byte chooses the device; `script` says what the others mean.
#![no_main]

mod script;

use devices::{
    Action, Channel, Clock, Driver, Event, Malformation, Measured, Millis, Report,
    catalogue::{DEVICES, Transport},
    decode,
};
use libfuzzer_sys::fuzz_target;
use script::{Script, Step};

/// The most actions of one event: what is asked at the opening of a link, or the 64 records that a
/// meter holds back; and not more than two for each byte that has come.
const MOST_ACTIONS: usize = 128;
/// No attribute of Bluetooth is longer, and no other device takes more at once.
const LONGEST_WRITE: usize = 512;
/// A camera has two sockets and a queue; no driver waits for more.
const MOST_DUE_AT_ONCE: usize = 16;
/// Channels that a driver may have asked for; the catalogue's has no more than a dozen.
const MOST_CHANNELS: usize = 32;

fuzz_target!(|input: &[u8]| {
    let Some((&chosen, rest)) = input.split_first() else { return };
    let device = DEVICES[usize::from(chosen) % DEVICES.len()];
    let mut trial = Trial {
        protocol: protocol(device.id),
        driver: (device.driver)(),
        channels: device.transports.iter().filter_map(|transport| own(*transport)).collect(),
        up: false,
        now: 0,
    };
    for step in Script(rest) {
        trial.play(step);
    }
});

struct Trial {
    protocol: Option<&'static str>,
    driver: Box<dyn Driver>,
    channels: Vec<Channel>,
    /// Bytes and refusals only come while it is; commands and the deadline come at any time.
    up: bool,
    now: Millis,
}

impl Trial {
    fn play(&mut self, step: Step<'_>) {
        match step {
            Step::Up(utc) => {
                self.up = true;
                self.give(Event::Up(Clock { utc, ahead_minutes: 60 }));
            }
            Step::Down if self.up => {
                self.up = false;
                self.give(Event::Down);
            }
            Step::Timer => self.wake(),
            Step::Bytes { place, bytes } => {
                if let Some(channel) = self.channel(place) {
                    self.give(Event::Bytes { channel, bytes });
                }
            }
            Step::Refused { place } => {
                if let Some(channel) = self.channel(place) {
                    self.give(Event::Refused(channel));
                }
            }
            Step::Command(command) => self.give(Event::Command(command)),
            Step::Controls(controls) if self.up => self.give(Event::Controls(&controls)),
            Step::Down | Step::Controls(_) => {}
            Step::Wait(time) => self.now += time,
        }
    }

    /// Several things may be due at once and take their turns. A deadline that stays in the past
    /// would have the link call for ever.
    fn wake(&mut self) {
        for _ in 0..MOST_DUE_AT_ONCE {
            let Some(deadline) = self.driver.deadline() else { return };
            self.now = self.now.max(deadline);
            self.give(Event::Timer);
            if self.driver.deadline().is_none_or(|next| next > self.now) {
                return;
            }
        }
        panic!("called for ever at {}", self.now);
    }

    fn channel(&self, place: u8) -> Option<Channel> {
        if !self.up {
            return None;
        }
        let count = self.channels.len().max(1);
        self.channels.get(usize::from(place) % count).copied()
    }

    fn give(&mut self, event: Event<'_>) {
        let came = match event {
            Event::Bytes { channel, bytes } => Some((channel, bytes)),
            _ => None,
        };
        let actions = self.driver.handle(self.now, event);
        let length = came.map_or(0, |(_, bytes)| bytes.len());
        assert!(actions.len() <= MOST_ACTIONS + 2 * length, "{} actions", actions.len());
        for action in &actions {
            self.check(action, came);
        }
    }

    fn check(&mut self, action: &Action, came: Option<(Channel, &[u8])>) {
        match action {
            Action::Write { channel, bytes } => {
                assert!(bytes.len() <= LONGEST_WRITE, "{} bytes written", bytes.len());
                self.know(*channel);
            }
            Action::Subscribe(channel)
            | Action::SubscribeIfThere(channel)
            | Action::Read(channel) => self.know(*channel),
            Action::Report(Report::Measured(measured)) => self.check_value(measured, came),
            Action::Report(Report::Malformed(malformation)) => {
                assert!(malformation.bytes.len() <= Malformation::LIMIT);
            }
            Action::Report(_)
            | Action::Post { .. }
            | Action::SetControl { .. }
            | Action::ReadControls => {}
        }
    }

    fn know(&mut self, channel: Channel) {
        if !self.channels.contains(&channel) {
            self.channels.push(channel);
            assert!(self.channels.len() <= MOST_CHANNELS);
        }
    }

    fn check_value(&self, measured: &Measured, came: Option<(Channel, &[u8])>) {
        assert!(!measured.raw.is_empty(), "a value without the bytes that say it");
        let Some(protocol) = self.protocol else { return };
        let kind = match came {
            // What a driver joins out of several values is no frame of its own.
            Some((Channel::Gatt { .. }, bytes)) if measured.raw != bytes => return,
            Some((Channel::Gatt { characteristic, .. }, _)) => Some(characteristic.to_string()),
            _ => None,
        };
        // A vendor's service has one kind of frame, and no number that its codec knows.
        let kind = kind.filter(|_| protocol.starts_with("ble_"));
        let said = decode(protocol, kind.as_deref(), &measured.raw);
        assert!(said.is_ok(), "{protocol} says {said:?} of {measured:?}");
    }
}

/// What a link of this kind always has; Bluetooth has what the driver asks for.
fn own(transport: Transport) -> Option<Channel> {
    match transport {
        Transport::Serial(_) | Transport::Tcp => Some(Channel::Stream),
        Transport::Udp => Some(Channel::Datagram),
        Transport::Hid => Some(Channel::Hid),
        Transport::Controls => Some(Channel::Control),
        Transport::Http => Some(Channel::Http),
        Transport::Gatt => None,
    }
}

/// The codec that reads what this driver's values keep as their bytes. Left out: cuffs that deviate
/// from the standard, values made of many frames, and streams, which a codec never refuses.
fn protocol(device: &str) -> Option<&'static str> {
    Some(match device {
        "ble-blood-pressure" => "ble_blood_pressure",
        "ble-cgm" => "ble_cgm",
        "ble-glucose" => "ble_glucose",
        "ble-heart-rate" => "ble_heart_rate",
        "ble-oximeter" => "ble_pulse_oximeter_plx",
        "ble-thermometer" => "ble_health_thermometer",
        "berry" | "cms50" => "contec_cms50_bci_live",
        "cms50-new" => "contec_cms50_new_firmware",
        "emay-sleepo2" => "emay_sleepo2",
        "suntech-advantage" => "suntech_nibp_serial",
        "yonker" => "yonker_ble",
        _ => return None,
    })
}
