//! The Bluetooth daemon, org.bluez on the system bus (BlueZ, doc/org.bluez.Adapter.rst and
//! doc/org.bluez.Device.rst): what btleplug does not offer.

use std::{collections::HashMap, time::Duration};

use tokio::time::sleep;
use zbus::{
    Connection,
    connection::Builder,
    fdo::{ManagedObjects, ObjectManagerProxy, PropertiesProxy},
    names::InterfaceName,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use super::central::DeviceAddress;

pub(super) const SERVICE: &str = "org.bluez";
pub(super) const ADAPTER: &str = "org.bluez.Adapter1";
pub(super) const DEVICE: &str = "org.bluez.Device1";
const ROOT: &str = "/org/bluez";

/// A pairing waits for a person to read and type six digits; the daemon gives up after 30 s.
const ANSWER: Duration = Duration::from_secs(60);
/// For a controller that hangs to lose its power.
const OFF: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(super) struct Bluez {
    pub(super) bus: Connection,
}

/// What the daemon knows of a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Heard in the scan that runs: only then has it a signal strength.
    pub(super) heard: bool,
    pub(super) connected: bool,
    pub(super) bonded: bool,
    pub(super) name: Option<String>,
    /// Written with dashes.
    pub(super) services: Vec<String>,
}

impl Bluez {
    pub(super) async fn connect() -> zbus::Result<Self> {
        Ok(Self { bus: Builder::system()?.method_timeout(ANSWER).build().await? })
    }

    async fn objects(&self) -> zbus::Result<ManagedObjects> {
        let manager = ObjectManagerProxy::new(&self.bus, SERVICE, "/").await?;
        Ok(manager.get_managed_objects().await?)
    }

    /// By number.
    pub(super) async fn adapters(&self) -> zbus::Result<Vec<String>> {
        let objects = self.objects().await?;
        let is_adapter = |path: &&OwnedObjectPath| objects[*path].contains_key(ADAPTER);
        let name = |path: &OwnedObjectPath| path.rsplit('/').next().map(str::to_owned);
        let mut names: Vec<String> = objects.keys().filter(is_adapter).filter_map(name).collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        Ok(names)
    }

    pub(super) async fn is_powered(&self, adapter: &str) -> zbus::Result<bool> {
        let properties = self.properties(&format!("{ROOT}/{adapter}"), ADAPTER).await?;
        Ok(flag(&properties, "Powered"))
    }

    pub(super) async fn set_powered(&self, adapter: &str, on: bool) -> zbus::Result<()> {
        self.set(&format!("{ROOT}/{adapter}"), ADAPTER, "Powered", on).await
    }

    pub(super) async fn power_cycle(&self, adapter: &str) -> zbus::Result<()> {
        self.set_powered(adapter, false).await?;
        sleep(OFF).await;
        self.set_powered(adapter, true).await
    }

