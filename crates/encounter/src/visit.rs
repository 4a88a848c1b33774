//! One cart's encounters, one at a time: opens them, binds readings to them, ends them.
//!
//! The caller handles an input on a clone, commits what is to be kept, and takes the clone over only when
//! the commit returned: then memory and record never tell different stories.

mod binding;

use std::collections::BTreeMap;

use cart_api::{Identifier, Refusal};
use clinical::{
    Auscultation, DeviceId, EncounterId, Entry, EntryBody, EntryId, Observed, Opened, Patient,
    Reading, Still, Timestamp,
};

use crate::repeats::Repeats;

/// No measurement takes longer: a cuff gives up after 3 minutes (IEC 80601-2-30 allows no more for
/// an adult). What comes later was not asked for.
const LONGEST_MEASUREMENT_MS: i64 = 5 * 60_000;

#[derive(Clone, Debug, Default)]
pub struct Visit {
    open: Option<OpenVisit>,
    /// When the encounter before ended: what was measured until then may be its patient's.
    last_end: Option<Timestamp>,
    /// Measurements on command that have not come back, and for whom they were started.
    started: BTreeMap<DeviceId, Started>,
    repeats: Repeats,
}

/// The encounter that is open now.
#[derive(Clone, Debug)]
pub struct OpenVisit {
    pub id: EncounterId,
    pub opened: Timestamp,
    pub opening: Opened,
    /// Since when the readings of a device are taken as this patient's.
    armed: BTreeMap<DeviceId, Timestamp>,
}

#[derive(Clone, Debug)]
struct Started {
    encounter: EncounterId,
    at: Timestamp,
}

#[derive(Clone, Debug)]
pub enum Input {
    Open(Opening),
    /// A device came while the cart was in use; at an opening, all that are there are named.
    Arm(DeviceId),
    /// The nurse asks the device for a measurement.
    Measure(DeviceId),
    /// The measurement on command ended without a reading.
    MeasurementOver(DeviceId),
    Reading(Reading),
    /// Out of a memory that does not say when it was measured: nobody's, until a person decides.
    Undated(Reading),
    /// The nurse has compared two identifiers and says that this reading of the tray is the patient's.
    Claim {
        reading: Reading,
        confirmed: Vec<Identifier>,
    },
    /// The nurse saw or counted it herself.
    Observed(Observed),
    /// The bytes of the picture are kept by the caller, in the same commit.
    Still(Still),
    /// As with a picture, its bytes are the caller's.
    Auscultation(Auscultation),
    End,
}

/// What the nurse did to open an encounter.
#[derive(Clone, Debug)]
pub struct Opening {
    pub patient: Patient,
    /// What was compared with the wristband.
    pub confirmed: Vec<Identifier>,
    /// Who is signed in, by staff number or name; `None`: nobody.
    pub nurse: Option<String>,
    /// The cart's name, as the hub enrolled it.
    pub cart: String,
    /// The devices of the cart, which are this patient's from now on.
    pub devices: Vec<DeviceId>,
}

/// What the caller carries out, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Commit the entry; only then is it shown.
    Keep(Entry),
    /// Keep the reading in the tray: it is nobody's until a person decides.
    KeepUnassigned { reading: Reading, why: Unassigned },
    /// Commit the entry, and take its reading out of the tray in the same step.
    KeepClaimed(Entry),
    /// Start the device's measurement.
    Start(DeviceId),
    /// Stop the device: the cuff lets its air out.
    Stop(DeviceId),
    /// Nothing happens; the nurse is told why.
    Refuse(Refusal),
}

/// Why a reading is bound to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unassigned {
    NoEncounter,
    /// The device was not armed for this encounter.
    NotArmed,
    /// Measured before this encounter had the device.
    TooOld,
    /// By its own clock the device measured in the future.
    FromTheFuture,
    /// It comes out of a memory, and when it was measured could not be found out.
    TimeUnknown,
    /// Control solution or a demonstration: nobody can claim it.
    NotAPatients,
}

impl Unassigned {
    /// The word under which the tray keeps it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoEncounter => "no_encounter",
            Self::NotArmed => "not_armed",
            Self::TooOld => "too_old",
            Self::FromTheFuture => "from_the_future",
            Self::TimeUnknown => "time_unknown",
            Self::NotAPatients => "not_a_patients",
        }
    }
}

/// Gives new ids, so that the rules make none by chance.
pub trait Ids {
    fn encounter(&mut self) -> EncounterId;
    fn entry(&mut self) -> EntryId;
}

impl Visit {
    /// Takes up where the record stands, after a restart. `latest` are the entries of the latest
    /// encounter in the order of commit; `devices` are armed if it is still open.
    ///
    /// What had been started on command is unknown now; its reading comes as any other.
    pub fn resume(latest: &[Entry], devices: Vec<DeviceId>) -> Self {
        let mut visit = Self::default();
        for entry in latest {
            match &entry.body {
                EntryBody::Opened(opening) => {
                    // The end of the encounter before is not known here: nothing older is taken.
                    visit.last_end = Some(entry.recorded);
                    visit.open = Some(OpenVisit::new(
                        entry.encounter,
                        entry.recorded,
                        opening.clone(),
                        devices.clone(),
                    ));
                }
                EntryBody::Reading(reading) => visit.repeats.remember(reading),
                EntryBody::Closed => {
                    visit.open = None;
                    visit.last_end = Some(entry.recorded);
                }
                EntryBody::Observed(_)
                | EntryBody::Still(_)
                | EntryBody::Auscultation(_)
                | EntryBody::Note(_) => {}
            }
        }
        visit
    }

