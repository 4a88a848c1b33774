//! The commands of the control socket: a line of words becomes an order, or words about why not.
//!
//! Pure. `usage` is the whole grammar for people; the manual page repeats it.

use super::hex;
use crate::cuff::{Failure, Outcome};
use crate::equipment;
use crate::link::fault::Plan;
use crate::oximeter::{Finger, Signal};
use crate::peripherals::{self, MODELS};
use std::path::PathBuf;
use std::time::Duration;

const USAGE: &str = "\
cuff reads SYS DIA MAP PULSE | cuff fails loose|error | cuff duration SECONDS | cuff press-start
oximeter on SPO2 PULSE | oximeter off | oximeter flags artifact|low-perfusion|none
oximeter pleth FILE [SAMPLES-PER-SECOND]
stethoscope heart PULSE | stethoscope off
camera where
DEVICE fault split|merge|drop N|corrupt N|none | DEVICE unplug | DEVICE plug | DEVICE sends HEX
quit";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    Cuff,
    Oximeter,
    Camera,
    Microphone,
    Stethoscope,
    Otoscope,
    /// A Bluetooth device: its place in [`MODELS`].
    Bluetooth(usize),
}

const DEVICES: [(&str, Device); 6] = [
    ("cuff", Device::Cuff),
    ("oximeter", Device::Oximeter),
    ("camera", Device::Camera),
    ("microphone", Device::Microphone),
    ("stethoscope", Device::Stethoscope),
    ("otoscope", Device::Otoscope),
];

#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    CuffWill(Outcome),
    CuffTakes(Duration),
    CuffPressStart,
    OximeterOn(Finger),
    OximeterOff,
    OximeterSignal(Signal),
    OximeterPleth {
        file: PathBuf,
        rate: f64,
    },
    /// Beats in a minute of the heart it lies on; `None`: it lies on nothing.
    StethoscopeOn(Option<u16>),
    CameraWhere,
    Fault(Device, Plan),
    Plug(Device, bool),
    /// Bytes as they are.
    Sends(Device, Vec<u8>),
    /// What a Bluetooth device understands by itself.
    Bluetooth(usize, Vec<String>),
    Quit,
}

/// Most recordings of pulse waves that are public have this rate.
const USUAL_RATE: f64 = 100.0;
/// Longer measurements would be given up by any host.
const LONGEST_MEASUREMENT: f64 = 170.0;

/// The whole grammar, for people.
pub fn usage() -> String {
    let models = MODELS.iter();
    let usage = models.fold(USAGE.to_owned(), |usage, model| format!("{usage}\n{}", model.usage));
    format!("{usage}\nany of these but the thermometer: {}", equipment::USAGE)
}

/// Understands one line. The error is a sentence for the person who typed it.
pub fn parse(line: &str) -> Result<Order, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [] => Err("say what to do, for example `cuff reads 128 82 97 71`".into()),
        ["quit"] => Ok(Order::Quit),
        ["cuff", "reads" | "fails" | "duration" | "press-start", ..] => cuff(&words[1..]),
        ["oximeter", "on" | "off" | "flags" | "pleth", ..] => oximeter(&words[1..]),
        ["stethoscope", "off"] => Ok(Order::StethoscopeOn(None)),
        ["stethoscope", "heart", pulse] => {
            Ok(Order::StethoscopeOn(Some(number("PULSE", pulse, 30, 200)?)))
        }
        ["camera", "where"] => Ok(Order::CameraWhere),
        [device, verb @ ..] => match (peripherals::find(device), verb) {
            (Some(index), ["fault" | "plug" | "unplug", ..]) => {
                any_device(Device::Bluetooth(index), verb)
            }
            (Some(index), _) => {
                let words = verb.iter().map(|word| (*word).to_owned());
                Ok(Order::Bluetooth(index, words.collect()))
            }
            (None, _) => any_device(find(&devices(), "device", device)?, verb),
        },
    }
}

