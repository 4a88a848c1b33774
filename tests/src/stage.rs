//! All parts together, started in the order in which a hospital has them.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use tempfile::TempDir;

use crate::{
    cart::{CART, Cart},
    ehr::Ehr,
    hub::Hub,
    place,
    process::Process,
    relay::Relay,
    room::Room,
    screen::Screen,
};

/// Fields drop in this order: first who asks, then who answers.
pub struct Stage {
    kiosk: Option<Process>,
    pub cart: Cart,
    pub room: Room,
    /// The network between cart and hub.
    pub network: Relay,
    pub hub: Hub,
    pub ehr: Ehr,
    pub screen: Screen,
    camera: String,
    logs: PathBuf,
    folder: TempDir,
}

impl Stage {
    /// Everything but the kiosk is up; `camera` is what the kiosk gets, the simulated room where there is none.
    ///
    /// # Errors
    /// A part does not start; the error says which and its last words.
    pub async fn set(own_screen: bool, camera: Option<String>) -> Result<Self> {
        let provider = rustls::crypto::ring::default_provider();
        // Refused when an earlier stage of this process has set it: then it is there.
        let _already_there = provider.install_default();
        let folder = tempfile::Builder::new().prefix("bedside-").tempdir()?;
        let logs = folder.path().join("logs");
        place::private(&logs)?;
        let own = if own_screen { Screen::own() } else { None };
        let screen = match own {
            Some(screen) => screen,
            None => Screen::virtual_one(folder.path(), &logs).await?,
        };
        let ehr = Ehr::start(&logs).await?;
        let room = Room::start(&folder.path().join("room"), &logs).await?;
        let mut cart = Cart::prepare(&folder.path().join("cart"), &logs)?;
        let enrolment = (CART, cart.public_key.as_str());
        let hub = Hub::start(&folder.path().join("hub"), &logs, ehr.address(), enrolment).await?;
        let network = Relay::start(hub.address()).await?;
        cart.configure(network.address(), &room.addresses.of_cart())?;
        cart.run().await?;
        let camera = camera.unwrap_or_else(|| room.addresses.camera_video.clone());
        Ok(Self { kiosk: None, cart, room, network, hub, ehr, screen, camera, logs, folder })
    }

    /// Opens the kiosk's window, for the first time or after its death, as systemd does.
    ///
    /// # Errors
    /// The program is missing.
    pub fn open_kiosk(&mut self) -> Result<()> {
        let mut command: Command = self.screen.command(&place::program("cart-kiosk")?);
        command.arg("--socket").arg(self.cart.socket());
        command.args(["--camera", &self.camera, "--speaker", speaker()]);
        command.args(["--microphone", &self.room.addresses.microphone]);
        command.args(["--stethoscope", &self.room.addresses.stethoscope]);
        command.arg("--exam-camera").arg(format!("otoscope={}", self.room.addresses.otoscope));
        self.kiosk = Some(Process::start("cart-kiosk", &mut command, &self.logs)?);
        Ok(())
    }

    /// As a crash does.
    ///
    /// # Errors
    /// The process is not ours to end.
    pub fn kill_kiosk(&mut self) -> Result<()> {
        self.kiosk.take().map_or(Ok(()), |mut kiosk| kiosk.kill())
    }

    /// In which words has the kiosk ended, when it has?
    pub fn kiosk_ended(&mut self) -> Option<String> {
        self.kiosk.as_mut().and_then(Process::ended)
    }

    pub fn logs(&self) -> &std::path::Path {
        &self.logs
    }

    /// Leaves logs and data on the disk for whoever looks into a failure; where they are.
    pub fn keep(mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }
}

/// The sound card, where this machine has one.
fn speaker() -> &'static str {
    if std::path::Path::new("/dev/snd/pcmC0D0p").exists() { "alsa:default" } else { "none" }
}
