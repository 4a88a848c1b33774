//! The physician's hands and eyes: a real Chromium on the real portal, driven by WebDriver.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result};
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{
        InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    },
    elements::Element,
    key::Key,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    process::Process,
    wait::{seconds, until},
};

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

pub struct Browser {
    page: Client,
    driver: Process,
}

impl Browser {
    /// Starts ChromeDriver and one Chromium with an empty profile in `folder`.
    ///
    /// # Errors
    /// Chromium or its driver is missing or does not start.
    pub async fn start(folder: &Path) -> Result<Self> {
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

    /// ChromeDriver; all that Chromium consists of are its descendants.
    pub fn driver(&self) -> u32 {
        self.driver.pid()
    }

    pub async fn open(&self, address: &str) -> Result<()> {
        Ok(self.page.goto(address).await?)
    }

    /// Presses what carries this `data-testid`, as soon as it is there and can be pressed: a page that
    /// has just drawn it may still be placing it.
    pub async fn press(&self, id: &str) -> Result<()> {
        let what = format!("{id} can be pressed");
        until(&what, seconds(10), || async { Ok(self.element(id).await?.click().await.ok()) }).await
    }

    /// Presses a key of the keyboard.
    ///
    /// # Errors
    /// The page is gone.
    pub async fn key(&self, key: Key) -> Result<()> {
        let key = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: char::from(key) })
            .then(KeyAction::Up { value: char::from(key) });
        Ok(self.page.perform_actions(key).await?)
    }

    pub async fn write(&self, id: &str, text: &str) -> Result<()> {
        Ok(self.element(id).await?.send_keys(text).await?)
    }

    /// Waits until what carries this id is there, or is gone.
    pub async fn shows(&self, id: &str, there: bool) -> Result<()> {
        let what = format!("the portal shows {id}: {there}");
        until(&what, seconds(10), || async {
            let found = self.page.find_all(Locator::Css(&selector(id))).await?;
            Ok((found.is_empty() != there).then_some(()))
        })
        .await
    }

    /// The text of what carries this id, as soon as it contains `words`.
    pub async fn reads(&self, id: &str, words: &str, limit: Duration) -> Result<String> {
        let what = format!("the portal shows `{words}` in {id}");
        let found = until(&what, limit, || async {
            let Ok(element) = self.page.find(Locator::Css(&selector(id))).await else {
                return Ok(None);
            };
            Ok(element.text().await.ok().filter(|text| text.contains(words)))
        });
        match found.await {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(format!("on the page: {}", self.text().await?))),
        }
    }

    /// What a script returns; it may be a promise.
    pub async fn run(&self, script: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(done, error => done('error: ' + error));"
        );
        Ok(self.page.execute_async(&script, Vec::new()).await?)
    }

    /// When the page made this mark, in milliseconds since 1970; the last one of that name.
    pub async fn mark(&self, name: &str) -> Result<Option<f64>> {
        let script = format!(
            "const marks = performance.getEntriesByName({name:?});
             return marks.length ? performance.timeOrigin + marks.at(-1).startTime : null;"
        );
        Ok(self.run(&script).await?.as_f64())
    }

    /// Holds a button down for a while, as a finger does.
    ///
    /// # Errors
    /// There is no such button.
    pub async fn hold(&self, id: &str, duration: Duration) -> Result<()> {
        let element = self.element(id).await?;
        let now = Some(Duration::ZERO);
        let finger = MouseActions::new("finger".to_owned())
            .then(PointerAction::MoveToElement { element, duration: now, x: 0., y: 0. })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Pause { duration })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.page.perform_actions(finger).await?)
    }

    /// Draws from the middle of this element by so many pixels to the right and down.
    ///
    /// # Errors
    /// There is no such element.
    pub async fn drag(&self, id: &str, (right, down): (f64, f64)) -> Result<()> {
        let at = |x, y, element: Element| PointerAction::MoveToElement {
            element,
            duration: Some(Duration::from_millis(100)),
            x,
            y,
        };
        let element = self.element(id).await?;
        let finger = MouseActions::new("finger".to_owned())
            .then(at(0., 0., element.clone()))
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(at(right / 2., down / 2., element.clone()))
            .then(at(right, down, element))
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        Ok(self.page.perform_actions(finger).await?)
    }

    pub async fn picture(&self, file: &Path) -> Result<()> {
        let png = self.page.screenshot().await?;
        std::fs::write(file, png).with_context(|| format!("could not write {}", file.display()))
    }

    /// # Errors
    /// Chromium does not answer any more.
    pub async fn close(self) -> Result<()> {
        Ok(self.page.close().await?)
    }

    async fn element(&self, id: &str) -> Result<Element> {
        let selector = selector(id);
        let found = self.page.wait().at_most(seconds(30)).for_element(Locator::Css(&selector));
        match found.await {
            Ok(element) => Ok(element),
            Err(error) => {
                let text = self.text().await?;
                Err(error).with_context(|| format!("the portal has no {id}; on the page: {text}"))
            }
        }
    }

    async fn text(&self) -> Result<String> {
        Ok(self.page.find(Locator::Css("body")).await?.text().await?)
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid='{id}']")
}

/// A port that nobody has now. Between here and its use another program could take it; the start fails then.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
