//! Debian's Firefox, driven by WebDriver BiDi on its own port.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{bidi::Bidi, loudspeaker::Loudspeaker};
use crate::{
    place,
    process::Process,
    wait::{seconds, until},
};

/// Everything else is as a physician has it, apart from what Firefox sets by itself while it is driven.
const PREFERENCES: &[(&str, &str)] = &[
    // A camera and a microphone that Firefox makes itself, and nobody who would have to allow them.
    ("media.navigator.streams.fake", "true"),
    ("media.navigator.permission.disabled", "true"),
    // Before a page may use the camera Firefox gives its addresses as names that only mDNS resolves, and here is none.
    ("media.peerconnection.ice.obfuscate_host_addresses", "false"),
    // A machine of tests may have no network at all but the loopback.
    ("media.peerconnection.ice.loopback", "true"),
    // Pages of tests that nobody touches make sound, too.
    ("media.autoplay.default", "0"),
    // H.264 is a plugin that Firefox downloads. Tests must not depend on whether it could: here it never can.
    ("media.gmp-manager.updateEnabled", "false"),
    ("media.gmp-gmpopenh264.enabled", "false"),
    // Nothing that reaches for the network by its own.
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
    ("app.normandy.enabled", "false"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
];

pub(super) struct Firefox {
    line: Bidi,
    context: String,
    // Dropped in this order: Firefox before what it plays on.
    process: Process,
    _loudspeaker: Loudspeaker,
}

impl Firefox {
    /// One Firefox with an empty profile in `folder`.
    pub(super) async fn start(folder: &Path) -> Result<Self> {
        let loudspeaker = Loudspeaker::start(folder).await?;
        let home = folder.join("firefox");
        place::private(&home)?;
        let lines =
            PREFERENCES.iter().map(|(name, value)| format!("user_pref({name:?}, {value});\n"));
        fs::write(home.join("user.js"), lines.collect::<String>())?;
        let mut command = Command::new("firefox-esr");
        command.args(["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile"]);
        command.arg(&home).arg("about:blank");
        command.env("HOME", &home).env("XDG_RUNTIME_DIR", &loudspeaker.runtime);
        command.env("MOZ_HEADLESS_WIDTH", "1280").env("MOZ_HEADLESS_HEIGHT", "943");
        command.env("MOZ_CRASHREPORTER_DISABLE", "1");
        for other in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER"] {
            command.env_remove(other);
        }
        let mut process = Process::start("firefox", &mut command, folder)?;
        let address = until("Firefox starts", seconds(60), || {
            let (ended, log) = (process.ended(), process.log());
            async move {
                ensure!(ended.is_none(), "{}", ended.unwrap_or_default());
                Ok(log.lines().rev().find_map(listening))
            }
        });
        let line = Bidi::connect(&format!("{}/session", address.await?)).await?;
        line.command("session.new", json!({ "capabilities": {} })).await?;
        let tree = line.command("browsingContext.getTree", json!({})).await?;
        let context = tree["contexts"][0]["context"].as_str().context("Firefox has no tab")?;
        let context = context.to_owned();
        Ok(Self { line, context, process, _loudspeaker: loudspeaker })
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid()
    }

    pub(super) async fn open(&self, address: &str) -> Result<()> {
        let to = json!({ "context": self.context, "url": address, "wait": "complete" });
        self.line.command("browsingContext.navigate", to).await.map(drop)
    }

    /// Whether it could be pressed: it may not be there yet, or something may lie over it.
    pub(super) async fn press(&self, selector: &str) -> Result<bool> {
        let Some((x, y)) = self.middle(selector).await? else { return Ok(false) };
        self.point(json!([at(x, y), down(), up()])).await?;
        Ok(true)
    }

    pub(super) async fn write(&self, selector: &str, text: &str) -> Result<()> {
        until("it can be written into", seconds(10), || async {
            Ok(self.press(selector).await?.then_some(()))
        })
        .await?;
        self.type_keys(text).await
    }

    pub(super) async fn key(&self, key: char) -> Result<()> {
        self.type_keys(&key.to_string()).await
    }

    /// `None`: it is not there.
    pub(super) async fn text(&self, selector: &str) -> Result<Option<String>> {
        let text = format!("return document.querySelector({selector:?})?.innerText ?? null;");
        Ok(self.run(&text).await?.as_str().map(str::to_owned))
    }

    pub(super) async fn is_there(&self, selector: &str) -> Result<bool> {
        let script = format!("return document.querySelector({selector:?}) !== null;");
        Ok(self.run(&script).await? == true)
    }

    pub(super) async fn run(&self, script: &str) -> Result<Value> {
        let expression = format!(
            "(async () => {{ {script} }})()
                 .then((found) => found ?? null, (error) => 'error: ' + error).then(JSON.stringify)"
        );
        let target = json!({ "context": self.context });
        let question = json!({ "expression": expression, "target": target, "awaitPromise": true });
        let answer = self.line.command("script.evaluate", question).await?;
        let found = answer["result"]["value"].as_str();
        let found = found.with_context(|| format!("the script gave {answer}"))?;
        Ok(serde_json::from_str(found)?)
    }

    pub(super) async fn hold(&self, selector: &str, duration: Duration) -> Result<()> {
        let (x, y) = self.middle(selector).await?.context("it cannot be held")?;
        let pause = json!({ "type": "pause", "duration": duration.as_millis() as u64 });
        self.point(json!([at(x, y), down(), pause, up()])).await
    }

    pub(super) async fn drag(&self, selector: &str, by: (i64, i64)) -> Result<()> {
        let (x, y) = self.middle(selector).await?.context("nothing can be drawn on it")?;
        let (half, whole) = (at(x + by.0 / 2, y + by.1 / 2), at(x + by.0, y + by.1));
        self.point(json!([at(x, y), down(), half, whole, up()])).await
    }

    /// As PNG.
    pub(super) async fn picture(&self) -> Result<Vec<u8>> {
        let of = json!({ "context": self.context });
        let picture = self.line.command("browsingContext.captureScreenshot", of).await?;
        Ok(STANDARD.decode(picture["data"].as_str().context("a picture is a text")?)?)
    }

    pub(super) async fn close(self) -> Result<()> {
        self.line.command("browser.close", json!({})).await.map(drop)
    }

    /// Where a finger meets it; `None` where it is not, is disabled, or lies under something else.
    async fn middle(&self, selector: &str) -> Result<Option<(i64, i64)>> {
        let script = format!(
            "const element = document.querySelector({selector:?});
             if (!element || element.disabled) return null;
             element.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});
             const {{ left, top, width, height }} = element.getBoundingClientRect();
             const [x, y] = [Math.floor(left + width / 2), Math.floor(top + height / 2)];
             return element.contains(document.elementFromPoint(x, y)) ? [x, y] : null;"
        );
        let found = self.run(&script).await?;
        Ok(found[0].as_i64().zip(found[1].as_i64()))
    }

    async fn point(&self, actions: Value) -> Result<()> {
        self.act(json!({ "type": "pointer", "id": "finger", "actions": actions })).await
    }

    async fn type_keys(&self, text: &str) -> Result<()> {
        let press = |key: char| {
            let key = key.to_string();
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        };
        let actions: Vec<Value> = text.chars().flat_map(press).collect();
        self.act(json!({ "type": "key", "id": "keyboard", "actions": actions })).await
    }

    async fn act(&self, source: Value) -> Result<()> {
        let actions = json!({ "context": self.context, "actions": [source] });
        self.line.command("input.performActions", actions).await.map(drop)
    }
}

fn down() -> Value {
    json!({ "type": "pointerDown", "button": 0 })
}

fn up() -> Value {
    json!({ "type": "pointerUp", "button": 0 })
}

fn at(x: i64, y: i64) -> Value {
    json!({ "type": "pointerMove", "x": x, "y": y })
}

/// From what Firefox prints when it can be driven.
fn listening(line: &str) -> Option<String> {
    Some(line.split_once("WebDriver BiDi listening on ")?.1.trim().to_owned())
}
