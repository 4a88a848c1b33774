//! The consult that must work, played with the real programs, a real Chromium and a real FHIR server.

mod offline;
mod recorded;
mod survival;
mod whole;

use std::future::Future;

use anyhow::Result;
use stage::{consult::Consult, stage::Stage};

/// Plays a consult; when it fails, its logs are left behind and the failure says where.
fn play<F>(camera: Option<String>, acts: impl FnOnce(Consult) -> F)
where
    F: Future<Output = (Consult, Result<()>)>,
{
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts on every machine");
    let played: Result<()> = runtime.block_on(async {
        let stage = Stage::set(false, camera).await?;
        let (consult, played) = acts(Consult::begin(stage).await?).await;
        match played {
            Ok(()) => consult.physician.close().await,
            Err(error) => Err(error.context(format!("logs: {}", consult.stage.keep().display()))),
        }
    });
    if let Err(error) = played {
        panic!("{error:?}");
    }
}
