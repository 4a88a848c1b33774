//! The first consult, step by step, as nurse and physician go through it.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, ensure};
use cart_api::{CallState, CartState, EncounterState, SavedReading, SyncStage};
use clinical::{EntryId, Measurement};

use crate::{
    browser::{Browser, Product},
    cart::{NURSE_NAME, PIN},
    hub::{PASSWORD, PHYSICIAN},
    kiosk::Kiosk,
    observer::Observer,
    stage::Stage,
    wait::{seconds, until},
};

/// The patient of the consult, as the EHR's schedule has her.
pub const PATIENT: &str = "Okafor, Grace";
/// Words that must not be readable on the cart's disk.
pub const CANARIES: &[&str] = &["Okafor", "100234", "1958-03-14", "Amara"];
/// How long a value may take from the device to the screen: a cuff inflates, an oximeter settles.
const MEASUREMENT: Duration = seconds(40);

pub struct Consult {
    pub stage: Stage,
    pub nurse: Kiosk,
    pub physician: Browser,
    pub cart: Observer,
    /// When the nurse pressed Call, in milliseconds since 1970.
    pub pressed_call: f64,
    /// How many FHIR resources must be in the chart after all that was ended.
    pub expected: usize,
}

impl Consult {
    /// Opens kiosk and browser; the physician signs in and is on call.
    ///
    /// # Errors
    /// Something does not start.
    pub async fn begin(stage: Stage) -> Result<Self> {
        Self::begin_in(Product::Chromium, stage).await
    }

    /// [`Consult::begin`] with this browser.
    ///
    /// # Errors
    /// As there.
    pub async fn begin_in(product: Product, mut stage: Stage) -> Result<Self> {
        stage.open_kiosk()?;
        let nurse = Kiosk::connect(stage.screen.bus()).await?;
        let cart = Observer::connect(&stage.cart.socket()).await?;
        let physician = Browser::start_as(product, stage.logs()).await?;
        physician.open(&stage.hub.page()).await?;
        physician.write("sign-in-name", PHYSICIAN).await?;
        physician.write("sign-in-password", PASSWORD).await?;
        physician.press("sign-in-submit").await?;
        physician.press("on-call").await?;
        Ok(Self { stage, nurse, physician, cart, pressed_call: 0., expected: 0 })
    }

    /// Step 1: PIN, worklist, two identifiers.
    ///
    /// # Errors
    /// The kiosk does not do as it should; so in all steps.
    pub async fn sign_in_and_identify(&self) -> Result<()> {
        self.nurse.press(&format!("Sign in as {NURSE_NAME}")).await?;
        self.enter(PIN).await?;
        self.nurse.press(&format!("Choose {PATIENT}")).await?;
        self.nurse.press("Compared name").await?;
        self.nurse.press("Compared birth date").await?;
        self.nurse.press("Start encounter").await?;
        let open = |state: &CartState| state.encounter.as_ref().map(drop);
        self.cart.sees("the encounter is open", seconds(5), open).await
    }

    /// # Errors
    /// The PIN pad is not there.
    pub async fn enter(&self, pin: &str) -> Result<()> {
        for digit in pin.chars() {
            self.nurse.press(&digit.to_string()).await?;
        }
        self.nurse.press("Enter").await
    }

    /// Step 2: cuff, oximeter and thermometer; each is saved, then shown.
    pub async fn measure_all(&self) -> Result<()> {
        self.stage.room.say("cuff duration 4")?;
        self.stage.room.say("cuff reads 128 82 97 71")?;
        self.stage.room.say("oximeter on 97 72")?;
        self.nurse.press("Measure blood pressure").await?;
        self.temperature("37.6").await?;
        self.saved("a blood pressure", |found| matches!(found, Measurement::BloodPressure(_)))
            .await?;
        self.saved("an oximetry", |found| matches!(found, Measurement::Oximetry(_))).await?;
        self.nurse.sees("128/82", seconds(5)).await?;
        self.nurse.sees("37.6", seconds(5)).await?;
        Ok(())
    }

    /// The thermometer measures this; the id under which it is kept.
    pub async fn temperature(&self, celsius: &str) -> Result<EntryId> {
        self.stage.room.say(&format!("thermometer measures {celsius}"))?;
        self.saved(celsius, |found| match found {
            Measurement::Temperature(found) => found.celsius.to_string() == celsius,
            _ => false,
        })
        .await
    }

    async fn saved(&self, what: &str, is_it: impl Fn(&Measurement) -> bool) -> Result<EntryId> {
        let look = |state: &CartState| {
            let readings = &state.encounter.as_ref()?.readings;
            readings.iter().find(|saved| is_it(&saved.reading.measurement)).map(|saved| saved.entry)
        };
        self.cart.sees(&format!("{what} is saved"), MEASUREMENT, look).await
    }