    /// `None`: it was never heard of, or is forgotten.
    pub(super) async fn known(
        &self,
        adapter: &str,
        device: DeviceAddress,
    ) -> zbus::Result<Option<Known>> {
        match self.properties(&device_path(adapter, device), DEVICE).await {
            Ok(properties) => Ok(Some(known(&properties))),
            Err(error) if is_unknown(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All devices heard in the scan that runs.
    pub(super) async fn heard(&self, adapter: &str) -> zbus::Result<Vec<(DeviceAddress, Known)>> {
        let prefix = format!("{ROOT}/{adapter}/dev_");
        let of = |(path, mut interfaces): (OwnedObjectPath, HashMap<_, _>)| {
            let device = address(path.strip_prefix(&prefix)?)?;
            let properties = interfaces.remove(DEVICE)?;
            Some((device, known(&properties))).filter(|(_, known)| known.heard)
        };
        let objects = self.objects().await?.into_iter();
        let own = |(path, interfaces): (_, HashMap<zbus::names::OwnedInterfaceName, _>)| {
            let named = interfaces.into_iter().map(|(name, has)| (name.to_string(), has));
            (path, named.collect())
        };
        Ok(objects.map(own).filter_map(of).collect())
    }

    pub(super) async fn start_scan(&self, adapter: &str) -> zbus::Result<()> {
        self.call(&format!("{ROOT}/{adapter}"), ADAPTER, "StartDiscovery").await
    }

    pub(super) async fn stop_scan(&self, adapter: &str) -> zbus::Result<()> {
        self.call(&format!("{ROOT}/{adapter}"), ADAPTER, "StopDiscovery").await
    }

    pub(super) async fn forget(&self, adapter: &str, device: DeviceAddress) -> zbus::Result<()> {
        let path = OwnedObjectPath::try_from(device_path(adapter, device))?;
        let adapter = format!("{ROOT}/{adapter}");
        let method = "RemoveDevice";
        self.bus.call_method(Some(SERVICE), adapter, Some(ADAPTER), method, &path).await?;
        Ok(())
    }

    pub(super) async fn pair(&self, adapter: &str, device: DeviceAddress) -> zbus::Result<()> {
        self.call(&device_path(adapter, device), DEVICE, "Pair").await
    }

    pub(super) async fn trust(&self, adapter: &str, device: DeviceAddress) -> zbus::Result<()> {
        self.set(&device_path(adapter, device), DEVICE, "Trusted", true).await
    }

    async fn call(&self, path: &str, interface: &str, method: &str) -> zbus::Result<()> {
        self.bus.call_method(Some(SERVICE), path, Some(interface), method, &()).await?;
        Ok(())
    }

    async fn properties(&self, path: &str, interface: &str) -> zbus::Result<Properties> {
        let proxy = self.of(path).await?;
        Ok(proxy.get_all(InterfaceName::try_from(interface)?).await?)
    }

    async fn set(&self, path: &str, interface: &str, name: &str, to: bool) -> zbus::Result<()> {
        let proxy = self.of(path).await?;
        Ok(proxy.set(InterfaceName::try_from(interface)?, name, Value::from(to)).await?)
    }

    async fn of(&self, path: &str) -> zbus::Result<PropertiesProxy<'static>> {
        let path = OwnedObjectPath::try_from(path)?;
        PropertiesProxy::builder(&self.bus).destination(SERVICE)?.path(path)?.build().await
    }
}

pub(super) fn device_path(adapter: &str, device: DeviceAddress) -> String {
    let bytes = device.map(|byte| format!("{byte:02X}"));
    format!("{ROOT}/{adapter}/dev_{}", bytes.join("_"))
}

/// What [`device_path`] wrote behind `dev_`; a path of something within a device is longer.
fn address(text: &str) -> Option<DeviceAddress> {
    let text = text.replace('_', ":");
    text.parse().ok().map(|address: crate::address::BleAddress| address.device)
}

type Properties = HashMap<String, OwnedValue>;

fn flag(properties: &Properties, name: &str) -> bool {
    properties.get(name).and_then(|value| bool::try_from(value).ok()).unwrap_or_default()
}

fn known(properties: &Properties) -> Known {
    let services = properties.get("UUIDs").and_then(|value| value.try_clone().ok());
    let name = properties.get("Name").and_then(|value| value.try_clone().ok());
    Known {
        heard: properties.contains_key("RSSI"),
        connected: flag(properties, "Connected"),
        // `Bonded` came with BlueZ 5.65; before, what was paired was bonded.
        bonded: flag(
            properties,
            if properties.contains_key("Bonded") { "Bonded" } else { "Paired" },
        ),
        name: name.and_then(|name| String::try_from(name).ok()),
        services: services.and_then(|list| Vec::try_from(list).ok()).unwrap_or_default(),
    }
}

fn is_unknown(error: &zbus::Error) -> bool {
    let name = match error {
        zbus::Error::MethodError(name, ..) => name.as_str(),
        zbus::Error::FDO(error) => return is_unknown_object(error),
        _ => return false,
    };
    ["UnknownObject", "UnknownMethod", "UnknownInterface"].iter().any(|kind| name.ends_with(kind))
}

fn is_unknown_object(error: &zbus::fdo::Error) -> bool {
    use zbus::fdo::Error;
    matches!(error, Error::UnknownObject(_) | Error::UnknownMethod(_) | Error::UnknownInterface(_))
}
