//! Any scale with the Bluetooth Weight Scale Service (0x181D) or Body Composition Service (0x181B).
//!
//! It sends what it has stored as soon as it may indicate, and then each weighing. All of them are
//! reported; whose they are is decided elsewhere. What a scale does beside the standard is data.

mod composition;
mod quirks;
mod units;
mod user;
mod weight;

use clinical::{Measurement, Weight};

use crate::{
    Action, Channel, Driver, Event, Failure, Fields, Malformation, Measured, Millis, Report,
    Status, Undecoded, Wrong,
    gatt::{Peripheral, Shown},
    one_of::{Codec, one_of},
};
use composition::Composition;
use quirks::Quirks;
pub(crate) use quirks::{AND_UC352, BEURER_BF720, DEVICE};
use user::{Consent, Next, Response};
use weight::Steps;

/// The characteristics of the standard.
const WEIGHT: Channel = Channel::sig(0x181D, 0x2A9D);
const COMPOSITION: Channel = Channel::sig(0x181B, 0x2A9C);
const USER: Channel = Channel::sig(0x181C, 0x2A9F);

/// By what a scale knows the cart again. It guards nothing: the person has no data of a patient.
const CONSENT_CODE: u16 = 2026;

/// For the second part of a composition: both are indicated one after the other.
const SECOND_PART: Millis = 5_000;

#[derive(Debug)]
pub(crate) struct Scale {
    quirks: &'static Quirks,
    peripheral: Peripheral,
    consent: Consent,
    /// When the last weighing was.
    weighed_at: Shown,
    /// The first part of a composition, and until when its second one is waited for.
    part: Option<Part>,
    /// What it was found not to have, of the characteristics that give values.
    missing: Vec<Channel>,
}

#[derive(Debug)]
struct Part {
    composition: Composition,
    raw: Vec<u8>,
    until: Millis,
}

impl Scale {
    fn new(quirks: &'static Quirks) -> Self {
        Self {
            quirks,
            peripheral: Peripheral::default(),
            consent: Consent::new(CONSENT_CODE),
            weighed_at: Shown::Nothing,
            part: None,
            missing: Vec::new(),
        }
    }

    fn up(&mut self, now: Millis, clock: crate::Clock) -> Vec<Action> {
        let mut actions = self.flush(now);
        *self = Self { consent: self.consent, ..Self::new(self.quirks) };
        actions.extend(self.peripheral.up(now, clock, self.quirks.clocks));
        if self.quirks.consent {
            actions.push(Action::Subscribe(USER));
        }
        actions.extend(self.values().map(Action::SubscribeIfThere));
        if self.quirks.consent {
            let bytes = self.consent.ask().to_bytes();
            actions.push(Action::Write { channel: USER, bytes });
        }
        actions.push(Action::Report(Report::Status(Status::Ready)));
        actions
    }

    /// The characteristics that give values.
    fn values(&self) -> impl Iterator<Item = Channel> + use<> {
        self.quirks.weights.iter().map(|(channel, _)| *channel).chain([COMPOSITION])
    }

    fn bytes(&mut self, now: Millis, channel: Channel, bytes: &[u8]) -> Vec<Action> {
        let weight = self.quirks.weights.iter().find(|(found, _)| *found == channel);
        let done = match (channel, weight) {
            (_, Some((_, steps))) => self.weighed(now, bytes, *steps),
            (COMPOSITION, _) => self.composition(now, bytes),
            (USER, _) => self.user(bytes),
            _ => return self.peripheral.bytes(now, channel, bytes).unwrap_or_default(),
        };
        done.unwrap_or_else(|wrong| {
            vec![Action::Report(Report::Malformed(Malformation::new(wrong, bytes)))]
        })
    }

    fn weighed(&mut self, now: Millis, bytes: &[u8], steps: Steps) -> Result<Vec<Action>, Wrong> {
        let weighed = weight::decode(bytes, steps)?;
        let mut actions = self.flush(now);
        self.weighed_at = weighed.shown();
        actions.push(self.weight(now, weighed.weight(), self.weighed_at, bytes));
        Ok(actions)
    }

    fn weight(&self, now: Millis, weight: Option<Weight>, time: Shown, raw: &[u8]) -> Action {
        Action::Report(match weight {
            Some(weight) => {
                let measured = Measured::new(Measurement::Weight(weight), raw);
                self.peripheral.value(now, time, measured)
            }
            None => Report::Failed(Failure::Device),
        })
    }

