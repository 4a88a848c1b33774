//! The two that send: a browser, and the cart's own media in a program of its own.

use std::{path::Path, process::Stdio, sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
};

use super::{
    detour::To,
    meeting::{Meeting, Ways},
    tree,
};
use crate::{browser::Browser, place, wait::seconds};

/// Making a key, gathering and a first encoder take 0.2 to 0.6 s on two cores; ringing takes longer than that.
const RINGING: Duration = Duration::from_secs(2);

/// What a browser keeps when the network is narrow (W3C `mst-content-hint`, `degradationPreference`).
#[derive(Clone, Copy)]
pub enum Prefers {
    Resolution,
    Framerate,
}

pub enum Sender {
    Browser { page: Browser, codec: &'static str, prefers: Prefers, ways: Arc<Ways> },
    Cart { program: Child, ways: Arc<Ways> },
}

impl Sender {
    /// A browser that sends with this codec, a media type.
    ///
    /// # Errors
    /// Chromium does not start.
    pub async fn browser(
        folder: &Path,
        meeting: &Meeting,
        codec: &'static str,
        prefers: Prefers,
    ) -> Result<Self> {
        let page = Browser::start(folder).await?;
        page.open(&meeting.page("sender.html")).await?;
        super::connected(&page).await?;
        Ok(Self::Browser { page, codec, prefers, ways: Arc::clone(&meeting.ways) })
    }

    /// The cart, with the camera on this port.
    ///
    /// # Errors
    /// Its program is not built or does not start.
    pub async fn cart(meeting: &Meeting, camera: u16) -> Result<Self> {
        let program = place::program("bedside-media-cart")?;
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command.arg(format!("y4m+tcp://127.0.0.1:{camera}"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut program = command.spawn().context("could not start the cart's media")?;
        let mut input = program.stdin.take().context("no standard input")?;
        let output = program.stdout.take().context("no standard output")?;
        let ways = Arc::clone(&meeting.ways);
        let mut orders = ways.to_sender.subscribe();
        tokio::spawn(async move {
            while let Ok(line) = orders.recv().await {
                if input.write_all(format!("{line}\n").as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        let back = Arc::clone(&ways);
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                back.pass(To::Viewer, line).await;
            }
        });
        // The camera's first picture takes the slate's place.
        tokio::time::sleep(seconds(2)).await;
        Ok(Self::Cart { program, ways })
    }

    /// What is done while it rings.
    ///
    /// # Errors
    /// The sender is gone.
    pub async fn ring(&self) -> Result<()> {
        if let Self::Cart { ways, .. } = self {
            ways.to_sender.send(json!({ "type": "prepare" }).to_string())?;
        }
        tokio::time::sleep(RINGING).await;
        Ok(())
    }

    /// The call is answered.
    ///
    /// # Errors
    /// The sender is gone.
    pub fn answer(&self) -> Result<()> {
        let (ways, order) = match self {
            Self::Browser { codec, prefers, ways, .. } => {
                let prefers = match prefers {
                    Prefers::Resolution => "maintain-resolution",
                    Prefers::Framerate => "maintain-framerate",
                };
                (ways, json!({ "type": "join", "codec": codec, "prefers": prefers }))
            }
            Self::Cart { ways, .. } => (ways, json!({ "type": "join" })),
        };
        ways.to_sender.send(order.to_string())?;
        Ok(())
    }

    /// # Errors
    /// The sender is gone.
    pub fn hang_up(&self) -> Result<()> {
        let (Self::Browser { ways, .. } | Self::Cart { ways, .. }) = self;
        ways.to_sender.send(json!({ "type": "leave" }).to_string())?;
        Ok(())
    }

    /// The programs that send, without the driver of the browser; what they started belongs to them.
    ///
    /// # Errors
    /// It has ended.
    pub fn programs(&self) -> Result<Vec<u32>> {
        match self {
            Self::Browser { page, .. } => tree::children(page.driver()),
            Self::Cart { program, .. } => {
                Ok(vec![program.id().context("the cart's media has ended")?])
            }
        }
    }
}
