//! What is measured all the time, and who may prescribe how a patient is watched.

use clinical::{Limit, Limits, Monitoring};
use hub_api::{CartToHub, HubToCart, HubToPortal, PortalToHub, Prescription};

use crate::{
    call::{Consult, hears_of_call},
    words::new_encounter,
};

fn low_from(spo2: u16) -> Limits {
    Limits { spo2: Limit { low: Some(spo2.into()), high: None }, ..Limits::default() }
}

fn told(limits: Limits) -> Box<Monitoring> {
    Box::new(Monitoring { limits, ..Monitoring::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_cart_measures_all_the_time_reaches_who_is_in_its_call() {
    let mut consult = Consult::answered().await;
    let encounter = consult.encounter;
    let foreign =
        CartToHub::Monitoring { encounter: new_encounter(), monitoring: told(low_from(70)) };
    consult.bedside.send(&foreign).await.unwrap();
    let monitoring = told(low_from(92));
    let message = CartToHub::Monitoring { encounter, monitoring: monitoring.clone() };
    consult.bedside.send(&message).await.unwrap();
    let expected = HubToPortal::Monitoring { encounter, monitoring };
    assert_eq!(consult.window.hears_of_call().await, expected, "and not of another encounter");
    let (mut again, welcome) = consult.browser.window().await;
    assert!(matches!(welcome, HubToPortal::Welcome { call: Some(_), .. }));
    assert_eq!(again.hears_of_call().await, expected, "after a reload");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_the_call_prescribes_and_nobody_else() {
    let mut consult = Consult::answered().await;
    let (call, encounter) = (consult.call, consult.encounter);
    let prescribe = |limits: Limits| {
        let what = Prescription::Limits { limits: Some(Box::new(limits)) };
        PortalToHub::Prescribe { call, what }
    };
    consult.world.add_physician("amari");
    let other = consult.world.browser("amari").await;
    let (mut other, _) = other.window().await;
    other.says(prescribe(low_from(80))).await;
    assert!(matches!(other.hears_of_call().await, HubToPortal::Refused { .. }));
    consult.window.says(prescribe(low_from(10))).await;
    assert!(matches!(consult.window.hears_of_call().await, HubToPortal::Refused { .. }));
    consult.window.says(prescribe(low_from(88))).await;
    let what = Prescription::Limits { limits: Some(Box::new(low_from(88))) };
    let by = "Dr. weiss".to_owned();
    let expected = HubToCart::Prescribed { encounter, by, what };
    assert_eq!(hears_of_call(&mut consult.bedside).await, expected, "and nothing before it");
}
