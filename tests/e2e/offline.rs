//! Step 6: the network is away from before the first measurement until after the encounter's end.

use anyhow::{Context as _, Result, ensure};
use clinical::Timestamp;
use serde_json::Value;
use stage::{consult::Consult, wait::seconds};

#[test]
fn what_was_measured_without_network_reaches_the_chart_once_and_in_order() {
    crate::play(None, acts);
}

async fn acts(consult: &mut Consult) -> Result<()> {
    consult.sign_in_and_identify().await?;
    consult.stage.network.cut();
    consult.nurse.sees("No connection to the hub", seconds(20)).await?;
    consult.measure_all().await?;
    consult.temperature("38.1").await?;
    consult.nurse_takes_a_picture().await?;
    consult.end().await?;
    ensure!(consult.stage.ehr.all("Observation").await?.is_empty(), "it is offline");
    consult.stage.network.restore();
    consult.all_in_the_ehr().await?;
    consult.all_once_in_the_chart().await?;
    in_order(consult).await
}

/// The chart received the temperatures in the order in which they were measured.
async fn in_order(consult: &Consult) -> Result<()> {
    let found = consult.stage.ehr.observations("8310-5").await?;
    let time = |value: &Value| -> Result<Timestamp> {
        Ok(value.as_str().context("a time is a text")?.parse()?)
    };
    let mut order = Vec::new();
    for observation in &found {
        let arrived = time(&observation["meta"]["lastUpdated"])?;
        order.push((arrived, time(&observation["effectiveDateTime"])?));
    }
    order.sort();
    ensure!(order.len() == 2 && order.is_sorted_by_key(|(_, measured)| *measured), "{order:?}");
    Ok(())
}
