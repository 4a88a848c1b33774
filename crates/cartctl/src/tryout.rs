//! `cartctl try`: whether the system reaches what a cart carries beside its measuring devices, and
//! what those say. A line of JSON for each thing that happens, until Ctrl-C.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    thread::sleep,
    time::Duration,
};

use anyhow::Context;
use clap::{Args, Subcommand};
use devices::{
    Affixes, Press, Scanned,
    catalogue::{PeripheralKind, UsbId, usb_of},
    power::{BatteryWatch, Power},
};
use peripherals::{
    badge::{self, BadgeEvent},
    exam_camera::{self, ExamCamera, Node},
    keys::{self, KeysConfig, KeysEvent, Role},
    power::{NutAddress, watch_nut, watch_upower},
};
use serde_json::{Value, json};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{mpsc, watch},
};

#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A barcode scanner, a badge reader that types, or with --buttons a pedal or a camera's button.
    Scanner(ScannerArguments),
    /// Badges on the PC/SC readers.
    Badge,
    /// Battery and mains, and from when the cart would warn.
    Power(PowerArguments),
    /// Otoscopes and other exam cameras: by what name each is known, and its pictures.
    ExamCameras(CameraArguments),
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.what {
        What::Scanner(arguments) => scanner(arguments),
        What::Badge => badge(),
        What::Power(arguments) => power(arguments),
        What::ExamCameras(arguments) => exam_cameras(arguments),
    }
}

#[derive(Args)]
struct ScannerArguments {
    /// Below /dev/input/by-id. Without it, the devices of the catalogue that are plugged in are listed.
    device: Option<PathBuf>,
    /// Tell keys that are pressed and let go: a pedal, or the button of a camera.
    #[arg(long)]
    buttons: bool,
    /// A USB device that is not in the catalogue, as 05e0:1200.
    #[arg(long, value_parser = usb_id)]
    allow: Vec<UsbId>,
    /// What the scanner sends before each text, and after it.
    #[arg(long, default_value = "")]
    prefix: String,
    #[arg(long, default_value = "")]
    suffix: String,
}

#[derive(Args)]
struct PowerArguments {
    /// The UPS at HOST:PORT of Network UPS Tools instead of UPower.
    #[arg(long)]
    nut: Option<String>,
    /// Which UPS, where there are several.
    #[arg(long, requires = "nut")]
    ups: Option<String>,
}

#[derive(Args)]
struct CameraArguments {
    /// Lock white balance and exposure of this camera until Enter is pressed.
    #[arg(long)]
    lock: Option<PathBuf>,
}