fn cuff(words: &[&str]) -> Result<Order, String> {
    match words {
        ["reads", systolic, diastolic, mean, pulse] => Ok(Order::CuffWill(Outcome::Reads {
            systolic: number("SYS", systolic, 1, 300)?,
            diastolic: number("DIA", diastolic, 1, 300)?,
            mean: number("MAP", mean, 1, 300)?,
            pulse: number("PULSE", pulse, 1, 255)?,
        })),
        ["reads", ..] => Err("`cuff reads` wants four numbers: SYS DIA MAP PULSE".into()),
        ["fails", "loose"] => Ok(Order::CuffWill(Outcome::Fails(Failure::Loose))),
        ["fails", "error"] => Ok(Order::CuffWill(Outcome::Fails(Failure::Erratic))),
        ["fails", ..] => Err("`cuff fails` wants `loose` or `error`".into()),
        ["duration", seconds] => {
            let seconds = decimal("SECONDS", seconds, 0.1, LONGEST_MEASUREMENT)?;
            Ok(Order::CuffTakes(Duration::from_secs_f64(seconds)))
        }
        ["duration", ..] => Err("`cuff duration` wants one number of seconds".into()),
        ["press-start"] => Ok(Order::CuffPressStart),
        _ => Err("`cuff press-start` wants nothing after it".into()),
    }
}

fn oximeter(words: &[&str]) -> Result<Order, String> {
    match words {
        ["on", spo2, pulse] => Ok(Order::OximeterOn(Finger {
            spo2_percent: number("SPO2", spo2, 0, 100)?,
            pulse_per_minute: number("PULSE", pulse, 18, 321)?,
        })),
        ["on", ..] => Err("`oximeter on` wants two numbers: SPO2 PULSE".into()),
        ["off"] => Ok(Order::OximeterOff),
        ["flags", "artifact"] => Ok(Order::OximeterSignal(Signal::Artifact)),
        ["flags", "low-perfusion"] => Ok(Order::OximeterSignal(Signal::LowPerfusion)),
        ["flags", "none"] => Ok(Order::OximeterSignal(Signal::Good)),
        ["flags", ..] => Err("`oximeter flags` wants `artifact`, `low-perfusion` or `none`".into()),
        ["pleth", file] => Ok(Order::OximeterPleth { file: file.into(), rate: USUAL_RATE }),
        ["pleth", file, rate] => Ok(Order::OximeterPleth {
            file: file.into(),
            rate: decimal("SAMPLES-PER-SECOND", rate, 10.0, 10_000.0)?,
        }),
        ["pleth", ..] => Err("`oximeter pleth` wants a file, and its rate if not 100".into()),
        _ => Err("`oximeter off` wants nothing after it".into()),
    }
}

/// All devices, so that whoever misspells one is told of all.
fn devices() -> Vec<(&'static str, Device)> {
    let bluetooth = MODELS.iter().enumerate();
    let bluetooth = bluetooth.map(|(index, model)| (model.name, Device::Bluetooth(index)));
    DEVICES.into_iter().chain(bluetooth).collect()
}

fn any_device(device: Device, verb: &[&str]) -> Result<Order, String> {
    match verb {
        ["unplug"] => Ok(Order::Plug(device, false)),
        ["plug"] => Ok(Order::Plug(device, true)),
        ["fault" | "sends", ..] if matches!(device, Device::Microphone | Device::Stethoscope) => {
            Err("it sends sound, no messages: it can only be unplugged".into())
        }
        ["fault" | "sends", ..] if device == Device::Otoscope => {
            Err("it sends pictures, no messages: it can only be unplugged".into())
        }
        ["fault", plan @ ..] => Ok(Order::Fault(device, fault(plan)?)),
        ["sends", bytes @ ..] => Ok(Order::Sends(device, hexadecimal(bytes)?)),
        [] => Err("say what the device does".into()),
        [unknown, ..] => Err(format!("unknown command `{unknown}`; known are:\n{}", usage())),
    }
}

