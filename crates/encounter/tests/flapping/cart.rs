//! The cart's rules and a record in memory: what is kept of what the drivers say, and for whom.

use std::collections::BTreeSet;

use cart_api::Identifier;
use clinical::{
    DeviceId, DeviceIdentity, EncounterId, EntryBody, EntryId, Patient, Reading, Sex, Timestamp,
};
use devices::Measured;
use encounter::{Effect, Ids, Input, Opening, Unassigned, Visit};

#[derive(Default)]
pub struct Cart {
    pub visit: Visit,
    ids: Counted,
    /// As the vault knows records that devices number or date.
    known: BTreeSet<(DeviceId, String)>,
    pub kept: Vec<Kept>,
    pub repeats: u32,
}

pub struct Kept {
    pub reading: Reading,
    pub owner: Result<EncounterId, Unassigned>,
}

#[derive(Default)]
struct Counted(u32);

impl Counted {
    fn next(&mut self) -> String {
        self.0 += 1;
        format!("0193a5e0-0000-7000-8000-{:012x}", self.0)
    }
}

impl Ids for Counted {
    fn encounter(&mut self) -> EncounterId {
        self.next().parse().unwrap()
    }

    fn entry(&mut self) -> EntryId {
        self.next().parse().unwrap()
    }
}

impl Cart {
    pub fn open(&mut self, now: Timestamp, devices: Vec<DeviceId>) -> EncounterId {
        let patient = Patient {
            system: "urn:hospital".into(),
            number: self.ids.next(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        };
        let opening = Opening {
            patient,
            confirmed: vec![Identifier::Name, Identifier::BirthDate],
            nurse: Some("7".into()),
            cart: "cart-7".into(),
            devices,
        };
        let effects = self.visit.handle(Input::Open(opening), now, &mut self.ids);
        assert!(matches!(effects[..], [Effect::Keep(_)]), "{effects:?}");
        self.visit.open().unwrap().id
    }

    pub fn end(&mut self, now: Timestamp) {
        let effects = self.visit.handle(Input::End, now, &mut self.ids);
        assert!(matches!(effects[..], [Effect::Keep(_)]), "{effects:?}");
    }

    pub fn arm(&mut self, device: DeviceId, now: Timestamp) {
        assert_eq!(self.visit.handle(Input::Arm(device), now, &mut self.ids), []);
    }

    pub fn hear(&mut self, device: &DeviceId, measured: Measured, now: Timestamp) {
        let undated = measured.undated;
        let reading = self.reading(device, measured, now);
        let record = reading.record_name().map(|name| (device.clone(), name));
        if record.as_ref().is_some_and(|record| self.known.contains(record)) {
            self.repeats += 1;
            return;
        }
        let input = if undated { Input::Undated(reading) } else { Input::Reading(reading) };
        for effect in self.visit.handle(input, now, &mut self.ids) {
            let kept = match effect {
                Effect::KeepUnassigned { reading, why } => Kept { reading, owner: Err(why) },
                Effect::Keep(entry) => match entry.body {
                    EntryBody::Reading(reading) => Kept { reading, owner: Ok(entry.encounter) },
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            };
            self.known.extend(record.clone());
            self.kept.push(kept);
        }
    }

    fn reading(&mut self, device: &DeviceId, measured: Measured, received: Timestamp) -> Reading {
        Reading {
            id: self.ids.next().parse().unwrap(),
            measurement: measured.measurement,
            device: DeviceIdentity {
                id: device.clone(),
                model: "simulated".into(),
                serial: measured.serial,
                firmware: measured.firmware,
            },
            device_time: measured.device_time,
            corrected_time: measured.corrected_time,
            sequence: measured.sequence,
            received,
            quality: measured.quality,
            // Only compared, so that the bytes themselves do.
            raw_sha256: format!("{:02x?}", measured.raw),
        }
    }
}
