//! Who did what at the real `cartd`: written with what it tells of, and anchored at the hub.

use cart_api::{CallState, Command, Discarded, Identifier};
use clinical::{AuditRow, CallId, ChainHead, Finding, Hex, SignedHead, Subject};
use hub_api::{CallEnd, CartToHub, HubToCart};
use vault::{CartVault, VaultKey};

use crate::{
    cart::{Cart, open_encounter, sign_in, started, wait_for_hub},
    kiosk::Kiosk,
    patience::eventually,
};

/// As somebody reads them who has the key of this cart.
fn record(cart: &Cart) -> CartVault {
    let key = VaultKey::from_file(&cart.path("key")).unwrap();
    CartVault::open(&cart.path("data"), &key).unwrap()
}

fn rows(cart: &Cart) -> Vec<AuditRow> {
    record(cart).audit().rows(0, 1_000).unwrap()
}

/// "who what" of each row.
fn told(cart: &Cart) -> Vec<String> {
    let words = |row: &AuditRow| format!("{} {}", row.event.who, row.event.what.word());
    rows(cart).iter().map(words).collect()
}

/// What came after the nurse was added and the daemon began.
fn told_since_start(cart: &Cart) -> Vec<String> {
    let told = told(cart);
    assert!(told[0].starts_with("administrator:uid "), "{told:?}");
    assert!(told[0].ends_with(" account_changed"), "{told:?}");
    assert_eq!(told[1..3], ["cart:w3 started", "cart:w3 key_by_file"]);
    told[3..].to_vec()
}

fn call_of(cart: &Cart) -> CallId {
    cart.hub.hears("the call", |message| match message {
        CartToHub::Call { call } => Some(*call),
        _ => None,
    })
}

#[test]
fn who_signs_in_opens_a_patient_and_signs_out_is_written_down() {
    let cart = started();
    let mut kiosk = cart.in_encounter();
    kiosk.done(Command::EndEncounter);
    kiosk.done(Command::SignOut);
    kiosk.ask(sign_in("0000")).unwrap_err();
    kiosk.ask(Command::SignIn { nurse: "nobody".into(), pin: "1234".into() }).unwrap_err();
    let expected = [
        "nurse:4711 signed_in",
        "nurse:4711 patient_opened",
        "nurse:4711 visit_closed",
        "nurse:4711 signed_out",
        "nurse:4711 sign_in_failed",
        "somebody:unknown sign_in_failed",
    ];
    assert_eq!(told_since_start(&cart), expected);
    let rows = rows(&cart);
    let opened = &rows[4].event.about;
    assert!(matches!(opened[..], [Subject::Encounter(_), Subject::Entry(_)]), "{opened:?}");
    let about = format!("{rows:?}");
    assert!(!about.contains("Canary") && !about.contains("canary"), "{about}");
    assert!(record(&cart).audit().verify(None).unwrap().is_whole());
}

#[test]
fn a_reading_is_bound_claimed_or_discarded_by_somebody() {
    let cart = started();
    let mut kiosk = cart.signed_in();
    for celsius in [371, 372] {
        cart.room.thermometer_measures(celsius);
        let waiting = if celsius == 371 { 1 } else { 2 };
        kiosk.sees("the tray", |state| (state.tray.waiting == waiting).then_some(()));
    }
    let tray = kiosk.sees("the tray", |state| {
        let readings = state.tray.readings.iter().map(|kept| kept.reading.id);
        Some(readings.collect::<Vec<_>>())
    });
    open_encounter(&mut kiosk);
    let confirmed = vec![Identifier::Name, Identifier::BirthDate];
    kiosk.done(Command::Claim { reading: tray[0], confirmed });
    kiosk.done(Command::Discard { reading: tray[1], why: Discarded::Wrong });
    cart.room.thermometer_measures(376);
    kiosk.sees("the reading", |state| {
        let readings = &state.encounter.as_ref()?.readings;
        (readings.len() == 2).then_some(())
    });
    let told = told_since_start(&cart);
    let expected = [
        "nurse:4711 signed_in",
        "nurse:4711 patient_opened",
        "nurse:4711 reading_claimed",
        "nurse:4711 reading_discarded",
        "nurse:4711 reading_bound",
    ];
    assert_eq!(told, expected);
    let discarded = &rows(&cart)[6].event.about;
    assert_eq!(*discarded, [Subject::Reading(tray[1])]);
}

