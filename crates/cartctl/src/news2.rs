//! `cartctl news2`: the score of typed values, by the rules that the cart itself uses.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use clinical::{
    Decimal,
    news2::{Applies, Breathing, Consciousness, News2, Observations, Parts, Risk, Spo2Scale},
};
use devices::plausible::Quantity;
use serde::Serialize;

use crate::{print, print_refusal};

#[derive(Args)]
pub struct Arguments {
    /// Respiratory rate, breaths per minute.
    #[arg(long, value_name = "PER MINUTE", allow_negative_numbers = true)]
    rr: Option<Decimal>,
    /// Oxygen saturation, per cent.
    #[arg(long, value_name = "PER CENT", allow_negative_numbers = true)]
    spo2: Option<Decimal>,
    /// 2 only for hypercapnic respiratory failure with a target of 88–92 %, as a physician decides.
    #[arg(long, default_value = "1")]
    scale: Scale,
    /// The patient is given oxygen; without it, the patient breathes air.
    #[arg(long)]
    oxygen: bool,
    /// Systolic blood pressure, mmHg.
    #[arg(long, value_name = "MMHG", allow_negative_numbers = true)]
    sbp: Option<Decimal>,
    /// Per minute.
    #[arg(long, value_name = "PER MINUTE", allow_negative_numbers = true)]
    pulse: Option<Decimal>,
    /// Alert, new Confusion, answers to Voice, answers to Pain, or Unresponsive: one letter.
    #[arg(long, value_name = "A|C|V|P|U", value_parser = consciousness)]
    acvpu: Option<Consciousness>,
    /// Temperature, degrees Celsius.
    #[arg(long, value_name = "CELSIUS", allow_negative_numbers = true)]
    temp: Option<Decimal>,
    /// In years. Under 16 there is no such score; without it, the patient is taken to be an adult.
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u16).range(0..=130))]
    age: Option<u16>,
    /// The patient is pregnant: there is no such score.
    #[arg(long)]
    pregnant: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Scale {
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
}

fn consciousness(letter: &str) -> Result<Consciousness, String> {
    Consciousness::from_letter(letter).ok_or_else(|| "it is one of A, C, V, P and U".to_owned())
}

/// With the names of published examples.
#[derive(Serialize)]
struct Score {
    parts: Parts,
    total: Option<u8>,
    risk: Option<Risk>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial: Option<String>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let applies = match Applies::to(arguments.age, arguments.pregnant) {
        Ok(applies) => applies,
        Err(not_for) => return print_refusal(&not_for.to_string()),
    };
    if let Some(absurd) = arguments.absurd() {
        return print_refusal(&absurd);
    }
    let score = News2::of(&arguments.observations(), applies);
    let partial = score.partial();
    let News2 { parts, total, risk, missing: _ } = score;
    print(&Score { parts, total, risk, partial })
}

impl Arguments {
    fn observations(&self) -> Observations {
        Observations {
            respiratory_rate: self.rr,
            spo2: self.spo2,
            scale: match self.scale {
                Scale::One => Spo2Scale::One,
                Scale::Two => Spo2Scale::Two,
            },
            breathing: Some(if self.oxygen { Breathing::Oxygen } else { Breathing::Air }),
            systolic: self.sbp,
            pulse: self.pulse,
            consciousness: self.acvpu,
            temperature: self.temp,
        }
    }

    /// The first value that no living patient has: more likely a slip of the finger than a patient.
    fn absurd(&self) -> Option<String> {
        [
            ("--rr", self.rr, Quantity::RespiratoryRate),
            ("--spo2", self.spo2, Quantity::Spo2),
            ("--sbp", self.sbp, Quantity::Systolic),
            ("--pulse", self.pulse, Quantity::Pulse),
            ("--temp", self.temp, Quantity::Temperature),
        ]
        .into_iter()
        .find_map(|(name, value, quantity)| absurd(name, value?, quantity))
    }
}

fn absurd(name: &str, value: Decimal, quantity: Quantity) -> Option<String> {
    let (lowest, highest) = quantity.possible();
    if value >= lowest && value <= highest {
        return None;
    }
    // The limits are whole numbers.
    let (lowest, highest) = (lowest.in_units(0), highest.in_units(0));
    Some(format!(
        "{name} {value} is not possible in a living patient ({lowest} to {highest} is): look at the device \
         again"
    ))
}
