//! What the kiosk is shown of the open encounter: saved entries only.

use cart_api::{
    EncounterState, SavedAuscultation, SavedObserved, SavedReading, SavedStill, SyncStage,
};
use clinical::{EarlyWarning, Entry, EntryBody, EntryId, Limits, Monitoring, Vital};
use hub_api::EncounterSummary;
use vault::StoredEntry;

use crate::clock;

pub struct ShownVisit {
    state: EncounterState,
    opening: EntryId,
    nurse: String,
}

impl ShownVisit {
    /// After a restart, from the entries of one encounter. `None`: it is closed.
    pub fn of(entries: &[StoredEntry]) -> Option<Self> {
        let mut shown = None;
        for stored in entries {
            let entry = stored.sealed.entry();
            match (&entry.body, &mut shown) {
                (EntryBody::Opened(_), _) => shown = Self::begin(entry, stored.stage()),
                (EntryBody::Closed, _) => shown = None,
                (_, Some(shown)) => shown.add(entry, stored.stage()),
                (_, None) => {}
            }
        }
        shown
    }

    pub fn begin(entry: &Entry, stage: SyncStage) -> Option<Self> {
        let EntryBody::Opened(opened) = &entry.body else { return None };
        let state = EncounterState {
            id: entry.encounter,
            patient: opened.patient.clone(),
            opened: entry.recorded,
            readings: Vec::new(),
            observed: Vec::new(),
            stills: Vec::new(),
            auscultations: Vec::new(),
            early_warning: EarlyWarning::of(&opened.patient, [], entry.recorded),
            monitoring: Monitoring::default(),
            stage,
        };
        Some(Self { state, opening: entry.id, nurse: opened.nurse.clone() })
    }

    pub fn state(&self) -> &EncounterState {
        &self.state
    }

    /// Scored anew whenever it is asked, because values become too old.
    pub fn early_warning(&self) -> EarlyWarning {
        EarlyWarning::of(&self.state.patient, self.vitals(), clock::now())
    }

    /// What is expected of the patient where nobody has set other limits.
    pub fn expected_limits(&self) -> Limits {
        Limits::expected(&self.state.patient, self.vitals(), clock::now())
    }

    fn vitals(&self) -> impl Iterator<Item = Vital<'_>> {
        let EncounterState { readings, observed, .. } = &self.state;
        let measured = readings.iter().map(|saved| Vital::Measured(&saved.reading));
        measured.chain(observed.iter().map(|saved| Vital::Observed(&saved.observed, saved.at)))
    }

    pub fn summary(&self) -> EncounterSummary {
        EncounterSummary {
            id: self.state.id,
            patient: self.state.patient.clone(),
            nurse: self.nurse.clone(),
            opened: self.state.opened,
        }
    }

    pub fn is_of(&self, entry: &Entry) -> bool {
        self.state.id == entry.encounter
    }

    pub fn add(&mut self, entry: &Entry, stage: SyncStage) {
        let id = entry.id;
        match &entry.body {
            EntryBody::Reading(reading) => {
                let reading = reading.clone();
                self.state.readings.push(SavedReading { entry: id, reading, stage });
            }
            EntryBody::Observed(observed) => {
                let (at, observed) = (entry.recorded, observed.clone());
                self.state.observed.push(SavedObserved { entry: id, at, observed, stage });
            }
            EntryBody::Still(still) => {
                let still = still.clone();
                self.state.stills.push(SavedStill { entry: id, still, stage });
            }
            EntryBody::Auscultation(sound) => {
                let sound = sound.clone();
                self.state.auscultations.push(SavedAuscultation { entry: id, sound, stage });
            }
            // The head of the page shows the opening; notes are written at the hub.
            EntryBody::Opened(_) | EntryBody::Note(_) | EntryBody::Closed => {}
        }
    }

    pub fn came_to(&mut self, entry: EntryId, stage: SyncStage) {
        let EncounterState { readings, observed, stills, auscultations, stage: of_opening, .. } =
            &mut self.state;
        let opening = (self.opening, of_opening);
        let readings = readings.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let observed = observed.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let stills = stills.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let sounds = auscultations.iter_mut().map(|saved| (saved.entry, &mut saved.stage));
        let saved = readings.chain(observed).chain(stills).chain(sounds);
        let mut all = std::iter::once(opening).chain(saved);
        if let Some((_, shown)) = all.find(|(id, _)| *id == entry)
            // The EHR's word may be faster than the hub's receipt.
            && *shown != SyncStage::InEhr
        {
            *shown = stage;
        }
    }
}
