//! What the physician does and looks for in a call: camera, picture, sound, stills, a note.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cart_api::CartState;
use fantoccini::key::Key;

use crate::{
    consult::Consult,
    wait::{seconds, until},
};

impl Consult {
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

    /// A box is drawn on the picture: that part comes with the camera's own pixels, and the nurse sees it framed.
    pub async fn look_closer(&self) -> Result<()> {
        let whole = self.picture_width().await?;
        self.physician.drag("closer-look", (120, 60)).await?;
        self.physician.reads("closer-words", "closer", seconds(10)).await?;
        self.nurse.sees("The physician looks closely at the frame", seconds(5)).await?;
        until("the part of the picture arrives", seconds(10), || async {
            let width = self.picture_width().await?;
            Ok((width > 0. && width != whole).then_some(()))
        })
        .await
    }

    pub async fn look_at_all(&self) -> Result<()> {
        self.physician.press("whole-picture").await?;
        self.physician.shows("closer-words", false).await
    }

    async fn picture_width(&self) -> Result<f64> {
        let width = "return document.querySelector('[data-testid=remote-video]').videoWidth";
        self.physician.run(width).await?.as_f64().context("the page gives no width")
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

    /// The sound of the heart arrives and is counted.
    pub async fn hear_the_heart(&self) -> Result<()> {
        self.stage.room.say("stethoscope heart 72")?;
        self.physician.press("listen").await?;
        // The estimate says about: within three beats of what the room's heart does.
        until("the heart is heard and counted", seconds(30), || async {
            let words = "return document.querySelector('[data-testid=heart-rate]')?.innerText";
            let words = self.physician.run(words).await?;
            let told = words
                .as_str()
                .unwrap_or_default()
                .split_whitespace()
                .find_map(|word| word.parse::<u16>().ok());
            Ok(told.filter(|rate| rate.abs_diff(72) <= 3))
        })
        .await?;
        let level = "return document.querySelector('[data-testid=heard-level]').value";
        until("the browser hears the heart", seconds(10), || async {
            let heard = self.physician.run(level).await?;
            Ok(heard.as_f64().filter(|decibels| *decibels > -40.))
        })
        .await
        .map(drop)
    }

    /// Tones from 20 to 2,000 Hz arrive as the cart sends them.
    pub async fn test_the_sound(&self) -> Result<()> {
        let mut words = String::new();
        // A browser stretches its sound for a moment when the machine is busy, and rightly calls that altered.
        for _ in 0..3 {
            self.physician.press("prove-sound").await?;
            self.physician.reads("sound-proof", "on their way", seconds(10)).await?;
            words = self.physician.reads("sound-proof", ".", seconds(30)).await?;
            if words.contains("as the cart sends it") {
                return Ok(());
            }
        }
        anyhow::bail!("{words}")
    }

    /// The nurse pulls the stethoscope out and puts it back, and the physician knows.
    pub async fn pull_the_stethoscope(&self) -> Result<()> {
        self.stage.room.say("stethoscope unplug")?;
        self.physician.reads("heart-rate", "Ask the nurse to plug it in", seconds(10)).await?;
        self.stage.room.say("stethoscope plug")?;
        self.physician.reads("heart-rate", "Heart sounds", seconds(10)).await?;
        self.physician.press("listen").await
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
        self.nurse.press("Open camera").await?;
        self.nurse.press("Take picture").await?;
        let taken = |state: &CartState| state.encounter.as_ref()?.stills.first().map(drop);
        self.cart.sees("the still is saved", seconds(10), taken).await?;
        self.nurse.press("Close camera").await
    }

    /// The other direction: the physician's picture and sound reach the nurse; the page is told.
    pub async fn nurse_sees_and_hears(&self) -> Result<()> {
        self.physician.reads("hearing", "The nurse sees and hears you", seconds(15)).await.map(drop)
    }

    /// Puts the still away again, so that the consult is seen.
    pub async fn close_still(&self) -> Result<()> {
        // A key that comes before the picture is opened closes nothing.
        self.physician.shows("still-large", true).await?;
        self.physician.key(Key::Escape).await?;
        self.physician.shows("still-large", false).await
    }

    /// Step 4, the note.
    pub async fn write_note(&mut self, text: &str) -> Result<()> {
        self.physician.write("note-text", text).await?;
        self.physician.press("save-note").await?;
        self.physician.reads("note-state", "Saved", seconds(10)).await?;
        self.expected += 1;
        Ok(())
    }
}

/// Mean absolute difference of two grey pictures, 0…255.
fn difference(one: &[f64], other: &[f64]) -> f64 {
    let sum: f64 = one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum();
    sum / one.len().max(1) as f64
}