fn scanner(arguments: &ScannerArguments) -> anyhow::Result<ExitCode> {
    let kind = if arguments.buttons { PeripheralKind::Pedal } else { PeripheralKind::Wedge };
    let allowed: Vec<UsbId> = usb_of(kind).chain(arguments.allow.iter().copied()).collect();
    let Some(path) = arguments.device.clone() else {
        let found =
            keys::find(Path::new("/dev/input/by-id"), Path::new("/sys/class/input"), &allowed)?;
        return crate::print(&json!({ "devices": found }));
    };
    let affixes = Affixes { prefix: arguments.prefix.clone(), suffix: arguments.suffix.clone() };
    let role = if arguments.buttons { Role::Buttons } else { Role::Wedge(affixes) };
    runtime()?.block_on(async {
        let (events, mut told) = mpsc::channel(16);
        tokio::spawn(keys::watch(KeysConfig { path, allowed, role }, events));
        while let Some(event) = told.recv().await {
            crate::print(&keys_event(&event))?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn keys_event(event: &KeysEvent) -> Value {
    match event {
        KeysEvent::Up => json!({ "device": "ready" }),
        KeysEvent::Down => json!({ "device": "away" }),
        KeysEvent::Unusable(error) => json!({ "error": error.to_string() }),
        KeysEvent::Scanned(Scanned::Text(scan)) => json!({ "text": scan.text() }),
        KeysEvent::Scanned(Scanned::Discarded(why)) => json!({ "discarded": format!("{why:?}") }),
        KeysEvent::Press(Press::Pressed(code)) => json!({ "pressed": code }),
        KeysEvent::Press(Press::Released(code)) => json!({ "released": code }),
    }
}

fn usb_id(text: &str) -> Result<UsbId, String> {
    let number = |text| u16::from_str_radix(text, 16).ok();
    let id = text
        .split_once(':')
        .and_then(|(vendor, product)| Some(UsbId(number(vendor)?, number(product)?)));
    id.ok_or_else(|| format!("`{text}` is not two hexadecimal numbers such as 05e0:1200"))
}

fn badge() -> anyhow::Result<ExitCode> {
    let (events, told) = std::sync::mpsc::sync_channel(16);
    let _watch = badge::watch(move |event| drop(events.send(event)));
    for event in told {
        crate::print(&match event {
            BadgeEvent::ServiceAway(error) => {
                json!({ "error": format!("pcscd does not answer: {error}") })
            }
            BadgeEvent::ServiceBack => json!({ "pcscd": "answers" }),
            BadgeEvent::ReaderFound(name) => json!({ "reader": name }),
            BadgeEvent::ReaderGone(name) => json!({ "reader_gone": name }),
            BadgeEvent::Badge(uid) => json!({ "badge": uid.to_string() }),
            BadgeEvent::Unread(why) => {
                json!({ "unread": format!("{:#}", anyhow::Error::from(why)) })
            }
            BadgeEvent::Removed => json!({ "badge": null }),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn power(arguments: &PowerArguments) -> anyhow::Result<ExitCode> {
    runtime()?.block_on(async {
        let (power, mut shown) = watch::channel(Power::default());
        if let Some(host) = arguments.nut.clone() {
            tokio::spawn(watch_nut(NutAddress { host, ups: arguments.ups.clone() }, power));
        } else {
            let bus =
                zbus::Connection::system().await.context("the system's D-Bus does not answer")?;
            tokio::spawn(async move { watch_upower(&bus, &power).await });
        }
        let mut urgency = BatteryWatch::default();
        while shown.changed().await.is_ok() {
            let now = *shown.borrow_and_update();
            crate::print(&json!({
                "on_mains": now.on_mains, "charge_percent": now.charge,
                "seconds_left": now.left.map(|left| left.as_secs()),
                "battery": now.battery.map(|battery| format!("{battery:?}")),
                "says_low": now.says_low,
                "urgency": urgency.handle(&now).map(|urgency| format!("{urgency:?}")),
            }))?;
        }
        anyhow::bail!("the system's D-Bus is lost")
    })
}

fn exam_cameras(arguments: &CameraArguments) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.lock {
        let node =
            Node::open(path).with_context(|| format!("could not open {}", path.display()))?;
        let locked = exam_camera::lock(&node).context("the camera does not lock")?;
        crate::print(
            &json!({ "white_balance": locked.white_balance, "exposure": locked.exposure }),
        )?;
        std::io::stdin().read_line(&mut String::new())?;
        locked.unlock(&node).context("the camera does not unlock")?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut before: Option<Vec<ExamCamera>> = None;
    loop {
        let now = exam_camera::find(Path::new("/"))?;
        if before.as_ref() != Some(&now) {
            crate::print(&now.iter().map(camera).collect::<Vec<_>>())?;
            before = Some(now);
        }
        sleep(Duration::from_secs(1));
    }
}

fn camera(camera: &ExamCamera) -> Value {
    let pictures = exam_camera::pictures(&camera.node);
    let UsbId(vendor, product) = camera.usb;
    json!({
        "title": camera.title, "usb": format!("{vendor:04x}:{product:04x}"), "serial": camera.serial,
        "name": camera.stable(), "node": camera.node,
        "pictures": pictures.map_or_else(
            |error| json!(error.to_string()),
            |pictures| pictures.iter().map(ToString::to_string).collect(),
        ),
    })
}

fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("could not start")
}
