//! The consult that must work, played with the real programs, a real browser and a real FHIR server.

mod firefox;
mod offline;
mod picture;
mod recorded;
mod survival;
mod whole;

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use stage::{browser::Product, consult::Consult, stage::Stage};

/// A consult is real programs on real time: two at once would measure each other. nextest keeps them
/// apart by its configuration, cargo's own runner by this.
static STAGE: Mutex<()> = Mutex::new(());

/// Plays a consult; when it fails, its logs are left behind and the failure says where.
fn play(camera: Option<String>, acts: impl AsyncFnOnce(&mut Consult) -> Result<()>) {
    play_in(Product::Chromium, camera, acts);
}

/// [`play`] with this browser.
fn play_in(
    product: Product,
    camera: Option<String>,
    acts: impl AsyncFnOnce(&mut Consult) -> Result<()>,
) {
    // A consult that failed has left nothing behind that the next one could stumble over.
    let _alone = STAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts on every machine");
    let played: Result<()> = runtime.block_on(async {
        let mut consult = Consult::begin_in(product, Stage::set(false, camera).await?).await?;
        match acts(&mut consult).await {
            Ok(()) => consult.physician.close().await,
            Err(error) => {
                let kiosk = consult.stage.kiosk_ended().unwrap_or_default();
                Err(error.context(format!("logs: {}; {kiosk}", consult.stage.keep().display())))
            }
        }
    });
    if let Err(error) = played {
        panic!("{error:#}");
    }
}
