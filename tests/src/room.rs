//! The patient's room: simulated devices that speak the real bytes, a camera that really turns.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

/// Where the devices are, in the form that `cartd` and `cart-kiosk` take.
#[derive(Clone, Deserialize)]
pub struct Addresses {
    pub cuff: String,
    pub oximeter: String,
    pub thermometer: String,
    pub camera_control: String,
    pub camera_control_serial: String,
    pub camera_video: String,
    pub microphone: String,
    pub stethoscope: String,
    pub otoscope: String,
}

impl Addresses {
    /// What `cartd` gets of them: id, driver and link of each.
    pub fn of_cart(&self) -> [(&str, &str, &str); 4] {
        [
            ("cuff", "suntech-advantage", &self.cuff),
            ("oximeter", "nonin-xpod", &self.oximeter),
            ("thermometer", "ble-thermometer", &self.thermometer),
            ("camera", "visca", &self.camera_control),
        ]
    }
}

pub struct Room {
    folder: PathBuf,
    pub addresses: Addresses,
    _simulation: Process,
}

impl Room {
    /// # Errors
    /// The simulation does not start.
    pub async fn start(folder: &Path, logs: &Path) -> Result<Self> {
        place::private(folder)?;
        let mut command = Command::new(place::program("cart-sim")?);
        command.arg("--dir").arg(folder);
        command.arg("--scene").arg(place::file("assets/simulated-room/room.svg")?);
        let mut simulation = Process::start("cart-sim", &mut command, logs)?;
        let listing = folder.join("sim.json");
        let addresses = until("the simulated room is ready", seconds(30), || {
            let (ended, text) = (simulation.ended(), std::fs::read_to_string(&listing));
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                let Ok(text) = text else { return Ok(None) };
                Ok(Some(serde_json::from_str(&text).context("sim.json")?))
            }
        });
        let addresses = addresses.await?;
        Ok(Self { folder: folder.to_owned(), addresses, _simulation: simulation })
    }

    /// Tells the room what happens in it, such as `cuff reads 128 82 97 71`; what it answers.
    ///
    /// # Errors
    /// The room does not understand.
    pub fn say(&self, words: &str) -> Result<String> {
        let mut command = Command::new(place::program("cart-sim")?);
        command.arg("say").arg(&self.folder).arg(words);
        let answer = place::tell(&mut command, "")?;
        ensure!(!answer.starts_with("error"), "the room says to `{words}`: {answer}");
        Ok(answer.trim().to_owned())
    }
}
