//! Our agent, whom the Bluetooth daemon asks when a device wants to be paired (BlueZ,
//! doc/org.bluez.Agent.rst). It agrees only while a technician is pairing that device.

use std::sync::Arc;

use futures_util::StreamExt as _;
use zbus::{
    Connection, DBusError,
    fdo::DBusProxy,
    interface,
    zvariant::{ObjectPath, OwnedObjectPath},
};

use super::bluez::SERVICE;

pub(super) const PATH: &str = "/org/bedside/agent";
const MANAGER: &str = "/org/bluez";
const MANAGER_INTERFACE: &str = "org.bluez.AgentManager1";
/// A technician's terminal shows and takes digits.
const CAPABILITY: &str = "KeyboardDisplay";

/// The person at the cart who pairs a device. May take as long as people take; the daemon gives up
/// after half a minute.
pub trait Technician: Send + Sync + 'static {
    /// The six digits that the device shows. `None`: it shows none, or the person gives up.
    fn passkey(&self) -> Option<u32>;
    /// Whether the device shows these six digits too.
    fn shows_too(&self, passkey: u32) -> bool;
    /// To be typed into the device.
    fn type_in(&self, passkey: u32);
}

#[derive(Debug, DBusError)]
#[zbus(prefix = "org.bluez.Error")]
pub(super) enum Refusal {
    #[zbus(error)]
    ZBus(zbus::Error),
    Rejected(String),
}

pub(super) struct Agent(Option<Pairing>);

/// The only device to agree with, and who speaks for it.
struct Pairing {
    device: OwnedObjectPath,
    technician: Arc<dyn Technician>,
}

impl Agent {
    /// Nobody pairs anything by it.
    pub(super) fn refusing() -> Self {
        Self(None)
    }

    pub(super) fn of(device: OwnedObjectPath, technician: Arc<dyn Technician>) -> Self {
        Self(Some(Pairing { device, technician }))
    }

    /// Until the bus is lost. The daemon forgets its agents when it starts again.
    pub(super) async fn keep(self, bus: &Connection) {
        if let Err(error) = self.keep_registered(bus).await {
            tracing::warn!(%error, "No Bluetooth agent: whatever else runs here may pair devices");
        }
    }

    async fn keep_registered(self, bus: &Connection) -> zbus::Result<()> {
        bus.object_server().at(PATH, self).await?;
        let names = DBusProxy::new(bus).await?;
        let mut owners = names.receive_name_owner_changed_with_args(&[(0, SERVICE)]).await?;
        loop {
            match register(bus).await {
                Ok(()) => as_default(bus).await?,
                // It will register when the daemon starts.
                Err(error) => tracing::debug!(%error, "The Bluetooth daemon takes no agent"),
            }
            loop {
                let Some(change) = owners.next().await else { return Ok(()) };
                if change.args()?.new_owner.is_some() {
                    break;
                }
            }
        }
    }

    fn technician(&self, device: &ObjectPath<'_>) -> Result<Arc<dyn Technician>, Refusal> {
        match &self.0 {
            Some(pairing) if pairing.device.as_str() == device.as_str() => {
                Ok(Arc::clone(&pairing.technician))
            }
            _ => {
                tracing::warn!(%device, "A device that nobody is pairing wants to be paired");
                Err(Refusal::Rejected("nobody is pairing this device".into()))
            }
        }
    }
}

/// Requests of this process are answered by this agent.
pub(super) async fn register(bus: &Connection) -> zbus::Result<()> {
    let agent = ObjectPath::try_from(PATH)?;
    tell_manager(bus, "RegisterAgent", &(agent, CAPABILITY)).await
}

/// Requests of devices, and of processes without an agent, too.
async fn as_default(bus: &Connection) -> zbus::Result<()> {
    tell_manager(bus, "RequestDefaultAgent", &ObjectPath::try_from(PATH)?).await
}

async fn tell_manager<B>(bus: &Connection, method: &str, body: &B) -> zbus::Result<()>
where
    B: serde::Serialize + zbus::zvariant::DynamicType,
{
    bus.call_method(Some(SERVICE), MANAGER, Some(MANAGER_INTERFACE), method, body).await?;
    Ok(())
}

fn unless<T>(answer: Option<T>) -> Result<T, Refusal> {
    answer.ok_or_else(|| Refusal::Rejected("the technician says no".into()))
}

/// Away from the thread that answers the bus, because a person answers.
async fn asked<T: Send + 'static>(
    question: impl FnOnce() -> Option<T> + Send + 'static,
) -> Result<T, Refusal> {
    unless(tokio::task::spawn_blocking(question).await.ok().flatten())
}

#[interface(name = "org.bluez.Agent1")]
impl Agent {
    fn release(&self) {}

    /// Of devices before Bluetooth 2.1; none of the catalogue is one.
    fn request_pin_code(&self, device: ObjectPath<'_>) -> Result<String, Refusal> {
        self.technician(&device)?;
        Err(Refusal::Rejected("no device with a PIN is supported".into()))
    }

    async fn request_passkey(&self, device: ObjectPath<'_>) -> Result<u32, Refusal> {
        let technician = self.technician(&device)?;
        asked(move || technician.passkey()).await
    }

    fn display_passkey(
        &self,
        device: ObjectPath<'_>,
        passkey: u32,
        entered: u16,
    ) -> Result<(), Refusal> {
        let technician = self.technician(&device)?;
        // The daemon tells again with each digit that is typed.
        if entered == 0 {
            technician.type_in(passkey);
        }
        Ok(())
    }

    async fn request_confirmation(
        &self,
        device: ObjectPath<'_>,
        passkey: u32,
    ) -> Result<(), Refusal> {
        let technician = self.technician(&device)?;
        asked(move || technician.shows_too(passkey).then_some(())).await
    }

    /// Of a device with neither digits nor keys. The technician named it by its address.
    fn request_authorization(&self, device: ObjectPath<'_>) -> Result<(), Refusal> {
        self.technician(&device).map(drop)
    }

    fn authorize_service(&self, device: ObjectPath<'_>, _uuid: &str) -> Result<(), Refusal> {
        self.technician(&device).map(drop)
    }

    fn cancel(&self) {}
}
