//! The camera moves while somebody holds the button, and not a moment longer.
//!
//! A task of its own: a slow disk that holds up the core must not keep the camera turning.

use std::{sync::Arc, time::Duration};

use device_links::DeviceHandle;
use devices::{CameraHold, Command, Millis, Ptz};
use tokio::{sync::mpsc, time::Instant};

/// Wishes come every 200 ms from one hand.
const WISHES: usize = 16;

/// The core's end. Dropped, the camera stops.
pub struct Camera {
    wishes: mpsc::Sender<Ptz>,
}

impl Camera {
    pub fn new(handle: Arc<DeviceHandle>) -> Self {
        let (wishes, waiting) = mpsc::channel(WISHES);
        tokio::spawn(hold(handle, waiting));
        Self { wishes }
    }

    pub fn ask(&self, wish: Ptz) {
        if self.wishes.try_send(wish).is_err() {
            // The wishes that wait are as old as this one; the hold ends by itself.
            tracing::warn!("The camera is not asked: too many wishes wait");
        }
    }
}

async fn hold(handle: Arc<DeviceHandle>, mut wishes: mpsc::Receiver<Ptz>) {
    let start = Instant::now();
    let now = || Millis::try_from(start.elapsed().as_millis()).unwrap_or(Millis::MAX);
    let mut hold = CameraHold::default();
    loop {
        let deadline = hold.deadline().map(|at| start + Duration::from_millis(at));
        let due = async move {
            match deadline {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let wish = tokio::select! {
            wish = wishes.recv() => match wish {
                Some(wish) => Some(hold.ask(now(), wish)),
                None => break,
            },
            () = due => hold.timer(now()),
        };
        if let Some(wish) = wish {
            ask(&handle, wish);
        }
    }
    ask(&handle, Ptz::Stop);
}

fn ask(handle: &DeviceHandle, wish: Ptz) {
    if handle.command(Command::Ptz(wish)).is_err() {
        tracing::debug!("The camera is away");
    }
}