    /// The encounter that is open now.
    pub fn open(&self) -> Option<&OpenVisit> {
        self.open.as_ref()
    }

    /// The caller carries out the effects in order.
    #[must_use]
    pub fn handle(&mut self, input: Input, now: Timestamp, ids: &mut impl Ids) -> Vec<Effect> {
        match input {
            Input::Open(opening) => self.begin(opening, now, ids),
            Input::Arm(device) => self.arm(device, now),
            Input::Measure(device) => self.measure(device, now),
            Input::MeasurementOver(device) => self.measurement_over(&device),
            Input::Reading(reading) => self.bind(reading, now, ids),
            Input::Undated(reading) => self.set_aside(reading),
            Input::Claim { reading, confirmed } => self.claim(reading, &confirmed, now, ids),
            Input::Observed(observed) => self.observed(observed, now, ids),
            Input::Still(still) => self.keep(EntryBody::Still(still), now, ids),
            Input::Auscultation(sound) => self.heard(sound, now, ids),
            Input::End => self.end(now, ids),
        }
    }

    fn begin(&mut self, opening: Opening, now: Timestamp, ids: &mut impl Ids) -> Vec<Effect> {
        let Some(nurse) = opening.nurse else { return refuse(Refusal::NotSignedIn) };
        if self.open.is_some() {
            return refuse(Refusal::EncounterOpen);
        }
        if !two_differ(&opening.confirmed) {
            return refuse(Refusal::NotIdentified);
        }
        let opened = Opened { patient: opening.patient, nurse, cart: opening.cart };
        let id = ids.encounter();
        self.open = Some(OpenVisit::new(id, now, opened.clone(), opening.devices));
        vec![Effect::Keep(entry(id, EntryBody::Opened(opened), now, ids))]
    }

    fn arm(&mut self, device: DeviceId, now: Timestamp) -> Vec<Effect> {
        if let Some(open) = &mut self.open {
            // A device that was away and came back has been this patient's all the time.
            open.armed.entry(device).or_insert(now);
        }
        Vec::new()
    }

    fn measure(&mut self, device: DeviceId, now: Timestamp) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return refuse(Refusal::NoEncounter) };
        if self.started.get(&device).is_some_and(|started| started.is_awaited(now)) {
            return refuse(Refusal::DeviceBusy);
        }
        open.armed.entry(device.clone()).or_insert(now);
        self.started.insert(device.clone(), Started { encounter: open.id, at: now });
        vec![Effect::Start(device)]
    }

    fn measurement_over(&mut self, device: &DeviceId) -> Vec<Effect> {
        self.started.remove(device);
        Vec::new()
    }

    fn observed(&mut self, observed: Observed, now: Timestamp, ids: &mut impl Ids) -> Vec<Effect> {
        if !observed.what.is_possible() {
            return refuse(Refusal::NotUnderstood);
        }
        self.keep(EntryBody::Observed(observed), now, ids)
    }

    fn keep(&mut self, body: EntryBody, now: Timestamp, ids: &mut impl Ids) -> Vec<Effect> {
        let Some(open) = &self.open else { return refuse(Refusal::NoEncounter) };
        vec![Effect::Keep(entry(open.id, body, now, ids))]
    }

    /// A measurement that still runs is stopped. If its reading comes nevertheless, it is kept in the
    /// encounter in which it was started.
    fn end(&mut self, now: Timestamp, ids: &mut impl Ids) -> Vec<Effect> {
        let Some(open) = self.open.take() else { return refuse(Refusal::NoEncounter) };
        self.last_end = Some(now);
        let closed = Effect::Keep(entry(open.id, EntryBody::Closed, now, ids));
        let running = self.started.iter().filter(|(_, started)| started.is_awaited(now));
        running.map(|(device, _)| Effect::Stop(device.clone())).chain([closed]).collect()
    }
}

impl OpenVisit {
    /// Whether what the device says now is this patient's.
    pub fn has_armed(&self, device: &DeviceId) -> bool {
        self.armed.contains_key(device)
    }

    fn new(
        id: EncounterId,
        opened: Timestamp,
        opening: Opened,
        devices: impl IntoIterator<Item = DeviceId>,
    ) -> Self {
        let armed = devices.into_iter().map(|device| (device, opened)).collect();
        Self { id, opened, opening, armed }
    }
}

impl Started {
    fn is_awaited(&self, now: Timestamp) -> bool {
        // A negative time means that the clock was set back; the device still measures.
        now.millis_since(self.at) <= LONGEST_MEASUREMENT_MS
    }
}

fn two_differ(confirmed: &[Identifier]) -> bool {
    confirmed.iter().any(|identifier| *identifier != confirmed[0])
}

fn refuse(why: Refusal) -> Vec<Effect> {
    vec![Effect::Refuse(why)]
}

fn entry(encounter: EncounterId, body: EntryBody, now: Timestamp, ids: &mut impl Ids) -> Entry {
    Entry { id: ids.entry(), encounter, recorded: now, body }
}
