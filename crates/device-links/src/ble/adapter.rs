//! One adapter, shared by its links: the scan they look for their devices with, and the one
//! connection that is made at a time.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    future::Future,
    time::Duration,
};

use tokio::{
    sync::{Mutex, MutexGuard},
    time::{Instant, sleep, timeout},
};

use super::{
    central::{Central, Device as _, DeviceAddress, Why},
    error::{RadioError, Step},
};

/// The longest that a person waits for a device before looking what is wrong with it.
const DISCOVERY: Duration = Duration::from_secs(30);
/// As other programs that speak with such devices have it: some wake up slowly.
const CONNECT: Duration = Duration::from_secs(30);
/// For the daemon of the same machine to answer; it does so in milliseconds, or hangs.
const ANSWER: Duration = Duration::from_secs(10);
/// A cuff that has measured advertises itself for some seconds.
const LOOK: Duration = Duration::from_millis(250);
/// A scan begins anew after this time: what was heard before no longer counts as near, and
/// controllers that report each device only once report it again.
const SCAN: Duration = Duration::from_secs(10);
/// Devices leave the bedside while they connect. The adapter is at fault when this happens so often
/// with nothing in between that works.
const FAILURES: u32 = 3;

pub(super) struct Adapter<C> {
    pub(super) central: C,
    /// Held by whoever starts or stops the scan, or connects.
    turn: Mutex<Scan>,
    lookers: Cell<usize>,
    /// Links that are open.
    links: Cell<usize>,
    /// In a row, of the kind that an adapter is to blame for.
    failures: Cell<u32>,
    /// Devices that were forgotten because they lacked something, and have not been found whole.
    relearned: RefCell<HashSet<DeviceAddress>>,
}

/// When it began. `None`: none runs.
type Scan = Option<Instant>;

impl<C: Central> Adapter<C> {
    pub(super) fn new(central: C) -> Self {
        Self {
            central,
            turn: Mutex::default(),
            lookers: Cell::default(),
            links: Cell::default(),
            failures: Cell::default(),
            relearned: RefCell::default(),
        }
    }

    /// Waits until the device is near, then connects to it. `until`: nobody needs it any more.
    pub(super) async fn connect(
        &self,
        device: DeviceAddress,
        until: impl Future<Output = ()>,
    ) -> Result<C::Device, RadioError> {
        within(ANSWER, Step::Prepare, self.central.ready()).await?;
        self.lookers.update(|count| count + 1);
        let result = tokio::select! {
            result = self.find_and_connect(device) => result,
            () = until => {
                // The daemon would go on connecting.
                self.hang_up(device).await;
                Err(RadioError::Closed)
            }
        };
        self.lookers.update(|count| count - 1);
        if self.lookers.get() == 0 {
            self.stop_scan(&mut *self.turn.lock().await).await;
        }
        result
    }

    async fn find_and_connect(&self, device: DeviceAddress) -> Result<C::Device, RadioError> {
        let look = timeout(DISCOVERY, self.look_for(device)).await;
        let _turn = look.map_err(|_| RadioError::NotInRange)??;
        let found = within(ANSWER, Step::Connect, self.central.device(device)).await?;
        let connected = within(CONNECT, Step::Connect, found.connect()).await;
        match connected {
            Ok(()) => {
                self.failures.set(0);
                Ok(found)
            }
            Err(error) => {
                // The daemon would go on trying, and nobody else could connect.
                drop(timeout(ANSWER, found.disconnect()).await);
                self.failed(&error).await;
                Err(error)
            }
        }
    }

    /// Until it is near; then the scan has stopped, because connections made during one hang with
    /// some adapters, and it is this link's turn.
    async fn look_for(&self, device: DeviceAddress) -> Result<MutexGuard<'_, Scan>, RadioError> {
        loop {
            let mut scan = self.turn.lock().await;
            if within(ANSWER, Step::Scan, self.central.is_near(device)).await? {
                self.stop_scan(&mut scan).await;
                return Ok(scan);
            }
            if scan.is_some_and(|began| began.elapsed() >= SCAN) {
                self.stop_scan(&mut scan).await;
            }
            if scan.is_none() {
                // Before it is begun: whoever gives up in between leaves one that is stopped.
                *scan = Some(Instant::now());
                let began = within(ANSWER, Step::Scan, self.central.start_scan()).await;
                if let Err(error) = began {
                    *scan = None;
                    self.failed(&error).await;
                    return Err(error);
                }
            }
            drop(scan);
            sleep(LOOK).await;
        }
    }

    async fn stop_scan(&self, scan: &mut Scan) {
        if scan.take().is_some()
            && let Err(error) = within(ANSWER, Step::Scan, self.central.stop_scan()).await
        {
            tracing::debug!(%error, "The scan for Bluetooth devices was over already");
        }
    }

    /// An adapter whose controller hangs lets everything time out, or begins no scan, until it is
    /// switched off and on; so do some after the cart has slept. Not while another link works by it.
    async fn failed(&self, error: &RadioError) {
        // A device may refuse a connection; with a scan, no device has anything to do.
        if !matches!(error, RadioError::TimedOut(_) | RadioError::Failed { step: Step::Scan, .. }) {
            return;
        }
        self.failures.update(|count| count + 1);
        if self.failures.get() < FAILURES || self.links.get() > 0 {
            return;
        }
        self.failures.set(0);
        tracing::warn!("The Bluetooth adapter does not work; it is switched off and on");
        let cycled = within(ANSWER, Step::Prepare, self.central.power_cycle()).await;
        if let Err(error) = cycled {
            tracing::error!(%error, "The Bluetooth adapter could not be switched off and on");
        }
    }

    pub(super) async fn hang_up(&self, device: DeviceAddress) {
        let hang_up = async { self.central.device(device).await?.disconnect().await };
        drop(timeout(ANSWER, hang_up).await);
    }

    /// The device lacks what it has to have: perhaps what is stored of it is old. Whether it was
    /// bonded or not, the next connection learns it again; but only once, or a device of another
    /// kind would be asked for ever.
    pub(super) async fn is_stale(&self, device: DeviceAddress) {
        if !self.relearned.borrow_mut().insert(device) {
            return;
        }
        self.hang_up(device).await;
        // A device that is forgotten has to be paired again, by a person.
        let bonded = timeout(ANSWER, self.central.is_bonded(device)).await;
        if matches!(bonded, Ok(Ok(false))) {
            drop(timeout(ANSWER, self.central.forget(device)).await);
        }
    }

    pub(super) fn is_whole(&self, device: DeviceAddress) {
        self.relearned.borrow_mut().remove(&device);
    }

    pub(super) fn opened(&self) -> Opened<'_> {
        self.links.update(|count| count + 1);
        Opened(&self.links)
    }
}

/// For as long as a link is open.
pub(super) struct Opened<'a>(&'a Cell<usize>);

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.0.update(|count| count - 1);
    }
}

pub(super) async fn within<T>(
    patience: Duration,
    step: Step,
    what: impl Future<Output = Result<T, Why>>,
) -> Result<T, RadioError> {
    match timeout(patience, what).await {
        Ok(result) => result.map_err(RadioError::failed(step)),
        Err(_) => Err(RadioError::TimedOut(step)),
    }
}

#[cfg(test)]
mod tests;
