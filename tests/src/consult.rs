//! The first consult, step by step, as nurse and physician go through it.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, ensure};
use cart_api::{CallState, CartState, EncounterState, SavedReading, SyncStage};
use clinical::{EntryId, Measurement};
use fantoccini::key::Key;

use crate::{
    browser::Browser,
    cart::{NURSE_NAME, Observer, PIN},
    hub::{PASSWORD, PHYSICIAN},
    kiosk::Kiosk,
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
    pub async fn begin(mut stage: Stage) -> Result<Self> {
        stage.open_kiosk()?;
        let nurse = Kiosk::connect(stage.screen.bus()).await?;
        let cart = Observer::connect(&stage.cart.socket()).await?;
        let physician = Browser::start(stage.logs()).await?;
        physician.open(&stage.hub.page()).await?;
        physician.write("sign-in-name", PHYSICIAN).await?;
        physician.write("sign-in-password", PASSWORD).await?;
        physician.press("sign-in-submit").await?;
        physician.press("on-call-switch").await?;
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
            Measurement::BloodPressure(_) | Measurement::Oximetry(_) => false,
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

    /// Step 4, the camera: the picture changes when the arrow is held, and stays when it is not.
    pub async fn move_camera(&self) -> Result<()> {
        let before = self.view().await?;
        let still = difference(&before, &self.view().await?);
        self.physician.hold("move-left", Duration::from_millis(900)).await?;
        let moved = until("the physician sees the camera move", seconds(5), || async {
            let moved = difference(&before, &self.view().await?);
            Ok((moved > 5. * still.max(1.)).then_some(moved))
        });
        moved.await.map(drop)
    }

    /// The picture moves by itself, as a filmed scene does.
    pub async fn physician_sees_motion(&self) -> Result<()> {
        let before = self.view().await?;
        until("the physician sees the scene move", seconds(10), || async {
            Ok((difference(&before, &self.view().await?) > 2.).then_some(()))
        })
        .await
    }

    /// The physician's picture, small and grey.
    async fn view(&self) -> Result<Vec<f64>> {
        let grey = self
            .physician
            .run(
                "const video = document.querySelector('[data-testid=remote-video]');
                 const canvas = new OffscreenCanvas(64, 36), paint = canvas.getContext('2d');
                 paint.drawImage(video, 0, 0, 64, 36);
                 const { data } = paint.getImageData(0, 0, 64, 36);
                 return Array.from({ length: 64 * 36 }, (_, i) =>
                     (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3);",
            )
            .await?;
        let grey = grey.as_array().context("the page gives no picture")?;
        Ok(grey.iter().filter_map(serde_json::Value::as_f64).collect())
    }

    /// Sound reaches the physician: the loudness of what the browser plays, 0…1.
    pub async fn physician_hears(&self) -> Result<f64> {
        until("the physician hears the room", seconds(10), || async {
            let heard = self
                .physician
                .run(
                    "const sources = [...document.querySelectorAll('audio, video')]
                         .map(element => element.srcObject).filter(stream => stream?.getAudioTracks().length);
                     let loudest = 0;
                     for (const stream of sources) {
                         if (stream.getAudioTracks()[0].label.includes('Fake')) continue;
                         const context = new AudioContext(), analyser = context.createAnalyser();
                         context.createMediaStreamSource(stream).connect(analyser);
                         await new Promise(done => setTimeout(done, 500));
                         const samples = new Float32Array(analyser.fftSize);
                         analyser.getFloatTimeDomainData(samples);
                         loudest = Math.max(loudest, ...samples.map(Math.abs));
                         await context.close();
                     }
                     return loudest;",
                )
                .await?;
            Ok(heard.as_f64().filter(|loudest| *loudest > 0.0005))
        })
        .await
    }

    /// Step 4, the still: taken on the cart, saved there, and on the physician's page.
    pub async fn freeze(&self) -> Result<()> {
        self.physician.press("freeze").await?;
        let size = |state: &CartState| {
            state
                .encounter
                .as_ref()?
                .stills
                .first()
                .map(|saved| (saved.still.width, saved.still.height))
        };
        let (width, height) = self.cart.sees("the still is saved", seconds(10), size).await?;
        ensure!(width >= 1920 && height >= 1080, "the still has only {width}×{height} pixels");
        self.physician.press("still-thumb").await
    }

    /// The nurse takes a still herself, from the camera of the cart.
    pub async fn nurse_takes_a_picture(&self) -> Result<()> {
        self.nurse.press("Take picture").await?;
        let taken = |state: &CartState| state.encounter.as_ref()?.stills.first().map(drop);
        self.cart.sees("the still is saved", seconds(10), taken).await
    }

    /// The other direction: the physician's picture and sound reach the nurse; the page is told.
    pub async fn nurse_sees_and_hears(&self) -> Result<()> {
        self.physician.reads("hearing", "The nurse sees and hears you", seconds(15)).await.map(drop)
    }

    /// Puts the still away again, so that the consult is seen.
    pub async fn close_still(&self) -> Result<()> {
        self.physician.key(Key::Escape).await
    }

    /// Step 4, the note.
    pub async fn write_note(&mut self, text: &str) -> Result<()> {
        self.physician.write("note-text", text).await?;
        self.physician.press("save-note").await?;
        self.physician.reads("note-state", "Saved", seconds(10)).await?;
        self.expected += 1;
        Ok(())
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

/// One Encounter, a DocumentReference for each still, and what each reading becomes.
fn resources(encounter: &EncounterState) -> usize {
    let observations = encounter.readings.iter().map(|saved| match &saved.reading.measurement {
        Measurement::BloodPressure(found) => 1 + usize::from(found.pulse.is_some()),
        Measurement::Oximetry(found) => 1 + usize::from(found.pulse.is_some()),
        Measurement::Temperature(_) => 1,
    });
    1 + encounter.stills.len() + observations.sum::<usize>()
}

/// Mean absolute difference of two grey pictures, 0…255.
fn difference(one: &[f64], other: &[f64]) -> f64 {
    let sum: f64 = one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum();
    sum / one.len().max(1) as f64
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0., |elapsed| elapsed.as_secs_f64() * 1000.)
}
