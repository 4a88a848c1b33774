//! Steps 1 to 5: from the PIN to the chart.

use anyhow::{Result, ensure};
use stage::{consult::Consult, wait::seconds};

#[test]
fn a_consult_reaches_the_chart_once_and_leaves_nothing_readable() {
    crate::play(None, acts);
}

async fn acts(consult: &mut Consult) -> Result<()> {
    consult.sign_in_and_identify().await?;
    consult.measure_all().await?;
    consult.call().await?;
    consult.physician_hears().await?;
    consult.nurse_sees_and_hears().await?;
    consult.physician.reads("chart-allergies", "Penicillin", seconds(20)).await?;
    let reading = consult.temperature("38.2").await?;
    consult.saved_to_browser(reading).await?;
    consult.physician.reads("tile-temperature", "38.2", seconds(5)).await?;
    consult.hear_the_heart().await?;
    consult.lay_the_chest_piece().await?;
    consult.keep_the_sound().await?;
    consult.hear_the_sound_again().await?;
    consult.test_the_sound().await?;
    consult.pull_the_stethoscope().await?;
    consult.move_camera().await?;
    consult.look_closer().await?;
    consult.look_at_all().await?;
    consult.freeze().await?;
    consult.close_still().await?;
    consult.look_into_the_ear().await?;
    consult.keep_the_ear().await?;
    consult.pull_the_otoscope().await?;
    consult.put_the_otoscope_down().await?;
    consult.write_note("Breath sounds clear on both sides.").await?;
    consult.physician_hangs_up().await?;
    let sound = consult.kept_sound().await?;
    consult.end().await?;
    consult.all_in_the_ehr().await?;
    consult.nothing_is_readable()?;
    consult.sound_is_in_the_chart(&sound).await?;
    consult.ear_is_in_the_chart().await?;
    in_the_chart(consult).await
}

async fn in_the_chart(consult: &Consult) -> Result<()> {
    let ehr = &consult.stage.ehr;
    consult.all_once_in_the_chart().await?;
    let encounters = ehr.all("Encounter").await?;
    ensure!(encounters.len() == 1 && encounters[0]["status"] == "finished", "{encounters:?}");
    let pressure = ehr.observations("85354-9").await?;
    ensure!(pressure.len() == 1, "{} blood pressures", pressure.len());
    let systolic = &pressure[0]["component"][0]["valueQuantity"];
    ensure!(systolic["value"] == 128 && systolic["code"] == "mm[Hg]", "{systolic}");
    let temperatures = ehr.observations("8310-5").await?;
    ensure!(temperatures.len() == 2, "{} temperatures", temperatures.len());
    let documents = ehr.all("DocumentReference").await?;
    let mut kinds: Vec<String> = documents
        .iter()
        .map(|found| found["content"][0]["attachment"]["contentType"].to_string())
        .collect();
    kinds.sort();
    // The sound, the still of the room and of the ear, the note and the receipt.
    let expected =
        ["\"audio/wav\"", "\"image/jpeg\"", "\"image/jpeg\"", "\"text/plain\"", "\"text/plain\""];
    ensure!(kinds == expected, "{kinds:?}");
    Ok(())
}
