//! Step 7: programs die at the worst moment.

use anyhow::{Result, ensure};
use cart_api::{CallState, CartState};
use stage::{
    consult::{Consult, now},
    observer::Observer,
    wait::seconds,
};

#[test]
fn a_kiosk_that_dies_in_a_call_comes_back_into_the_same_encounter_and_call() {
    crate::play(None, kiosk_dies);
}

async fn kiosk_dies(consult: &mut Consult) -> Result<()> {
    consult.sign_in_and_identify().await?;
    consult.temperature("37.6").await?;
    consult.call().await?;
    let call = consult.cart.sees("a call", seconds(5), answered).await?;
    consult.stage.kill_kiosk()?;
    let died = now();
    consult.stage.open_kiosk()?;
    let back = consult.first_frame_after(died).await?;
    ensure!(back - died < 5000., "the picture was back only after {} ms", back - died);
    let same = consult.cart.sees("a call", seconds(5), answered).await?;
    ensure!(call == same, "it is another call");
    consult.nurse.sees("37.6", seconds(5)).await?;
    consult.nurse_sees_and_hears().await?;
    consult.physician_hangs_up().await?;
    consult.end().await
}

fn answered(state: &CartState) -> Option<clinical::CallId> {
    match state.call {
        CallState::Answered { call, .. } => Some(call),
        CallState::None | CallState::Ringing { .. } => None,
    }
}

#[test]
fn a_daemon_that_dies_right_after_saved_still_has_the_reading() {
    crate::play(None, daemon_dies);
}

async fn daemon_dies(consult: &mut Consult) -> Result<()> {
    consult.sign_in_and_identify().await?;
    consult.stage.network.cut();
    let entry = consult.temperature("39.4").await?;
    consult.stage.cart.kill()?;
    consult.stage.cart.run().await?;
    consult.cart = Observer::connect(&consult.stage.cart.socket()).await?;
    let kept = |state: &CartState| {
        let readings = &state.encounter.as_ref()?.readings;
        readings.iter().find(|saved| saved.entry == entry).map(drop)
    };
    consult.cart.sees("the reading is still there", seconds(5), kept).await?;
    consult.nurse.sees("39.4", seconds(10)).await?;
    consult.stage.network.restore();
    consult.end().await?;
    consult.all_in_the_ehr().await?;
    consult.all_once_in_the_chart().await?;
    Ok(())
}
