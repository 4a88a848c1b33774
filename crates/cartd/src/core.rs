//! The one task that owns all state of the cart: takes what happens in order, saves, then shows.
//!
//! Its files are its parts: `visit` and `shown` (encounter and record), `measuring` (devices), `watching`
//! (limits), `heard` (a sound that is kept), `calling` (call and hub), `session` (who is signed in), `space` (the disk), `protection` (how the
//! record is locked), `commands` (what a kiosk may ask), `view` (what it is shown), `audit` (who did what).
//! It waits for the disk and for nothing else; sockets, devices and hub are hands that report to it.

mod audit;
mod calling;
mod camera;
mod commands;
mod heard;
mod measuring;
mod notices;
mod outgoing;
mod power;
mod protection;
mod session;
mod shown;
mod situation;
mod space;
mod start;
mod tray;
mod view;
mod visit;
mod watching;

use std::{
    error::Error,
    sync::{Arc, Weak},
    time::Duration,
};

use call::CartCall;
use cart_api::{HubLink, OpenedBy, Refusal, Sync, Tray};
use clinical::{DeviceId, EntryId};
use device_links::DeviceHandle;
use devices::power::{BatteryWatch, Power};
use encounter::Visit;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{MissedTickBehavior, interval},
};
use vault::{CartVault, VaultError, Worklist};

use crate::{
    hub::{FromHub, HubStatus, Sent, Wake},
    kiosk::{ClientId, FromKiosk},
    systemd::Systemd,
};

use audit::Audit;
use camera::Camera;
use measuring::{Devices, FromDevice};
use notices::Notices;
use outgoing::Outgoing;
use session::{PinChecked, Session};
use shown::ShownVisit;
use space::Disk;
use watching::Watching;

pub use space::Keeping;
pub use start::{Hands, start};

/// Idle time, ringing and pauses are told in seconds: a quarter is precise enough for all of them.
const TICK: Duration = Duration::from_millis(250);

/// The end of a command: an entry that was saved by it, or why it was not carried out.
type Answer = Result<Option<EntryId>, Refusal>;

pub struct Core {
    cart: String,
    vault: CartVault,
    session: Session,
    /// Decides; [`ShownVisit`] follows it after each commit.
    visit: Visit,
    shown: Option<ShownVisit>,
    /// The vital signs of the patient against the limits.
    watching: Watching,
    devices: Devices,
    camera: Option<Camera>,
    /// Whose button it is: when this kiosk's connection ends, the camera stops.
    camera_held_by: Option<ClientId>,
    /// It was turned away from the room and is not used since.
    camera_is_parked: bool,
    call: CartCall,
    hub: HubLink,
    worklist: Option<Worklist>,
    sync: Sync,
    /// What the cart runs on.
    power: Power,
    battery: BatteryWatch,
    /// Under the record.
    disk: Disk,
    /// The record, at this start.
    opened_by: OpenedBy,
    notices: Notices,
    /// As the kiosk is shown it, read again after every change.
    tray: Tray,
    /// As the vault has it, so that only changes are written.
    kept_situation: String,
    outgoing: Outgoing,
    wake: Arc<Wake>,
    audit: Audit,
}

/// What happens, by where it comes from. Each is bounded: who is too fast waits.
pub struct Inputs {
    pub kiosk: mpsc::Receiver<FromKiosk>,
    pub devices: mpsc::Receiver<FromDevice>,
    pub hub: mpsc::Receiver<FromHub>,
    pub sent: mpsc::Receiver<Sent>,
    pub pins: mpsc::Receiver<PinChecked>,
    pub power: watch::Receiver<Power>,
}

impl Core {
    /// Until `stop`. What was taken before is finished; nothing is half saved at any time.
    pub async fn run(
        mut self,
        mut inputs: Inputs,
        mut stop: oneshot::Receiver<()>,
        mut systemd: Systemd,
    ) {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = &mut stop => return,
                _ = tick.tick() => {
                    self.tick().await;
                    systemd.alive();
                }
                Some(message) = inputs.kiosk.recv() => self.kiosk_said(message).await,
                Some(event) = inputs.devices.recv() => self.device_said(event).await,
                Some(message) = inputs.hub.recv() => self.hub_said(message).await,
                Some(sent) = inputs.sent.recv() => self.sent(sent).await,
                Some(checked) = inputs.pins.recv() => self.pin_checked(checked).await,
                Ok(()) = inputs.power.changed() => {
                    self.power_changed(*inputs.power.borrow_and_update());
                }
            }
            self.tell_everybody().await;
        }
    }

    pub fn device_handles(&self) -> Vec<(DeviceId, Weak<DeviceHandle>)> {
        self.devices.handles()
    }

    /// What a restart takes up again is kept first: a call that was shown as answered is one after it.
    async fn tell_everybody(&mut self) {
        self.keep_situation().await;
        self.tell_status();
        let state = self.state();
        self.outgoing.flush(state);
    }

    async fn kiosk_said(&mut self, message: FromKiosk) {
        match message {
            FromKiosk::Joined { client, answers } => self.outgoing.joined(client, answers),
            FromKiosk::Left { client } => {
                self.outgoing.left(client);
                if self.camera_held_by == Some(client) {
                    self.camera_is_left();
                }
            }
            FromKiosk::Asked { client, request, blob } => self.asked(client, request, blob).await,
        }
    }

    async fn tick(&mut self) {
        self.call_tick();
        self.session_tick().await;
        self.space_tick().await;
        self.audit_tick().await;
    }

    fn status(&self) -> HubStatus {
        HubStatus {
            encounter: self.shown.as_ref().map(ShownVisit::summary),
            call: self.call.current(),
        }
    }

    fn tell_status(&mut self) {
        let status = self.status();
        if self.outgoing.status(status.clone()) && self.hub == HubLink::Connected {
            self.outgoing.to_hub(status.message());
        }
        self.tell_monitoring();
    }

    /// For what can be done without: the nurse is not told.
    fn vault_failed(&self, attempt: &str, error: &VaultError) {
        tracing::error!(attempt, error = error as &dyn Error, "The vault failed");
    }
}