    fn composition(&mut self, now: Millis, bytes: &[u8]) -> Result<Vec<Action>, Wrong> {
        let composition = composition::decode(bytes)?;
        let first = self.part.take();
        if !composition.is_part {
            let mut actions = self.alone(now, first);
            actions.extend(self.body(now, &composition, bytes));
            return Ok(actions);
        }
        match first {
            Some(first) if first.composition.goes_with(&composition) => {
                let raw = [&first.raw[..], bytes].concat();
                Ok(self.body(now, &first.composition.joined(composition), &raw))
            }
            other => {
                let actions = self.alone(now, other);
                let until = now + SECOND_PART;
                self.part = Some(Part { composition, raw: bytes.to_vec(), until });
                Ok(actions)
            }
        }
    }

    /// A composition without a time is that of the weighing before it: scales send both of a person
    /// one after the other, also of long ago.
    fn body(&self, now: Millis, composition: &Composition, raw: &[u8]) -> Vec<Action> {
        let time = match (composition.shown(), self.weighed_at) {
            (Shown::At(_), _) | (_, Shown::Nothing) => composition.shown(),
            (_, weighed_at) => weighed_at,
        };
        let mut actions = Vec::new();
        let weight = composition.weight().filter(|_| self.tells_no_weight());
        if weight.is_some() {
            actions.push(self.weight(now, weight, time, raw));
        }
        actions.push(Action::Report(match composition.body() {
            Some(body) => {
                let measured = Measured::new(Measurement::BodyComposition(body), raw);
                self.peripheral.value(now, time, measured)
            }
            None => Report::Failed(Failure::Device),
        }));
        actions
    }

    fn tells_no_weight(&self) -> bool {
        self.quirks.weights.iter().all(|(channel, _)| self.missing.contains(channel))
    }

    /// A first part whose second one does not come.
    fn flush(&mut self, now: Millis) -> Vec<Action> {
        let part = self.part.take();
        self.alone(now, part)
    }

    fn alone(&self, now: Millis, part: Option<Part>) -> Vec<Action> {
        part.map_or_else(Vec::new, |part| self.body(now, &part.composition, &part.raw))
    }

    fn user(&mut self, bytes: &[u8]) -> Result<Vec<Action>, Wrong> {
        let response = Response::from_bytes(bytes)?;
        Ok(match self.consent.response(response) {
            Next::Ask(request) => {
                vec![Action::Write { channel: USER, bytes: request.to_bytes() }]
            }
            Next::Given => Vec::new(),
            Next::Denied => vec![Action::Report(Report::Failed(Failure::Device))],
        })
    }

    /// One characteristic that gives values is enough for a scale.
    fn refused(&mut self, channel: Channel) -> Vec<Action> {
        let failed = vec![Action::Report(Report::Failed(Failure::Device))];
        if channel == USER {
            return failed;
        }
        if !self.values().any(|value| value == channel) {
            return self.peripheral.refused(channel);
        }
        if !self.missing.contains(&channel) {
            self.missing.push(channel);
        }
        if self.missing.len() == self.values().count() { failed } else { Vec::new() }
    }
}

impl Driver for Scale {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(clock) => self.up(now, clock),
            Event::Bytes { channel, bytes } => self.bytes(now, channel, bytes),
            Event::Down => self.flush(now),
            Event::Refused(channel) => self.refused(channel),
            Event::Timer if self.deadline().is_some_and(|deadline| now >= deadline) => {
                self.flush(now)
            }
            Event::Timer | Event::Command(_) | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.part.as_ref().map(|part| part.until)
    }
}

/// The codec for `ble_weight_scale`. Without a characteristic, the one that is the only one to have
/// such a value.
pub(crate) fn decode_weight(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let codecs: &[(u16, Codec)] = &[(0x2A9D, weight::fields), (0x2A9E, weight::feature_fields)];
    one_of(codecs, name, bytes)
}

/// The codec for `ble_body_composition`, with the control point by which such scales know people.
pub(crate) fn decode_composition(name: Option<&str>, bytes: &[u8]) -> Result<Fields, Undecoded> {
    let codecs: &[(u16, Codec)] = &[
        (0x2A9B, composition::feature_fields),
        (0x2A9C, composition::fields),
        (0x2A9F, user::fields),
    ];
    one_of(codecs, name, bytes)
}

#[cfg(test)]
mod tests;
