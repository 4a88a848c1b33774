//! The stethoscope in a consult: both say where it lies, and what is heard there is kept and heard again.

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cart_api::CartState;
use clinical::{Auscultation, AuscultationSite};
use vault::Blob;

use crate::{
    consult::Consult,
    wait::{seconds, until},
};

impl Consult {
    /// Physician and nurse agree about the place. Somebody listens already.
    pub async fn lay_the_chest_piece(&self) -> Result<()> {
        self.nurse.sees("Where is the stethoscope?", seconds(5)).await?;
        self.physician.press("site-pulmonic").await?;
        self.nurse.sees("Heart: pulmonic area", seconds(5)).await?;
        self.nurse.press("Next place").await?;
        self.physician.reads("site", "Erb's point", seconds(5)).await?;
        self.physician.press("site-mitral").await?;
        self.nurse.sees("Heart: mitral area, the apex", seconds(5)).await.map(drop)
    }

    /// What is heard there is saved on the cart, and on the physician's page.
    pub async fn keep_the_sound(&self) -> Result<()> {
        self.physician.reads("keep-sound", "Keep these 3 s", seconds(15)).await?;
        self.physician.press("keep-sound").await?;
        let kept = self.cart.sees("the sound is saved", seconds(10), sound).await?;
        ensure!(kept.site == AuscultationSite::Mitral && kept.gaps.is_empty(), "{kept:?}");
        ensure!((3_000..20_000).contains(&kept.millis), "{} ms", kept.millis);
        self.physician.reads("kept-sound", "Mitral area", seconds(10)).await.map(drop)
    }

    /// The browser plays it, and says that this is not the patient now.
    pub async fn hear_the_sound_again(&self) -> Result<()> {
        self.physician.press("play-sound").await?;
        self.physician.reads("plays-kept", "not live", seconds(10)).await?;
        let curve = "return document.querySelector('.sound-curve path')?.getAttribute('d') ?? ''";
        let heights = until("the curve of the sound is drawn", seconds(5), || async {
            let drawn = self.physician.run(curve).await?;
            let drawn = drawn.as_str().unwrap_or_default();
            let columns: Vec<_> = drawn.split('M').skip(1).collect();
            Ok((!columns.is_empty()).then(|| columns.iter().filter(|one| !is_flat(one)).count()))
        })
        .await?;
        ensure!(heights > 20, "only {heights} columns of the curve are a heart");
        self.physician.press("play-sound").await
    }

    /// The chart has the bytes that the cart committed, under the place at which they were heard.
    pub async fn sound_is_in_the_chart(&self, kept: &Auscultation) -> Result<()> {
        let documents = self.stage.ehr.all("DocumentReference").await?;
        let attachment = documents
            .iter()
            .map(|found| &found["content"][0]["attachment"])
            .find(|attachment| attachment["contentType"] == "audio/wav")
            .context("no sound is in the chart")?;
        let title = &attachment["title"];
        ensure!(title == "Auscultation, heart, mitral area (apex)", "{title}");
        let data = attachment["data"].as_str().context("it has no content")?;
        let sha256 = Blob::new(STANDARD.decode(data)?).sha256().to_owned();
        ensure!(sha256 == kept.sha256, "the chart has other bytes than the cart");
        Ok(())
    }

    /// Of the open encounter, the first that was kept.
    pub async fn kept_sound(&self) -> Result<Auscultation> {
        self.cart.sees("a sound is kept", seconds(5), sound).await
    }
}

fn sound(state: &CartState) -> Option<Auscultation> {
    state.encounter.as_ref()?.auscultations.first().map(|saved| saved.sound.clone())
}

/// "12 30.0V30.0": a column whose lowest is its highest.
fn is_flat(column: &str) -> bool {
    let ends = column.split_once(' ').and_then(|(_, heights)| heights.split_once('V'));
    ends.is_none_or(|(low, high)| low == high)
}
