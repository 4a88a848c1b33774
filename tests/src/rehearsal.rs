//! The first consult without people, and the times it took.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::{
    consult::Consult,
    figures::{Figure, p95},
    stage::Stage,
    wait::seconds,
};

/// So many readings during the call that a 95th percentile says something.
const READINGS: u32 = 20;

/// Plays it; with `pictures` it leaves pictures of kiosk and portal there.
///
/// # Errors
/// A step failed; the error says which, and what was on the screens.
pub async fn play(pictures: Option<&Path>) -> Result<Vec<Figure>> {
    if let Some(folder) = pictures {
        fs::create_dir_all(folder)?;
    }
    say("Starting EHR, hub, simulated room, cart, kiosk and browser");
    let stage = Stage::set(false, None).await?;
    let mut consult = Consult::begin(stage).await?;
    let played = acts(&mut consult, pictures).await;
    if played.is_err() {
        let kept = consult.stage.keep();
        say(&format!("Logs and data are kept in {}", kept.display()));
        return played;
    }
    consult.physician.close().await?;
    played
}

async fn acts(consult: &mut Consult, pictures: Option<&Path>) -> Result<Vec<Figure>> {
    kiosk_picture(consult, pictures, "kiosk-sign-in.png")?;
    say("1  The nurse signs in, picks the patient and compares two identifiers");
    consult.sign_in_and_identify().await?;
    say("2  Cuff, oximeter and thermometer");
    consult.measure_all().await?;
    kiosk_picture(consult, pictures, "kiosk-vitals.png")?;
    portal_picture(consult, pictures, "portal-home.png").await?;
    say("3  The nurse calls, the physician answers");
    consult.call().await?;
    let first_frame = consult.first_frame_after(consult.pressed_call).await?;
    let offer = consult.physician.mark("offer-received").await?.context("no offer came")?;
    consult.physician_hears().await?;
    consult.physician.reads("chart-allergies", "Penicillin", seconds(20)).await?;
    portal_picture(consult, pictures, "portal-chart.png").await?;
    say("4  Vitals as they come, the heart, the camera moves, a still, a note");
    let delays = readings(consult).await?;
    consult.hear_the_heart().await?;
    consult.test_the_sound().await?;
    consult.lay_the_chest_piece().await?;
    consult.keep_the_sound().await?;
    portal_picture(consult, pictures, "portal-listening.png").await?;
    kiosk_picture(consult, pictures, "kiosk-listening.png")?;
    consult.hear_the_sound_again().await?;
    portal_picture(consult, pictures, "portal-sounds.png").await?;
    consult.physician.press("listen").await?;
    consult.move_camera().await?;
    consult.look_closer().await?;
    portal_picture(consult, pictures, "portal-closer.png").await?;
    kiosk_picture(consult, pictures, "kiosk-closer.png")?;
    consult.look_at_all().await?;
    consult.freeze().await?;
    portal_picture(consult, pictures, "portal-still.png").await?;
    consult.close_still().await?;
    consult.look_into_the_ear().await?;
    portal_picture(consult, pictures, "portal-exam.png").await?;
    consult.keep_the_ear().await?;
    kiosk_picture(consult, pictures, "kiosk-exam.png")?;
    consult.put_the_otoscope_down().await?;
    consult.write_note("Breath sounds clear on both sides. Start with 20 mg furosemide.").await?;
    portal_picture(consult, pictures, "portal-consult.png").await?;
    kiosk_picture(consult, pictures, "kiosk-call.png")?;
    consult.physician_hangs_up().await?;
    say("5  The nurse ends the encounter; everything goes into the chart");
    consult.end().await?;
    consult.all_in_the_ehr().await?;
    consult.nothing_is_readable()?;
    let (once, expected) = (consult.stage.ehr.once().await?, consult.expected);
    let saved_to_browser = p95(&delays).context("no reading was measured")?;
    Ok(vec![
        Figure::exactly("consult_completed", 1., "consults", 1.),
        Figure::at_most("press_to_picture", first_frame - consult.pressed_call, "ms", 2000.),
        Figure::at_most("offer_to_first_frame", first_frame - offer, "ms", 250.),
        Figure::at_most("reading_saved_to_browser_p95", saved_to_browser, "ms", 300.),
        Figure::exactly("fhir_resources_once", once as f64, "resources", expected as f64),
    ])
}

async fn readings(consult: &Consult) -> Result<Vec<f64>> {
    let mut delays = Vec::new();
    for number in 0..READINGS {
        // Each differs, so that each is a measurement of its own.
        let entry = consult.temperature(&format!("36.{number:02}")).await?;
        delays.push(consult.saved_to_browser(entry).await?);
    }
    Ok(delays)
}

fn kiosk_picture(consult: &Consult, folder: Option<&Path>, name: &str) -> Result<()> {
    folder.map_or(Ok(()), |folder| consult.stage.screen.picture(&folder.join(name)))
}

async fn portal_picture(consult: &Consult, folder: Option<&Path>, name: &str) -> Result<()> {
    match folder {
        Some(folder) => consult.physician.picture(&folder.join(name)).await,
        None => Ok(()),
    }
}

fn say(words: &str) {
    println!("{words}");
}
