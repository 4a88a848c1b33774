//! The otoscope in a consult: both say what is examined, and what is kept of it says which ear it was.

use anyhow::{Context as _, Result, ensure};
use cart_api::CartState;
use clinical::{ExamCamera, Examined, Laterality, Still};

use crate::{
    consult::Consult,
    wait::{seconds, until},
};

/// A frame of the exam camera that is on the page: its size, and its mean red, green and blue. Null: none is shown.
const SEEN: &str = "const stage = document.querySelector('.exam-stage.exam-live');
    const video = stage?.querySelector('[data-testid=exam-video]');
    if (!video?.videoWidth) return null;
    const canvas = new OffscreenCanvas(32, 18), paint = canvas.getContext('2d');
    paint.drawImage(video, 0, 0, 32, 18);
    const { data } = paint.getImageData(0, 0, 32, 18);
    const mean = of => data.reduce((sum, byte, at) => sum + (at % 4 === of ? byte : 0), 0) / (32 * 18);
    return [video.videoWidth, mean(0), mean(1), mean(2)];";

impl Consult {
    /// The nurse takes it up, the physician sees an ear and says which one it is.
    pub async fn look_into_the_ear(&self) -> Result<()> {
        self.nurse.press("Show: Otoscope").await?;
        self.nurse.sees("Otoscope, is shown", seconds(5)).await?;
        self.nurse.sees("Which ear?", seconds(5)).await?;
        self.physician.reads("exam-label", "side not chosen", seconds(10)).await?;
        self.physician_sees_the_ear().await?;
        self.nurse.sees("Picture of the Otoscope, live", seconds(5)).await?;
        self.the_room_goes_on().await?;
        self.physician.press("side-right").await?;
        self.physician.reads("exam-label", "right ear", seconds(5)).await?;
        self.nurse.sees("Right and left are the patient's.", seconds(5)).await.map(drop)
    }

    async fn physician_sees_the_ear(&self) -> Result<()> {
        let seen = until("the physician sees the ear", seconds(15), || async {
            let seen = self.physician.run(SEEN).await?;
            let seen = seen.as_array().map(|numbers| {
                numbers.iter().filter_map(serde_json::Value::as_f64).collect::<Vec<_>>()
            });
            Ok(seen.filter(|seen| seen.len() == 4))
        });
        let [width, red, green, blue] = seen.await?[..] else {
            unreachable!("four were asked for")
        };
        ensure!(width == 1280., "it is {width} wide");
        ensure!(red > green + 10. && green > blue, "no ear is so: {red:.0} {green:.0} {blue:.0}");
        Ok(())
    }

    /// Small, beside it. Nothing may move in it, so pictures are counted.
    async fn the_room_goes_on(&self) -> Result<()> {
        let count =
            "const video = document.querySelector('.remote.is-small [data-testid=remote-video]');
            return video?.getVideoPlaybackQuality().totalVideoFrames ?? null;";
        let frames = || async { Ok(self.physician.run(count).await?.as_u64()) };
        let before = until("the room is small", seconds(5), frames).await?;
        until("more pictures of the room come", seconds(5), || async {
            Ok(frames().await?.filter(|frames| *frames > before + 30))
        })
        .await
        .map(drop)
    }

    /// A still of it is saved at the camera's resolution, with the ear that it shows.
    pub async fn keep_the_ear(&self) -> Result<()> {
        let ear = Examined::new(ExamCamera::Otoscope, Some(Laterality::Right));
        self.physician.press("freeze").await?;
        let of_it = |state: &CartState| still(state).filter(|still| still.examined == Some(ear));
        let kept = self.cart.sees("the ear is saved", seconds(10), of_it).await?;
        ensure!((kept.width, kept.height) == (1920, 1080), "{kept:?}");
        let under_it = "return document.querySelector('.thumb-examined')?.textContent ?? null";
        until("the physician reads what the still shows", seconds(10), || async {
            let words = self.physician.run(under_it).await?;
            Ok((words == "Otoscope, right ear").then_some(()))
        })
        .await
    }

    /// The nurse is done with it.
    pub async fn put_the_otoscope_down(&self) -> Result<()> {
        self.nurse.press("Show: Room").await?;
        self.physician.shows("exam-stage", false).await
    }

    /// Its cable is pulled and put back.
    pub async fn pull_the_otoscope(&self) -> Result<()> {
        self.stage.room.say("otoscope unplug")?;
        self.physician
            .reads("exam-veil", "No picture comes from the otoscope", seconds(10))
            .await?;
        self.nurse.sees("No picture from it: Otoscope", seconds(5)).await?;
        self.stage.room.say("otoscope plug")?;
        self.physician.shows("exam-veil", false).await?;
        self.physician_sees_the_ear().await
    }

    /// The chart says which ear a picture shows.
    pub async fn ear_is_in_the_chart(&self) -> Result<()> {
        let documents = self.stage.ehr.all("DocumentReference").await?;
        let title = |found: &&serde_json::Value| {
            found["content"][0]["attachment"]["title"] == "Still picture, Otoscope, right ear"
        };
        documents
            .iter()
            .find(title)
            .context("no picture of the right ear is in the chart")
            .map(drop)
    }
}

/// The newest of the open encounter.
fn still(state: &CartState) -> Option<Still> {
    state.encounter.as_ref()?.stills.last().map(|saved| saved.still.clone())
}
