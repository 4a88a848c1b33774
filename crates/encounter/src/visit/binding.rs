//! Whose a reading is. A wrong patient is worse than none: in doubt it goes to the tray.

use cart_api::{Identifier, Refusal};
use clinical::{Auscultation, EncounterId, EntryBody, Reading, Timestamp};

use super::{Effect, Ids, Unassigned, Visit, entry, refuse, two_differ};

/// A nurse who takes the temperature and only then picks the patient; also what a device's clock
/// may be slow or fast.
const TOLERANCE_MS: i64 = 2 * 60_000;

impl Visit {
    /// A person takes a reading out of the tray for the patient of the open encounter.
    pub(super) fn claim(
        &self,
        reading: Reading,
        confirmed: &[Identifier],
        now: Timestamp,
        ids: &mut impl Ids,
    ) -> Vec<Effect> {
        let Some(open) = &self.open else { return refuse(Refusal::NoEncounter) };
        if !reading.is_of_a_patient() {
            return refuse(Refusal::NotAPatients);
        }
        if !two_differ(confirmed) {
            return refuse(Refusal::NotIdentified);
        }
        vec![Effect::KeepClaimed(entry(open.id, EntryBody::Reading(reading), now, ids))]
    }

    /// A sound that began before the encounter is of whoever was listened to then.
    pub(super) fn heard(
        &mut self,
        sound: Auscultation,
        now: Timestamp,
        ids: &mut impl Ids,
    ) -> Vec<Effect> {
        if !sound.is_possible() {
            return refuse(Refusal::NotUnderstood);
        }
        match &self.open {
            Some(open) if sound.began < open.opened => refuse(Refusal::OtherEncounter),
            Some(_) | None => self.keep(EntryBody::Auscultation(sound), now, ids),
        }
    }

    pub(super) fn bind(
        &mut self,
        reading: Reading,
        now: Timestamp,
        ids: &mut impl Ids,
    ) -> Vec<Effect> {
        if self.repeats.contain(&reading) {
            return Vec::new();
        }
        self.repeats.remember(&reading);
        match self.owner(&reading, now) {
            Ok(encounter) => {
                vec![Effect::Keep(entry(encounter, EntryBody::Reading(reading), now, ids))]
            }
            Err(why) => vec![Effect::KeepUnassigned { reading, why }],
        }
    }

    /// Whatever encounter is open: a measurement that was asked for is still awaited.
    pub(super) fn set_aside(&mut self, reading: Reading) -> Vec<Effect> {
        if self.repeats.contain(&reading) {
            return Vec::new();
        }
        self.repeats.remember(&reading);
        let why = if reading.is_of_a_patient() {
            Unassigned::TimeUnknown
        } else {
            Unassigned::NotAPatients
        };
        vec![Effect::KeepUnassigned { reading, why }]
    }

    fn owner(&mut self, reading: &Reading, now: Timestamp) -> Result<EncounterId, Unassigned> {
        if !reading.is_of_a_patient() {
            return Err(Unassigned::NotAPatients);
        }
        if let Some(encounter) = self.commanded_for(reading, now) {
            return Ok(encounter);
        }
        let open = self.open.as_ref().ok_or(Unassigned::NoEncounter)?;
        let armed = open.armed.get(&reading.device.id).ok_or(Unassigned::NotArmed)?;
        self.check_time(reading, *armed, now)?;
        Ok(open.id)
    }

    /// What was measured on command is that patient's, even if the encounter ended meanwhile.
    fn commanded_for(&mut self, reading: &Reading, now: Timestamp) -> Option<EncounterId> {
        let device = &reading.device.id;
        let started = self.started.get(device)?;
        // A device may hand out its memory before it measures.
        if !started.is_awaited(now) || self.check_time(reading, started.at, now).is_err() {
            return None;
        }
        self.started.remove(device).map(|started| started.encounter)
    }

    /// From two minutes before `since`, but not before the end of the encounter before, until two
    /// minutes from now.
    ///
    /// A device without a clock says what it measures at once: that it is heard now is its time.
    /// The cart's own clock may be set meanwhile, and does not decide about it. A time that could not
    /// be put right says nothing: the reading may be of yesterday.
    fn check_time(
        &self,
        reading: &Reading,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<(), Unassigned> {
        let measured = match (reading.corrected_time, reading.device_time) {
            (Some(measured), _) => measured,
            (None, Some(_)) => return Err(Unassigned::TimeUnknown),
            // What has a number comes out of a memory.
            (None, None) if reading.sequence.is_some() => return Err(Unassigned::TimeUnknown),
            (None, None) => return Ok(()),
        };
        let other_patient = self.last_end.is_some_and(|end| measured <= end && end <= since);
        if measured < since.plus_millis(-TOLERANCE_MS) || other_patient {
            return Err(Unassigned::TooOld);
        }
        if measured > now.plus_millis(TOLERANCE_MS) {
            return Err(Unassigned::FromTheFuture);
        }
        Ok(())
    }
}