#[test]
fn a_call_has_its_beginning_its_answer_one_row_for_the_camera_and_its_end() {
    let mut cart = started();
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    kiosk.done(Command::Call);
    let call = call_of(&cart);
    let answered = HubToCart::Answered { call, physician: "Dr. Osei".into(), relays: None };
    cart.hub.say(answered.clone());
    camera_turns(&mut kiosk);
    // As after a reconnect.
    cart.hub.say(answered);
    for _ in 0..5 {
        kiosk.done(Command::MoveCamera { pan: 1.0, tilt: 0.0, zoom: 0.0 });
    }
    kiosk.done(Command::StopCamera);
    cart.hub.say(HubToCart::CallEnded { call, why: CallEnd::Physician });
    kiosk.sees("no call", |state| (state.call == CallState::None).then_some(()));
    let told = told_since_start(&cart);
    let expected = [
        "nurse:4711 call_started",
        "physician:Dr. Osei call_answered",
        "physician:Dr. Osei camera_moved",
        "physician:Dr. Osei call_ended",
    ];
    assert_eq!(told[2..], expected);
    let rows = rows(&cart);
    let of_call = rows.iter().filter(|row| row.event.about.contains(&Subject::Call(call)));
    assert_eq!(of_call.count(), 4);
}

/// The answer comes by another way than the kiosk's wishes.
fn camera_turns(kiosk: &mut Kiosk) {
    kiosk.sees("the answered call", |state| {
        matches!(state.call, CallState::Answered { .. }).then_some(())
    });
    kiosk.done(Command::MoveCamera { pan: -1.0, tilt: 0.0, zoom: 0.0 });
}

fn heads(message: &CartToHub) -> Option<(SignedHead, i64, Vec<Hex<32>>)> {
    match message {
        CartToHub::AuditHead { head, since, links } => Some((*head, *since, links.clone())),
        _ => None,
    }
}

#[test]
fn the_hub_is_told_the_head_and_then_what_leads_from_its_own_to_it() {
    let mut cart = started();
    cart.signed_in();
    cart.hub.come_up();
    let (announced, since, links) = cart.hub.hears("the head", heads);
    assert_eq!((since, links.len()), (announced.head.position, 0));
    let known = rows(&cart)[1].hash;
    let held = ChainHead { position: 2, hash: known };
    cart.hub.say(HubToCart::AuditAnchored { head: Some(held) });
    let (head, since, links) = cart
        .hub
        .hears("the links", |message| heads(message).filter(|(_, _, links)| !links.is_empty()));
    assert_eq!((head.head, since), (announced.head, 2));
    assert_eq!(links.len() as i64, announced.head.position - 2);
    cart.hub.say(HubToCart::AuditAnchored { head: Some(head.head) });
    let report = eventually("the anchor to be kept", || {
        let report = record(&cart).audit().verify(None).unwrap();
        report.anchored.is_some_and(|anchored| anchored.head == head.head).then_some(report)
    });
    assert!(report.is_whole(), "{report:?}");
}

#[test]
fn sixty_four_rows_are_anchored_without_waiting_for_the_minute() {
    let mut cart = started();
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    let (announced, ..) = cart.hub.hears("the head", heads);
    cart.hub.say(HubToCart::AuditAnchored { head: Some(announced.head) });
    for per_minute in 0..64 {
        let what = Finding::RespiratoryRate { per_minute: 10 + per_minute % 20 };
        kiosk.done(Command::Observe { what });
    }
    let (head, since, links) = cart
        .hub
        .hears("the links", |message| heads(message).filter(|(_, _, links)| !links.is_empty()));
    assert_eq!(since, announced.head.position);
    assert_eq!(head.head.position, since + links.len() as i64);
}

#[test]
fn a_hub_that_holds_what_the_cart_never_wrote_is_told_in_the_log() {
    let mut cart = started();
    cart.hub.come_up();
    cart.hub.hears("the head", heads);
    let foreign = ChainHead { position: 1, hash: Hex([7; 32]) };
    cart.hub.say(HubToCart::AuditAnchored { head: Some(foreign) });
    eventually("the log", || cart.log().contains("holds another audit").then_some(()));
    // The hub is told the links all the same: it has to see for itself.
    cart.hub.hears("the links", |message| heads(message).filter(|(_, since, _)| *since == 1));
    assert_eq!(record(&cart).audit().verify(None).unwrap().anchored, None);
}
