//! A sound card for a machine that has none, in the form of a sound server with a sink that plays into nothing.
//!
//! Firefox starts no Web Audio where there is nothing to play on; Chromium makes its own nothing. A desktop that has its sound
//! by PipeWire has something, and no program of that name.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};

use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

pub(super) struct Loudspeaker {
    /// Where its clients look for it (`XDG_RUNTIME_DIR`).
    pub(super) runtime: PathBuf,
    /// `None`: it is the desktop's.
    _server: Option<Process>,
}

impl Loudspeaker {
    pub(super) async fn start(folder: &Path) -> Result<Self> {
        let desktop = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        if let Some(runtime) = desktop.filter(|runtime| runtime.join("pipewire-0").exists()) {
            return Ok(Self { runtime, _server: None });
        }
        let runtime = folder.join("sound");
        place::private(&runtime)?;
        let mut command = Command::new("pulseaudio");
        // Nothing of this machine's configuration, devices or users.
        command.args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"]);
        command.args(["-L", "module-native-protocol-unix", "-L", "module-null-sink rate=48000"]);
        command.env("HOME", &runtime).env("XDG_RUNTIME_DIR", &runtime);
        command.env_remove("PULSE_SERVER").env_remove("PULSE_RUNTIME_PATH");
        let mut server = Process::start("pulseaudio", &mut command, folder)?;
        let socket = runtime.join("pulse/native");
        until("the sound server starts", seconds(15), || {
            let (ended, there) = (server.ended(), socket.exists());
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(there.then_some(()))
            }
        })
        .await?;
        Ok(Self { runtime, _server: Some(server) })
    }
}
