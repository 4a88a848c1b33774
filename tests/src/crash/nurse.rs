//! A nurse who goes on measuring whatever dies under her hands, and remembers what she saw as saved.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, Result};
use cart_api::{CartState, Command, DeviceStatus, Identifier, SignInState};
use clinical::{EncounterId, EntryId, Measurement, Patient, Reading, Sex, Timestamp};
use sim_devices::thermometer::{
    Thermometer,
    measurement::{Temperature, Unit, encode},
};
use sim_ehr::Ehr;

use crate::{
    cart::{NURSE, PIN},
    observer::Observer,
    wait::seconds,
};

/// Measurements in a visit: more than one kill falls into a visit, and more than one visit into a round.
const EACH: usize = 6;
/// For what the cart does at once while it lives.
const AT_ONCE: Duration = seconds(3);
/// A device that went away is looked for within this.
const DEVICE_BACK: Duration = seconds(20);

/// Between two measurements: so that a hub of many doubts does not fall behind for minutes.
const PACE: Duration = Duration::from_millis(50);
/// Before she tries again at a cart that is away.
const PAUSE: Duration = Duration::from_millis(100);

/// What somebody saw as saved.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// With the number of the patient.
    pub visits: BTreeMap<EncounterId, String>,
    pub readings: BTreeMap<EntryId, Reading>,
}

impl Seen {
    fn note(&mut self, state: &CartState) {
        let Some(visit) = &state.encounter else { return };
        self.visits.insert(visit.id, visit.patient.number.clone());
        for saved in &visit.readings {
            self.readings.entry(saved.entry).or_insert_with(|| saved.reading.clone());
        }
    }
}

/// The id under which the EHR has a patient.
pub fn patient_id(number: &str) -> String {
    format!("p{number}")
}

pub struct Nurse {
    socket: PathBuf,
    thermometer: Arc<Mutex<Thermometer>>,
    ehr: Ehr,
    /// Such an EHR has an encounter of every patient before the cart comes.
    admits: bool,
    /// What she sees, for whoever looks along.
    pub seen: Arc<Mutex<Seen>>,
    visits: u32,
    /// Of a degree. Each differs, so that each is a measurement of its own.
    hundredths: i32,
}

impl Nurse {
    pub fn new(
        socket: PathBuf,
        thermometer: Arc<Mutex<Thermometer>>,
        ehr: Ehr,
        admits: bool,
    ) -> Self {
        let seen = Arc::default();
        Self { socket, thermometer, ehr, admits, seen, visits: 0, hundredths: 3400 }
    }

    /// Works until she is told to end, then ends her visit.
    ///
    /// # Errors
    /// The cart does not let her end it.
    pub async fn work(mut self, ends: Arc<AtomicBool>) -> Result<()> {
        let mut hindered = None;
        while !ends.load(Ordering::SeqCst) {
            // The cart was killed: she goes on where it takes up again.
            if let Err(error) = self.shift(&ends).await {
                hindered = Some(error);
                tokio::time::sleep(PAUSE).await;
            }
        }
        if lock(&self.seen).readings.is_empty() {
            let why = hindered.unwrap_or_else(|| anyhow::anyhow!("nothing hindered her"));
            return Err(why.context("nothing was measured"));
        }
        let mut kiosk = Observer::connect(&self.socket).await?;
        self.signs_in(&mut kiosk).await?;
        self.ends_visit(&mut kiosk).await
    }

    async fn shift(&mut self, ends: &AtomicBool) -> Result<()> {
        let mut kiosk = Observer::connect(&self.socket).await?;
        self.signs_in(&mut kiosk).await?;
        while !ends.load(Ordering::SeqCst) {
            // What a device had before it was there belongs to nobody.
            self.sees(&kiosk, "the thermometer", DEVICE_BACK, is_there).await?;
            self.has_visit(&mut kiosk).await?;
            self.measures(&kiosk).await?;
            tokio::time::sleep(PACE).await;
        }
        Ok(())
    }

