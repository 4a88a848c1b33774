//! The cart's touchscreen: a real or a virtual X server, a session bus, and the kiosk in front of it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

/// A session with a display, as a desktop or the appliance's kiosk session is one.
pub struct Screen {
    display: String,
    bus: String,
    runtime: PathBuf,
    /// End with the screen; the X server last.
    _servers: Vec<Process>,
}

impl Screen {
    /// A virtual screen of 1280×800, of no interest to anything else on this machine.
    ///
    /// # Errors
    /// Xvfb or dbus-daemon is missing.
    pub async fn virtual_one(folder: &Path, logs: &Path) -> Result<Self> {
        let runtime = folder.join("runtime");
        place::private(&runtime)?;
        let mut xvfb = Command::new("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        // Else it begins anew whenever its last client leaves, as the launcher of the accessibility
        // bus does, and turns away a kiosk that opens in that moment.
        xvfb.arg("-noreset");
        let mut xvfb = Process::start("xvfb", &mut xvfb, logs)?;
        let number = until("the virtual screen starts", seconds(15), || {
            let (ended, log) = (xvfb.ended(), xvfb.log());
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(log.lines().find_map(|line| line.trim().parse::<u32>().ok()))
            }
        });
        let display = format!(":{}", number.await?);
        let path = runtime.join("bus");
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile"])
            .arg(format!("--address=unix:path={}", path.display()))
            .env("DISPLAY", &display)
            .env("XDG_RUNTIME_DIR", &runtime);
        let bus = Process::start("dbus", &mut bus, logs)?;
        until("the session bus starts", seconds(15), || {
            let there = path.exists();
            async move { Ok(there.then_some(())) }
        })
        .await?;
        let address = format!("unix:path={}", path.display());
        Ok(Self { display, bus: address, runtime, _servers: vec![bus, xvfb] })
    }

    /// The screen in front of the person who started this, where there is one.
    pub fn own() -> Option<Self> {
        let display = env::var("DISPLAY").ok()?;
        let bus = env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
        let runtime = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
        Some(Self { display, bus, runtime, _servers: Vec::new() })
    }

    /// The address of the session bus.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// A command whose windows open here.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    /// What is on the screen now, as PNG.
    ///
    /// # Errors
    /// `import` of ImageMagick is missing or fails.
    pub fn picture(&self, file: &Path) -> Result<()> {
        let mut import = self.command(Path::new("import"));
        import.args(["-window", "root"]).arg(file);
        place::tell(&mut import, "").context("could not take a picture of the screen").map(drop)
    }
}
