//! What sends pictures: the camera that turns, and the otoscope.

use super::{Devices, Setup};
use crate::video::{
    self,
    y4m::{self, Screen},
};
use anyhow::Context;
use std::net::SocketAddr;
use std::sync::Arc;

impl Devices {
    pub(super) fn open_video(&self, setup: &Setup) -> anyhow::Result<SocketAddr> {
        let drawing = match &setup.scene {
            Some(file) => std::fs::read(file)
                .with_context(|| format!("could not read the scene {}", file.display()))?,
            None => video::ROOM.to_vec(),
        };
        let screen = Arc::new(Screen::default());
        video::film(&drawing, self.camera.clone(), screen.clone(), self.clock)?;
        y4m::serve(setup.video_port, self.lines.video.clone(), screen)
            .context("no port for the camera's video")
    }

    pub(super) fn open_otoscope(&self, setup: &Setup) -> anyhow::Result<SocketAddr> {
        let screen = Arc::new(Screen::default());
        video::hand::hold(video::hand::EAR, screen.clone(), self.clock)?;
        y4m::serve(setup.otoscope_port, self.lines.otoscope.clone(), screen)
            .context("no port for the otoscope")
    }
}
