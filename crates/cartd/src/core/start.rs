//! Builds the core from the record, as it stood before a restart, and starts the devices.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use call::{CartCall, CartCallStage};
use cart_api::{DiskHealth, HubLink, OpenedBy};
use clinical::Entry;
use device_links::{LinkAddress, Login, supervise};
use devices::{
    catalogue::{self, Purpose},
    power::{BatteryWatch, Power},
};
use encounter::Visit;
use hub_api::CartToHub;
use tokio::sync::{mpsc, watch};
use vault::{CartVault, StoredEntry, VaultError};

use super::{
    Audit, Camera, Core, Devices, Disk, FromDevice, Notices, Outgoing, PinChecked, Session,
    ShownVisit, measuring::OneDevice, situation::Situation, tray, watching::Watching,
};
use crate::{
    clock,
    config::{Config, DeviceConfig},
    hub::{HubStatus, Wake},
    kiosk::StateFrame,
    technician::Tap,
    vaulting::blocking,
};

/// What the core works with: the ways out, and those on which its own hands report back.
pub struct Hands {
    pub state: watch::Sender<StateFrame>,
    pub status: watch::Sender<HubStatus>,
    pub to_hub: mpsc::Sender<CartToHub>,
    pub wake: Arc<Wake>,
    pub devices: mpsc::Sender<FromDevice>,
    pub tap: Tap,
    pub pins: mpsc::Sender<PinChecked>,
    /// What the technician is told of the disk.
    pub disk: watch::Sender<Option<DiskHealth>>,
}

pub async fn start(
    config: &Config,
    vault: CartVault,
    opened_by: OpenedBy,
    hands: Hands,
) -> anyhow::Result<Core> {
    let now = clock::now();
    let record = vault.clone();
    let kept = blocking(move || Kept::read(&record)).await.context("could not read the record")?;
    let (devices, camera) = start_devices(&config.devices, &hands)?;
    let idle_lock = Duration::from_secs(config.idle_lock_s.into());
    let mut session = Session::new(kept.nurses, idle_lock, hands.pins)?;
    let (session_before, limits, stage) = match kept.situation {
        Some(situation) => (situation.session.clone(), situation.limits.clone(), situation.stage()),
        None => (None, None, CartCallStage::None),
    };
    if let Some(before) = session_before {
        session.resume(before, now);
    }
    let latest: Vec<Entry> =
        kept.latest.iter().map(|stored| stored.sealed.entry().clone()).collect();
    let visit = Visit::resume(&latest, config.devices.iter().map(|one| one.id.clone()).collect());
    let shown = ShownVisit::of(&kept.latest);
    let watching = Watching::resume(shown.as_ref(), limits);
    let audit = Audit::resume(&stage);
    let mut core = Core {
        cart: config.name.clone(),
        vault,
        session,
        visit,
        shown,
        watching,
        devices,
        camera,
        camera_held_by: None,
        camera_is_parked: false,
        call: CartCall::resume(stage, now),
        hub: HubLink::Away { since: now },
        worklist: kept.worklist,
        sync: kept.sync,
        power: Power::default(),
        battery: BatteryWatch::default(),
        disk: Disk::new(config.keeping(), hands.disk),
        opened_by,
        notices: Notices::default(),
        tray: kept.tray,
        kept_situation: String::new(),
        outgoing: Outgoing::new(hands.state, hands.status, hands.to_hub),
        wake: hands.wake,
        audit,
    };
    // Before anything is saved, and before a kiosk is shown what there is room for.
    core.space_tick().await;
    core.tell_start();
    // A kiosk that connects first is told the state, and so is the hub.
    core.tell_everybody().await;
    Ok(core)
}

/// What the record says of the time before.
struct Kept {
    nurses: Vec<cart_api::Nurse>,
    situation: Option<Situation>,
    latest: Vec<StoredEntry>,
    worklist: Option<vault::Worklist>,
    sync: cart_api::Sync,
    tray: cart_api::Tray,
}

impl Kept {
    fn read(vault: &CartVault) -> Result<Self, VaultError> {
        let latest = match vault.latest_encounter()? {
            Some(encounter) => vault.entries_of(encounter)?,
            None => Vec::new(),
        };
        Ok(Self {
            nurses: vault.nurses()?,
            situation: vault.situation()?.as_deref().and_then(Situation::read),
            latest,
            worklist: worklist(vault)?,
            sync: vault.sync()?,
            tray: tray::read(vault)?,
        })
    }
}

/// One of another form is told anew by the hub.
fn worklist(vault: &CartVault) -> Result<Option<vault::Worklist>, VaultError> {
    match vault.worklist() {
        Err(VaultError::Damaged { .. }) => Ok(None),
        read => read,
    }
}

fn start_devices(
    configured: &[DeviceConfig],
    hands: &Hands,
) -> anyhow::Result<(Devices, Option<Camera>)> {
    let devices = configured
        .iter()
        .map(|one| start_device(one, hands.devices.clone(), hands.tap.clone()))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let camera = devices.iter().find(|device| device.kind.purpose == Purpose::RoomCamera);
    let camera = camera.map(|device| Camera::new(Arc::clone(&device.handle)));
    Ok((Devices::new(devices), camera))
}

fn start_device(
    configured: &DeviceConfig,
    events: mpsc::Sender<FromDevice>,
    tap: Tap,
) -> anyhow::Result<OneDevice> {
    let DeviceConfig { id, driver, link, login } = configured.clone();
    let kind = catalogue::find(&driver)
        .ok_or_else(|| anyhow!("device `{id}`: there is no driver `{driver}`; {}", drivers()))?;
    let mut address: LinkAddress =
        link.parse().with_context(|| format!("device `{id}`: its link"))?;
    if let Some(file) = login {
        let what = || format!("device `{id}`: its login {}", file.display());
        let login = Login::from_file(&file).with_context(what)?;
        address = address.with_login(login).with_context(what)?;
    }
    let device = id.clone();
    let tell = move |event| {
        let at = clock::now();
        tap.saw(&device, at, &event);
        let message = FromDevice { device: device.clone(), at, event };
        // Waits only when the core is hundreds of reports behind: a reading is not dropped.
        if events.blocking_send(message).is_err() {
            tracing::debug!(%device, "The core ended before its device");
        }
    };
    let handle = supervise(id.clone(), address, kind, clock::with_wall, tell);
    Ok(OneDevice::new(id, kind, Arc::new(handle)))
}

fn drivers() -> String {
    let names: Vec<_> = catalogue::DEVICES.iter().map(|device| device.id).collect();
    format!("there are {}", names.join(", "))
}