    async fn signs_in(&mut self, kiosk: &mut Observer) -> Result<()> {
        let looks = self.sees(kiosk, "the cart", AT_ONCE, |state| Some(is_in(state).is_some()));
        if !looks.await? {
            kiosk.ask(Command::SignIn { nurse: NURSE.into(), pin: PIN.into() }).await?;
            self.sees(kiosk, "her name", seconds(10), is_in).await?;
        }
        Ok(())
    }

    async fn has_visit(&mut self, kiosk: &mut Observer) -> Result<()> {
        let readings =
            |state: &CartState| Some(state.encounter.as_ref().map(|visit| visit.readings.len()));
        match self.sees(kiosk, "the cart", AT_ONCE, readings).await? {
            Some(count) if count < EACH => return Ok(()),
            Some(_) => self.ends_visit(kiosk).await?,
            None => {}
        }
        self.visits += 1;
        let patient = self.next_patient();
        let confirmed = vec![Identifier::Name, Identifier::BirthDate];
        kiosk.ask(Command::OpenEncounter { patient, confirmed }).await?;
        let opened = |state: &CartState| state.encounter.as_ref().map(drop);
        self.sees(kiosk, "the visit", AT_ONCE, opened).await
    }

    async fn ends_visit(&mut self, kiosk: &mut Observer) -> Result<()> {
        let is_none = |state: &CartState| Some(state.encounter.is_none());
        if self.sees(kiosk, "the cart", AT_ONCE, is_none).await? {
            return Ok(());
        }
        kiosk.ask(Command::EndEncounter).await?;
        let ended = |state: &CartState| state.encounter.is_none().then_some(());
        self.sees(kiosk, "the end of the visit", AT_ONCE, ended).await
    }

    /// A patient of her own for each visit, so that nothing of one can pass for the other's.
    fn next_patient(&self) -> Patient {
        let number = (100_000 + self.visits).to_string();
        let id = patient_id(&number);
        self.ehr.book(&id, &number, "Okafor", "Fever");
        if self.admits {
            let earlier = now().plus_millis(-30 * 60_000).to_string();
            self.ehr.admit(&id, &format!("visit-{number}"), &earlier);
        }
        Patient {
            system: "urn:hospital".into(),
            number,
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        }
    }

    async fn measures(&mut self, kiosk: &Observer) -> Result<()> {
        self.hundredths += 1;
        let measured = Temperature {
            mantissa: self.hundredths,
            exponent: -2,
            unit: Unit::Celsius,
            site: None,
        };
        lock(&self.thermometer).store(encode(&measured));
        let celsius = format!("{}.{:02}", self.hundredths / 100, self.hundredths % 100);
        let celsius = celsius.parse().context("it is a number")?;
        let is_it = |measurement: &Measurement| matches!(measurement, Measurement::Temperature(found) if found.celsius == celsius);
        let saved = |state: &CartState| {
            let readings = &state.encounter.as_ref()?.readings;
            readings.iter().any(|saved| is_it(&saved.reading.measurement)).then_some(())
        };
        self.sees(kiosk, "the reading", AT_ONCE, saved).await
    }

    /// Whatever she waits for, she sees everything that the cart shows meanwhile.
    async fn sees<T>(
        &self,
        kiosk: &Observer,
        what: &str,
        limit: Duration,
        mut look: impl FnMut(&CartState) -> Option<T>,
    ) -> Result<T> {
        let look = |state: &CartState| {
            lock(&self.seen).note(state);
            look(state)
        };
        kiosk.sees(what, limit, look).await
    }
}

fn is_in(state: &CartState) -> Option<()> {
    matches!(state.sign_in, SignInState::SignedIn { .. }).then_some(())
}

fn is_there(state: &CartState) -> Option<()> {
    state.devices.iter().any(|device| device.status == DeviceStatus::Ready).then_some(())
}

pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp::from_millis(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0)))
}

pub fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
