//! Debian's Chromium, driven by WebDriver through ChromeDriver.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Result;
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{
        InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    },
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::free_port;
use crate::{
    process::Process,
    wait::{seconds, until},
};

/// A hand takes its time from place to place.
const WAY: Duration = Duration::from_millis(100);
/// Headless, with a camera and a microphone that Chromium makes itself, and nothing that reaches
/// for the network by its own.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--window-size=1280,943",
];

/// Chromium outlives a driver that was ended otherwise, and would load the machine for good.
fn bound_to_its_driver(folder: &Path) -> Result<PathBuf> {
    let script = folder.join("chromium-of-this-stage");
    fs::write(&script, "#!/bin/sh\nexec setpriv --pdeathsig TERM -- /usr/bin/chromium \"$@\"\n")?;
    fs::set_permissions(&script, Permissions::from_mode(0o700))?;
    Ok(script)
}

pub(super) struct Chromium {
    page: Client,
    pub(super) driver: Process,
}

impl Chromium {
    /// Starts ChromeDriver and one Chromium with an empty profile in `folder`.
    pub(super) async fn start(folder: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        let driver = Process::start("chromedriver", &mut command, folder)?;
        let address = format!("http://127.0.0.1:{port}");
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", folder.join("chromium").display()));
        let binary = bound_to_its_driver(folder)?;
        let wanted = json!({ "goog:chromeOptions": { "args": flags, "binary": binary } });
        let Value::Object(wanted) = wanted else { unreachable!("an object was written above") };
        let page = until("Chromium starts", seconds(30), || async {
            Ok(ClientBuilder::new(HttpConnector::new())
                .capabilities(wanted.clone())
                .connect(&address)
                .await
                .ok())
        });
        Ok(Self { page: page.await?, driver })
    }

    pub(super) async fn open(&self, address: &str) -> Result<()> {
        Ok(self.page.goto(address).await?)
    }

    /// Whether it could be pressed: it may not be there yet, or something may lie over it.
    pub(super) async fn press(&self, selector: &str) -> Result<bool> {
        let Ok(element) = self.page.find(Locator::Css(selector)).await else { return Ok(false) };
        Ok(element.click().await.is_ok())
    }

    pub(super) async fn write(&self, selector: &str, text: &str) -> Result<()> {
        Ok(self.page.find(Locator::Css(selector)).await?.send_keys(text).await?)
    }

    pub(super) async fn key(&self, key: char) -> Result<()> {
        let key = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        Ok(self.page.perform_actions(key).await?)
    }

    /// `None`: it is not there.
    pub(super) async fn text(&self, selector: &str) -> Result<Option<String>> {
        let Ok(element) = self.page.find(Locator::Css(selector)).await else { return Ok(None) };
        // What was drawn anew between the two questions is not there either.
        Ok(element.text().await.ok())
    }

    pub(super) async fn is_there(&self, selector: &str) -> Result<bool> {
        Ok(!self.page.find_all(Locator::Css(selector)).await?.is_empty())
    }

    pub(super) async fn run(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, error => done('error: ' + error));"
        );
        Ok(self.page.execute_async(&script, Vec::new()).await?)
    }

    pub(super) async fn hold(&self, selector: &str, duration: Duration) -> Result<()> {
        let element = self.page.find(Locator::Css(selector)).await?;
        let now = Some(Duration::ZERO);
        let finger = MouseActions::new("finger".to_owned())
            .then(PointerAction::MoveToElement { element, duration: now, x: 0., y: 0. })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Pause { duration })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.page.perform_actions(finger).await?)
    }

    pub(super) async fn drag(&self, selector: &str, (right, down): (i64, i64)) -> Result<()> {
        let element = self.page.find(Locator::Css(selector)).await?;
        let to = |right: i64, down: i64| PointerAction::MoveToElement {
            element: element.clone(),
            duration: Some(WAY),
            x: right as f64,
            y: down as f64,
        };
        let finger = MouseActions::new("finger".to_owned())
            .then(to(0, 0))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(to(right / 2, down / 2))
            .then(to(right, down))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.page.perform_actions(finger).await?)
    }

    /// As PNG.
    pub(super) async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.page.screenshot().await?)
    }

    pub(super) async fn close(self) -> Result<()> {
        Ok(self.page.close().await?)
    }
}