fn fault(words: &[&str]) -> Result<Plan, String> {
    match words {
        ["none"] => Ok(Plan::None),
        ["split"] => Ok(Plan::Split),
        ["merge"] => Ok(Plan::Merge),
        ["drop", every] => Ok(Plan::Drop(number("N", every, 1, 1_000_000)?)),
        ["corrupt", every] => Ok(Plan::Corrupt(number("N", every, 1, 1_000_000)?)),
        _ => Err("a fault is `split`, `merge`, `drop N`, `corrupt N` or `none`".into()),
    }
}

/// What a word of a table stands for.
pub fn find<T: Copy>(table: &[(&str, T)], what: &str, word: &str) -> Result<T, String> {
    let found = table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
        format!("unknown {what} `{word}`; known are {}", names.join(", "))
    })
}

pub fn number<T>(name: &str, word: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    match word.parse::<T>() {
        Ok(value) if value >= least && value <= most => Ok(value),
        Ok(_) | Err(_) => Err(format!("{name} is a number from {least} to {most}, not `{word}`")),
    }
}

fn decimal(name: &str, word: &str, least: f64, most: f64) -> Result<f64, String> {
    number(name, word, least, most)
}

/// As long as the longest message of any of these protocols, and then some.
const MOST_BYTES: usize = 512;

pub fn hexadecimal(words: &[&str]) -> Result<Vec<u8>, String> {
    let text = words.concat();
    match hex::parse(&text) {
        Some(bytes) if bytes.len() <= MOST_BYTES => Ok(bytes),
        Some(bytes) => Err(format!("{} bytes are too many; at most {MOST_BYTES}", bytes.len())),
        None => Err(format!("`{text}` is not bytes in hexadecimal, such as 04 6e01")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Order) {
        assert_eq!(parse(line), Ok(expected), "{line}");
    }

    #[test]
    fn every_kind_of_order_is_understood() {
        let outcome = Outcome::Reads { systolic: 128, diastolic: 82, mean: 97, pulse: 71 };
        check("cuff reads 128 82 97 71", Order::CuffWill(outcome));
        check("cuff fails loose", Order::CuffWill(Outcome::Fails(Failure::Loose)));
        check("  cuff   duration 1.5 ", Order::CuffTakes(Duration::from_millis(1500)));
        check("oximeter off", Order::OximeterOff);
        let finger = Finger { spo2_percent: 97, pulse_per_minute: 72 };
        check("oximeter on 97 72", Order::OximeterOn(finger));
        let words = ["measures", "37.6"].map(str::to_owned).to_vec();
        check("thermometer measures 37.6", Order::Bluetooth(0, words));
        check("thermometer unplug", Order::Plug(Device::Bluetooth(0), false));
        check("camera where", Order::CameraWhere);
        check("camera sends 9041ff", Order::Sends(Device::Camera, vec![0x90, 0x41, 0xFF]));
        check("oximeter fault drop 5", Order::Fault(Device::Oximeter, Plan::Drop(5)));
        check("microphone unplug", Order::Plug(Device::Microphone, false));
        check("otoscope plug", Order::Plug(Device::Otoscope, true));
        check("stethoscope heart 72", Order::StethoscopeOn(Some(72)));
        check("stethoscope off", Order::StethoscopeOn(None));
        check("quit", Order::Quit);
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        for (line, part) in [
            ("", "say what to do"),
            ("kettle boils", "unknown device `kettle`"),
            ("cuff sings", "unknown command `sings`"),
            ("cuff reads 128 82", "SYS DIA MAP PULSE"),
            ("cuff reads 128 82 97 fast", "PULSE is a number"),
            ("cuff reads 301 82 97 71", "from 1 to 300"),
            ("cuff duration nan", "SECONDS is a number"),
            ("oximeter on 101 72", "from 0 to 100"),
            ("oximeter off now", "nothing after it"),
            ("kettle boils", "thermometer"),
            ("cuff sends 0", "hexadecimal"),
            ("cuff fault drop 0", "from 1"),
            ("microphone fault drop 2", "no messages"),
            ("stethoscope heart 300", "from 30 to 200"),
        ] {
            let refusal = parse(line).expect_err(line);
            assert!(refusal.contains(part), "`{line}`: {refusal}");
        }
    }
}
