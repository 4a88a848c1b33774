//! What a nurse sees for herself goes the same way as what a device measures.

use cart_api::{Command, Refusal, SyncStage};
use clinical::{Finding, Observed};

use crate::cart::started;

#[test]
fn what_a_nurse_counts_is_saved_with_her_name_then_shown_and_sent() {
    let mut cart = started();
    let mut kiosk = cart.in_encounter();
    let what = Finding::RespiratoryRate { per_minute: 18 };
    let entry = kiosk.done(Command::Observe { what }).expect("it is an entry");
    let seen = kiosk
        .sees("what was observed", |state| state.encounter.as_ref()?.observed.first().cloned());
    let expected = Observed { what, by: "Grace Okafor".into() };
    assert_eq!((seen.entry, seen.observed, seen.stage), (entry, expected, SyncStage::OnCart));
    cart.kill();
    cart.start();
    cart.hub.come_up();
    let kiosk = cart.kiosk();
    kiosk.sees("it again, at the hub", |state| {
        let observed = &state.encounter.as_ref()?.observed;
        (observed.len() == 1 && observed[0].stage == SyncStage::Sent).then_some(())
    });
    cart.hub.has_entries(&["opened", "observed"]);
}

#[test]
fn an_observation_needs_a_nurse_and_an_encounter() {
    let cart = started();
    let what = Finding::Pregnancy { pregnant: false };
    assert_eq!(cart.kiosk().ask(Command::Observe { what }), Err(Refusal::NotSignedIn));
    assert_eq!(cart.signed_in().ask(Command::Observe { what }), Err(Refusal::NoEncounter));
}