    /// Step 3: Call, ring, answer at once; until the browser has painted the first frame.
    pub async fn call(&mut self) -> Result<()> {
        self.pressed_call = now();
        self.nurse.press("Call physician").await?;
        self.physician.press("answer").await?;
        let answered =
            |state: &CartState| matches!(state.call, CallState::Answered { .. }).then_some(());
        self.cart.sees("the physician answers", seconds(10), answered).await?;
        self.first_frame_after(self.pressed_call).await?;
        Ok(())
    }

    /// When the browser painted the first frame of a peer connection made after `moment`.
    pub async fn first_frame_after(&self, moment: f64) -> Result<f64> {
        until("the browser paints the first frame", seconds(15), || async {
            let mark = self.physician.mark("first-frame").await?;
            Ok(mark.filter(|mark| *mark > moment))
        })
        .await
    }

    /// Milliseconds from the cart's making of the entry (its UUIDv7) to its appearance in the browser.
    pub async fn saved_to_browser(&self, entry: EntryId) -> Result<f64> {
        let made = entry.uuid().get_timestamp().context("an entry's id holds its time")?.to_unix();
        let made = made.0 as f64 * 1000. + f64::from(made.1) / 1e6;
        let name = format!("recorded:{entry}");
        let shown =
            until("the browser shows the reading", seconds(10), || self.physician.mark(&name));
        Ok(shown.await? - made)
    }

    pub async fn physician_hangs_up(&self) -> Result<()> {
        self.physician.press("hang-up").await?;
        let over = |state: &CartState| (state.call == CallState::None).then_some(());
        self.cart.sees("the call is over", seconds(5), over).await
    }

    /// Step 5: the nurse ends the encounter.
    pub async fn end(&mut self) -> Result<()> {
        let resources = |state: &CartState| state.encounter.as_ref().map(resources);
        self.expected += self.cart.sees("an encounter is open", seconds(5), resources).await?;
        self.nurse.press("End encounter").await?;
        self.nurse.press("Confirm end").await?;
        let closed = |state: &CartState| state.encounter.is_none().then_some(());
        self.cart.sees("the encounter is closed", seconds(5), closed).await
    }

    /// Step 5, the tick: nothing waits on the cart or at the hub any more, and the kiosk says so.
    pub async fn all_in_the_ehr(&self) -> Result<()> {
        let delivered = |state: &CartState| {
            (state.sync.on_cart == 0 && state.sync.sent == 0 && state.sync.set_aside == 0)
                .then_some(())
        };
        self.cart.sees("everything is in the EHR", seconds(30), delivered).await?;
        self.nurse.sees("in the EHR", seconds(5)).await.map(drop)
    }

    /// Step 5: each thing is in the chart exactly once, and nothing else is.
    pub async fn all_once_in_the_chart(&self) -> Result<()> {
        let once = self.stage.ehr.once().await?;
        ensure!(
            once == self.expected,
            "{once} things are in the chart once, not {}",
            self.expected
        );
        Ok(())
    }

    /// Step 5: nothing of the patient is readable in what lies on the cart's disk.
    pub fn nothing_is_readable(&self) -> Result<()> {
        let disk = self.stage.cart.disk()?;
        ensure!(disk.len() > 100_000, "the cart's disk holds {} bytes only", disk.len());
        for canary in CANARIES {
            let found = disk.windows(canary.len()).any(|window| window == canary.as_bytes());
            ensure!(!found, "`{canary}` can be read on the cart's disk");
        }
        Ok(())
    }

    /// How far each reading of the open encounter has come.
    pub async fn stages(&self) -> Result<Vec<SyncStage>> {
        let stages = |readings: &[SavedReading]| readings.iter().map(|saved| saved.stage).collect();
        let look = |state: &CartState| Some(stages(&state.encounter.as_ref()?.readings));
        self.cart.sees("an encounter is open", seconds(5), look).await
    }
}

/// One Encounter and its receipt, a DocumentReference for each still and each sound, and what each reading becomes.
fn resources(encounter: &EncounterState) -> usize {
    let observations = encounter.readings.iter().map(|saved| match &saved.reading.measurement {
        Measurement::BloodPressure(found) => 1 + usize::from(found.pulse.is_some()),
        Measurement::Oximetry(found) => 1 + usize::from(found.pulse.is_some()),
        Measurement::Weight(found) => {
            1 + usize::from(found.height_m.is_some()) + usize::from(found.bmi.is_some())
        }
        Measurement::Temperature(_)
        | Measurement::HeartRate(_)
        | Measurement::Glucose(_)
        | Measurement::BodyComposition(_)
        | Measurement::Ecg(_) => 1,
    });
    2 + encounter.stills.len() + encounter.auscultations.len() + observations.sum::<usize>()
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0., |elapsed| elapsed.as_secs_f64() * 1000.)
}
