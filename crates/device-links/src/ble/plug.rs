//! An adapter by btleplug, and by [`Bluez`] where btleplug offers nothing.

use btleplug::{
    api::{
        Central as _, CharPropFlags, Characteristic as Listed, Manager as _, Peripheral as _,
        ScanFilter, WriteType,
    },
    platform,
};
use devices::{Channel, Uuid};
use futures_util::StreamExt as _;

use super::{
    bluez::Bluez,
    central::{Central, Characteristic, Device, DeviceAddress, Values, Why, Writing},
};

pub(super) struct Plug {
    bluez: Bluez,
    /// Such as `hci0`.
    name: String,
    adapter: platform::Adapter,
}

impl Plug {
    pub(super) async fn find(bluez: Bluez, name: String) -> Result<Self, Why> {
        let manager = platform::Manager::new().await.map_err(Why::of)?;
        for adapter in manager.adapters().await.map_err(Why::of)? {
            // `hci0 (usb:v1D6Bp0246d0542)`
            let info = adapter.adapter_info().await.map_err(Why::of)?;
            if info.split(' ').next() == Some(name.as_str()) {
                return Ok(Self { bluez, name, adapter });
            }
        }
        Err(Why(format!("there is no Bluetooth adapter {name}")))
    }
}

impl Central for Plug {
    type Device = Peripheral;

    async fn ready(&self) -> Result<(), Why> {
        if self.bluez.is_powered(&self.name).await.map_err(Why::of)? {
            return Ok(());
        }
        let on = self.bluez.set_powered(&self.name, true).await;
        on.map_err(|error| Why(format!("the adapter {} cannot be switched on: {error}", self.name)))
    }

    async fn start_scan(&self) -> Result<(), Why> {
        self.adapter.start_scan(ScanFilter::default()).await.map_err(Why::of)
    }

    async fn stop_scan(&self) -> Result<(), Why> {
        self.adapter.stop_scan().await.map_err(Why::of)
    }

    async fn is_near(&self, device: DeviceAddress) -> Result<bool, Why> {
        let known = self.bluez.known(&self.name, device).await.map_err(Why::of)?;
        Ok(known.is_some_and(|known| known.heard || known.connected))
    }

    async fn device(&self, device: DeviceAddress) -> Result<Peripheral, Why> {
        let all = self.adapter.peripherals().await.map_err(Why::of)?;
        let found = all.into_iter().find(|one| one.address().into_inner() == device);
        found.map(Peripheral).ok_or_else(|| Why::of("the device is forgotten"))
    }

    async fn is_bonded(&self, device: DeviceAddress) -> Result<bool, Why> {
        let known = self.bluez.known(&self.name, device).await.map_err(Why::of)?;
        Ok(known.is_some_and(|known| known.bonded))
    }

    async fn forget(&self, device: DeviceAddress) -> Result<(), Why> {
        self.bluez.forget(&self.name, device).await.map_err(Why::of)
    }

    async fn power_cycle(&self) -> Result<(), Why> {
        self.bluez.power_cycle(&self.name).await.map_err(Why::of)
    }
}

pub(super) struct Peripheral(platform::Peripheral);

impl Peripheral {
    fn listed(&self, channel: Channel) -> Result<Listed, Why> {
        let mut all = self.0.characteristics().into_iter();
        let found = all.find(|one| of(one.service_uuid.as_u128(), one.uuid.as_u128()) == channel);
        found.ok_or_else(|| Why::of("the device has no such characteristic"))
    }
}

impl Device for Peripheral {
    async fn connect(&self) -> Result<(), Why> {
        self.0.connect().await.map_err(Why::of)
    }

    async fn disconnect(&self) -> Result<(), Why> {
        self.0.disconnect().await.map_err(Why::of)
    }

    async fn is_connected(&self) -> Result<bool, Why> {
        self.0.is_connected().await.map_err(Why::of)
    }

    async fn characteristics(&self) -> Result<Vec<Characteristic>, Why> {
        self.0.discover_services().await.map_err(Why::of)?;
        Ok(self.0.characteristics().iter().map(characteristic).collect())
    }

    async fn values(&self) -> Result<Values, Why> {
        let values = self.0.notifications().await.map_err(Why::of)?;
        let own = values
            .map(|value| (of(value.service_uuid.as_u128(), value.uuid.as_u128()), value.value));
        Ok(Box::pin(own))
    }

    async fn subscribe(&self, channel: Channel) -> Result<(), Why> {
        self.0.subscribe(&self.listed(channel)?).await.map_err(Why::of)
    }

    async fn unsubscribe(&self, channel: Channel) -> Result<(), Why> {
        self.0.unsubscribe(&self.listed(channel)?).await.map_err(Why::of)
    }

    async fn read(&self, channel: Channel) -> Result<Vec<u8>, Why> {
        self.0.read(&self.listed(channel)?).await.map_err(Why::of)
    }

    async fn write(&self, channel: Channel, how: Writing, value: &[u8]) -> Result<(), Why> {
        let how = match how {
            Writing::Answered => WriteType::WithResponse,
            Writing::Unanswered => WriteType::WithoutResponse,
        };
        self.0.write(&self.listed(channel)?, value, how).await.map_err(Why::of)
    }
}

fn of(service: u128, characteristic: u128) -> Channel {
    Channel::Gatt { service: Uuid::new(service), characteristic: Uuid::new(characteristic) }
}

fn characteristic(listed: &Listed) -> Characteristic {
    let properties = listed.properties;
    Characteristic {
        channel: of(listed.service_uuid.as_u128(), listed.uuid.as_u128()),
        writing: if properties.contains(CharPropFlags::WRITE) {
            Some(Writing::Answered)
        } else {
            properties
                .contains(CharPropFlags::WRITE_WITHOUT_RESPONSE)
                .then_some(Writing::Unanswered)
        },
        pushes: properties.intersects(CharPropFlags::NOTIFY | CharPropFlags::INDICATE),
    }
}
