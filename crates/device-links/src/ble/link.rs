//! One open link by Bluetooth: what the driver asks for goes to the device, what the device pushes
//! to the driver.

use std::{collections::HashMap, time::Duration};

use devices::Channel;
use futures_util::StreamExt as _;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{
    adapter::{Adapter, within},
    central::{Central, Characteristic, Device, DeviceAddress, Why},
    error::{RadioError, Step},
    message::Told,
    wire::{Gone, Wire},
};
use crate::att::Want;

/// Of a characteristic's subscription; reading and writing are as quick.
const REQUEST: Duration = Duration::from_secs(10);
/// The services are known when the connection is; this asks what they are.
const DISCOVER: Duration = Duration::from_secs(10);
/// Some disconnections are never told.
const ALIVE: Duration = Duration::from_secs(1);

/// From looking for the device to the end of the link, which is told to the other side.
pub(super) async fn run<C: Central>(adapter: &Adapter<C>, device: DeviceAddress, wire: &Wire) {
    let ended = match serve(adapter, device, wire).await {
        Ok(never) => match never {},
        Err(ended) => ended,
    };
    let told = match ended {
        RadioError::Closed => return,
        RadioError::NotInRange => Told::NotInRange,
        other => Told::Over(other.to_string()),
    };
    // Whoever is gone needs no reason.
    let (Ok(()) | Err(Gone)) = wire.tell(&told).await;
}

async fn serve<C: Central>(
    adapter: &Adapter<C>,
    device: DeviceAddress,
    wire: &Wire,
) -> Result<std::convert::Infallible, RadioError> {
    // Nothing is asked of a link that is not up, so all that can come is its end.
    let gone = async { drop(wire.next().await) };
    let peer = adapter.connect(device, gone).await?;
    let opened = adapter.opened();
    let mut link = Link { adapter, device, peer: &peer, wire, has: HashMap::new() };
    let ended = link.carry().await;
    drop(opened);
    // BlueZ keeps a connection that nobody uses, and the device its battery busy.
    drop(timeout(REQUEST, peer.disconnect()).await);
    ended
}

struct Link<'a, C: Central> {
    adapter: &'a Adapter<C>,
    device: DeviceAddress,
    peer: &'a C::Device,
    wire: &'a Wire,
    has: HashMap<Channel, Has>,
}

struct Has {
    what: Characteristic,
    /// Since this connection began. BlueZ also tells the values that were read, and those that
    /// another program subscribed to.
    subscribed: bool,
}

impl<C: Central> Link<'_, C> {
    async fn carry(&mut self) -> Result<std::convert::Infallible, RadioError> {
        let listed = within(DISCOVER, Step::Discover, self.peer.characteristics()).await?;
        self.has = listed
            .into_iter()
            .map(|what| (what.channel, Has { what, subscribed: false }))
            .collect();
        // Before anything can be subscribed to: a cuff sends its records at once.
        let mut values = within(REQUEST, Step::Listen, self.peer.values()).await?;
        self.tell(&Told::Up).await?;
        let mut alive = interval(ALIVE);
        alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // Values first: they came before the loss that ends the link.
                biased;
                value = values.next() => {
                    let (channel, value) = value.ok_or(RadioError::Lost)?;
                    if self.has.get(&channel).is_some_and(|has| has.subscribed) {
                        self.tell(&Told::Value(channel, value)).await?;
                    }
                }
                asked = self.wire.next() => {
                    let (channel, want) = asked.map_err(|Gone| RadioError::Closed)?;
                    self.fulfil(channel, want).await?;
                }
                _ = alive.tick() => {
                    if !within(REQUEST, Step::Listen, self.peer.is_connected()).await? {
                        return Err(RadioError::Lost);
                    }
                }
            }
        }
    }

    async fn fulfil(&mut self, channel: Channel, want: Want) -> Result<(), RadioError> {
        let done = match want {
            Want::Subscribe => return self.subscribe_or_end(channel).await,
            Want::SubscribeIfThere => self.subscribe(channel).await.is_ok(),
            Want::Read => match timeout(REQUEST, self.peer.read(channel)).await {
                Ok(Ok(value)) => return self.tell(&Told::Value(channel, value)).await,
                Ok(Err(_)) | Err(_) => false,
            },
            Want::Write(value) => self.write(channel, &value).await.is_ok(),
        };
        if done { Ok(()) } else { self.tell(&Told::Refused(channel)).await }
    }

    /// What the driver cannot do without.
    async fn subscribe_or_end(&mut self, channel: Channel) -> Result<(), RadioError> {
        let done = self.subscribe(channel).await;
        match &done {
            Ok(()) => self.adapter.is_whole(self.device),
            Err(RadioError::NoSubscription(_)) => self.adapter.is_stale(self.device).await,
            Err(_) => {}
        }
        done
    }

    async fn subscribe(&mut self, channel: Channel) -> Result<(), RadioError> {
        let has = self.has.get_mut(&channel).filter(|has| has.what.pushes);
        let has = has.ok_or(RadioError::NoSubscription(channel))?;
        // BlueZ holds on to what was subscribed to on an earlier connection, and would not write
        // it to a device that has forgotten. The error says that there was nothing.
        drop(timeout(REQUEST, self.peer.unsubscribe(channel)).await);
        // The first value may come before the answer does.
        has.subscribed = true;
        match timeout(REQUEST, self.peer.subscribe(channel)).await {
            Ok(done) => done.map_err(RadioError::subscription),
            Err(_) => Err(RadioError::TimedOut(Step::Subscribe)),
        }
    }

    async fn write(&self, channel: Channel, value: &[u8]) -> Result<(), Why> {
        let how = self.has.get(&channel).and_then(|has| has.what.writing);
        let how = how.ok_or_else(|| Why::of("it takes no values"))?;
        let write = self.peer.write(channel, how, value);
        timeout(REQUEST, write).await.map_err(Why::of)?
    }

    async fn tell(&self, told: &Told) -> Result<(), RadioError> {
        self.wire.tell(told).await.map_err(|Gone| RadioError::Closed)
    }
}

#[cfg(test)]
mod tests;
