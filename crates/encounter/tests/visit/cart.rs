//! A cart with cuff and thermometer, whose clock the test moves.

use cart_api::Identifier;
use clinical::{
    Decimal, DeviceId, DeviceIdentity, EncounterId, Entry, EntryId, Measurement, Patient, Reading,
    Sex, Temperature, Timestamp,
};
use encounter::{Effect, Ids, Input, Opening, Unassigned, Visit};

const MORNING: Timestamp = Timestamp::from_millis(1_795_333_320_000);
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;

pub struct Cart {
    pub visit: Visit,
    pub now: Timestamp,
    ids: Counted,
    pub kept: Vec<Entry>,
}

#[derive(Default)]
struct Counted(u32);

impl Ids for Counted {
    fn encounter(&mut self) -> EncounterId {
        self.text().parse().unwrap()
    }

    fn entry(&mut self) -> EntryId {
        self.text().parse().unwrap()
    }
}

impl Counted {
    fn text(&mut self) -> String {
        self.0 += 1;
        format!("0193a5e0-0000-7000-8000-{:012x}", self.0)
    }
}

impl Cart {
    pub fn new() -> Self {
        let ids = Counted::default();
        Self { visit: Visit::default(), now: MORNING, ids, kept: Vec::new() }
    }

    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.visit.handle(input, self.now, &mut self.ids);
        let kept = effects.iter().filter_map(|effect| match effect {
            Effect::Keep(entry) => Some(entry.clone()),
            _ => None,
        });
        self.kept.extend(kept);
        effects
    }

    pub fn wait(&mut self, ms: i64) {
        self.now = self.now.plus_millis(ms);
    }

    pub fn open(&mut self) -> EncounterId {
        let effects = self.handle(Input::Open(opening()));
        assert!(matches!(effects[..], [Effect::Keep(_)]), "{effects:?}");
        self.visit.open().unwrap().id
    }

    pub fn end(&mut self) -> Vec<Effect> {
        self.handle(Input::End)
    }

    /// A reading comes now. `Ok`: it was bound to this encounter.
    pub fn hear(&mut self, reading: Reading) -> Result<EncounterId, Option<Unassigned>> {
        match &self.handle(Input::Reading(reading))[..] {
            [] => Err(None),
            [Effect::Keep(entry)] => Ok(entry.encounter),
            [Effect::KeepUnassigned { why, .. }] => Err(Some(*why)),
            other => panic!("{other:?}"),
        }
    }

    pub fn reading(&mut self, device: &str, bytes: &str) -> Reading {
        let celsius = Decimal::new(376, -1);
        Reading {
            id: self.ids.text().parse().unwrap(),
            measurement: Measurement::Temperature(Temperature { celsius, site: None }),
            device: DeviceIdentity {
                id: DeviceId(device.into()),
                model: "model".into(),
                serial: None,
                firmware: None,
            },
            device_time: None,
            corrected_time: None,
            sequence: None,
            received: self.now,
            quality: Vec::new(),
            raw_sha256: bytes.into(),
        }
    }

    /// From the thermometer's memory: measured so many milliseconds from now.
    pub fn remembered(&mut self, from_now: i64) -> Reading {
        let time = Some(self.now.plus_millis(from_now));
        // Its clock goes right.
        Reading { device_time: time, corrected_time: time, ..self.reading("thermometer", "frame") }
    }
}

pub fn opening() -> Opening {
    Opening {
        patient: Patient {
            system: "urn:hospital".into(),
            number: "100234".into(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        },
        confirmed: vec![Identifier::Name, Identifier::BirthDate],
        nurse: Some("7".into()),
        cart: "cart-7".into(),
        devices: vec![cuff(), DeviceId("thermometer".into())],
    }
}

pub fn cuff() -> DeviceId {
    DeviceId("cuff".into())
}
