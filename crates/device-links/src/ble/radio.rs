//! The one thread of the process that speaks Bluetooth. It starts with the first link.

use std::{cell::RefCell, collections::HashMap, os::fd::OwnedFd, rc::Rc, sync::OnceLock, thread};

use tokio::{sync::mpsc, task::LocalSet};

use super::{
    adapter::Adapter,
    agent::Agent,
    bluez::Bluez,
    central::Why,
    link,
    message::Told,
    plug::Plug,
    wire::{Gone, Wire},
};
use crate::address::BleAddress;

/// A link that somebody wants.
struct Wanted {
    address: BleAddress,
    end: OwnedFd,
}

/// Each device's thread wants one link at a time, and a cart carries fewer Bluetooth devices; another
/// would wait for a moment.
const WAITING: usize = 16;

static RADIO: OnceLock<mpsc::Sender<Wanted>> = OnceLock::new();

/// What becomes of it is told at the other end.
pub(super) fn want(address: BleAddress, end: OwnedFd) {
    let radio = RADIO.get_or_init(|| {
        let (sender, wanted) = mpsc::channel(WAITING);
        thread::Builder::new()
            .name("bluetooth".into())
            .spawn(move || run(wanted))
            .expect("a starting program has a thread left");
        sender
    });
    // Should the thread have panicked, its ends are closed, and this one with them.
    drop(radio.blocking_send(Wanted { address, end }));
}

fn run(mut wanted: mpsc::Receiver<Wanted>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a starting program has a descriptor left");
    LocalSet::new().block_on(&runtime, async move {
        let radio = Rc::<Radio>::default();
        while let Some(Wanted { address, end }) = wanted.recv().await {
            let radio = Rc::clone(&radio);
            tokio::task::spawn_local(async move { radio.serve(address, end).await });
        }
    });
}

#[derive(Default)]
struct Radio {
    bluez: tokio::sync::Mutex<Option<Bluez>>,
    /// By name, such as `hci0`.
    adapters: RefCell<HashMap<String, Rc<Adapter<Plug>>>>,
}

impl Radio {
    async fn serve(&self, address: BleAddress, end: OwnedFd) {
        let wire = match Wire::new(end) {
            Ok(wire) => wire,
            Err(error) => {
                tracing::error!(%error, "No Bluetooth link can be opened");
                return;
            }
        };
        match self.adapter(address.adapter).await {
            Ok(adapter) => link::run(&adapter, address.device, &wire).await,
            Err(why) => {
                let (Ok(()) | Err(Gone)) = wire.tell(&Told::Over(why.0)).await;
            }
        }
    }

    async fn adapter(&self, name: Option<String>) -> Result<Rc<Adapter<Plug>>, Why> {
        let bluez = self.bluez().await?;
        let there = match bluez.adapters().await {
            Ok(there) => there,
            Err(error) => {
                // Of a bus that went away another connection is made.
                *self.bluez.lock().await = None;
                self.adapters.borrow_mut().clear();
                return Err(Why(format!("the Bluetooth service (bluez) does not answer: {error}")));
            }
        };
        let found = match name {
            None => there.into_iter().next(),
            Some(name) => there.into_iter().find(|one| *one == name),
        };
        let name = found.ok_or_else(|| Why::of("there is no such Bluetooth adapter"))?;
        if let Some(adapter) = self.adapters.borrow().get(&name) {
            return Ok(Rc::clone(adapter));
        }
        let adapter = Rc::new(Adapter::new(Plug::find(bluez, name.clone()).await?));
        // Another link may have found it meanwhile: all have to wait for one turn.
        Ok(Rc::clone(self.adapters.borrow_mut().entry(name).or_insert(adapter)))
    }

    async fn bluez(&self) -> Result<Bluez, Why> {
        let mut bluez = self.bluez.lock().await;
        if let Some(bluez) = &*bluez {
            return Ok(bluez.clone());
        }
        let connected = Bluez::connect().await;
        let connected =
            connected.map_err(|error| Why(format!("there is no system bus: {error}")))?;
        let bus = connected.bus.clone();
        // It ends with the connection.
        tokio::task::spawn_local(async move { Agent::refusing().keep(&bus).await });
        *bluez = Some(connected.clone());
        Ok(connected)
    }
}
