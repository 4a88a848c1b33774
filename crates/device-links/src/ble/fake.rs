//! A Bluetooth adapter with one kind of device, in the hands of a test.

use std::{
    cell::{RefCell, RefMut},
    future::pending,
    rc::Rc,
    time::Duration,
};

use devices::Channel;
use futures_util::stream;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::{Instant, sleep},
};

use super::central::{Central, Characteristic, Device, DeviceAddress, Values, Why, Writing};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    Works,
    Takes(Duration),
    Fails(&'static str),
    Hangs,
}

impl Answer {
    async fn give(self) -> Result<(), Why> {
        match self {
            Self::Works => Ok(()),
            Self::Takes(time) => {
                sleep(time).await;
                Ok(())
            }
            Self::Fails(why) => Err(Why(why.into())),
            Self::Hangs => pending().await,
        }
    }
}

pub(super) struct World {
    /// What was asked of the adapter and its devices.
    pub(super) log: Vec<&'static str>,
    pub(super) near_from: Option<Instant>,
    pub(super) ready: Answer,
    pub(super) scan: Answer,
    pub(super) connect: Answer,
    pub(super) subscribe: Answer,
    pub(super) read: Result<Vec<u8>, Why>,
    pub(super) connected: bool,
    pub(super) bonded: bool,
    pub(super) has: Vec<Characteristic>,
    pub(super) written: Vec<(Writing, Vec<u8>)>,
    scanning: bool,
    connecting: bool,
    values: Option<UnboundedSender<(Channel, Vec<u8>)>>,
}

#[derive(Clone)]
pub(super) struct Fake(Rc<RefCell<World>>);

impl Fake {
    /// A device that is near, and in which everything works.
    pub(super) fn new() -> Self {
        Self(Rc::new(RefCell::new(World {
            log: Vec::new(),
            near_from: Some(Instant::now()),
            ready: Answer::Works,
            scan: Answer::Works,
            connect: Answer::Works,
            subscribe: Answer::Works,
            read: Ok(Vec::new()),
            connected: false,
            bonded: false,
            has: Vec::new(),
            written: Vec::new(),
            scanning: false,
            connecting: false,
            values: None,
        })))
    }

    pub(super) fn world(&self) -> RefMut<'_, World> {
        self.0.borrow_mut()
    }

    pub(super) fn log(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.world().log)
    }

    pub(super) fn push(&self, channel: Channel, value: &[u8]) {
        self.world().values.as_ref().unwrap().send((channel, value.to_vec())).unwrap();
    }

    fn note(&self, what: &'static str) {
        self.world().log.push(what);
    }
}

impl Central for Fake {
    type Device = Self;

    async fn ready(&self) -> Result<(), Why> {
        let answer = self.world().ready;
        answer.give().await
    }

    async fn start_scan(&self) -> Result<(), Why> {
        self.note("scan");
        let answer = self.world().scan;
        answer.give().await?;
        self.world().scanning = true;
        Ok(())
    }

    async fn stop_scan(&self) -> Result<(), Why> {
        self.note("stop scan");
        self.world().scanning = false;
        Ok(())
    }

    async fn is_near(&self, _device: DeviceAddress) -> Result<bool, Why> {
        let world = self.world();
        let heard = world.near_from.is_some_and(|from| from <= Instant::now());
        Ok(world.connected || world.scanning && heard)
    }

    async fn device(&self, _device: DeviceAddress) -> Result<Self, Why> {
        Ok(self.clone())
    }

    async fn is_bonded(&self, _device: DeviceAddress) -> Result<bool, Why> {
        Ok(self.world().bonded)
    }

    async fn forget(&self, _device: DeviceAddress) -> Result<(), Why> {
        self.note("forget");
        Ok(())
    }

    async fn power_cycle(&self) -> Result<(), Why> {
        self.note("power cycle");
        Ok(())
    }
}

impl Device for Fake {
    async fn connect(&self) -> Result<(), Why> {
        let answer = {
            let mut world = self.world();
            world.log.push("connect");
            assert!(!world.scanning, "a connection is made during a scan");
            assert!(!world.connecting, "two connections are made at a time");
            world.connecting = true;
            world.connect
        };
        let result = answer.give().await;
        self.world().connecting = false;
        result
    }

    async fn disconnect(&self) -> Result<(), Why> {
        let mut world = self.world();
        world.log.push("disconnect");
        world.connecting = false;
        Ok(())
    }

    async fn is_connected(&self) -> Result<bool, Why> {
        Ok(self.world().connected)
    }

    async fn characteristics(&self) -> Result<Vec<Characteristic>, Why> {
        Ok(self.world().has.clone())
    }

    async fn values(&self) -> Result<Values, Why> {
        let (sender, receiver) = unbounded_channel();
        self.world().values = Some(sender);
        let next =
            |mut receiver: UnboundedReceiver<_>| async { Some((receiver.recv().await?, receiver)) };
        Ok(Box::pin(stream::unfold(receiver, next)))
    }

    async fn subscribe(&self, _channel: Channel) -> Result<(), Why> {
        self.note("subscribe");
        let answer = self.world().subscribe;
        answer.give().await
    }

    async fn unsubscribe(&self, _channel: Channel) -> Result<(), Why> {
        self.note("unsubscribe");
        Err(Why("there was no subscription".into()))
    }

    async fn read(&self, _channel: Channel) -> Result<Vec<u8>, Why> {
        self.world().read.clone()
    }

    async fn write(&self, _channel: Channel, how: Writing, value: &[u8]) -> Result<(), Why> {
        self.world().written.push((how, value.to_vec()));
        Ok(())
    }
}
