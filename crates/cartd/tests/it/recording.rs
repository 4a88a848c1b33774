//! From the device to the hub: saved before shown, sent once and in order, there again after a kill.

use std::{fs, time::Duration};

use cart_api::{
    Command, DeviceStatus, FailureCause, Measurable, NoticeKind, Refusal, SignInState, SyncStage,
};
use clinical::{DeviceId, EntryBody, Measurement};
use hub_api::{Delivery, HubToCart};
use sim_devices::cuff::{Failure, Outcome};

use crate::{
    cart::{Cart, open_encounter, patient, started, wait_for_hub},
    hub::{kind, sha256},
    kiosk::Kiosk,
};

/// Long enough to see the cuff at work, short enough to wait for.
const CUFF_TAKES: Duration = Duration::from_millis(2_500);

/// Waits until so many readings are shown.
#[track_caller]
fn sees_readings(kiosk: &Kiosk, count: usize) -> Vec<SyncStage> {
    kiosk.sees(&format!("{count} readings"), |state| {
        let readings = &state.encounter.as_ref()?.readings;
        (readings.len() == count).then(|| readings.iter().map(|saved| saved.stage).collect())
    })
}

#[track_caller]
fn sees_all_at(kiosk: &Kiosk, stage: SyncStage) {
    kiosk.sees(&format!("everything at {stage:?}"), |state| {
        let encounter = state.encounter.as_ref()?;
        let stages = encounter.readings.iter().map(|saved| saved.stage);
        let all = stages.chain(encounter.stills.iter().map(|saved| saved.stage));
        all.chain([encounter.stage]).all(|found| found == stage).then_some(())
    });
}

#[track_caller]
fn wait_for_device(kiosk: &Kiosk, id: &str, is: impl Fn(&DeviceStatus) -> bool) {
    kiosk.sees(&format!("the {id} as wanted"), |state| {
        let device = state.devices.iter().find(|device| device.id.0 == id)?;
        is(&device.status).then_some(())
    });
}

#[test]
fn what_is_recorded_offline_reaches_the_hub_once_and_in_order() {
    let mut cart = started();
    let mut kiosk = cart.in_encounter();
    cart.room.thermometer_measures(371);
    sees_readings(&kiosk, 1);
    let picture = vec![7; 300_000];
    let still = Command::SaveStill {
        media_type: "image/jpeg".into(),
        width: 1920,
        height: 1080,
        examined: None,
    };
    kiosk.ask_with(still, picture.clone()).unwrap();
    cart.room.thermometer_measures(372);
    assert_eq!(sees_readings(&kiosk, 2), [SyncStage::OnCart; 2]);
    let waiting = kiosk.sees("what waits", |state| Some(state.sync.on_cart));
    assert_eq!(waiting, 4);

    cart.hub.seen.change(|seen| seen.lose_answers = 2);
    cart.hub.come_up();
    cart.hub.has_entries(&["opened", "reading", "still", "reading"]);
    sees_all_at(&kiosk, SyncStage::Sent);
    kiosk.done(Command::EndEncounter);
    cart.hub.has_entries(&["opened", "reading", "still", "reading", "closed"]);
    cart.hub.seen.change(|seen| {
        assert_eq!(seen.blobs[&sha256(&picture)], picture);
        let again = seen.tries.values().filter(|tries| **tries > 1).count();
        assert!((1..=2).contains(&again), "lost answers are asked for again: {:?}", seen.tries);
        let celsius = |at: usize| match &seen.entries[at].0.body {
            EntryBody::Reading(reading) => match &reading.measurement {
                Measurement::Temperature(temperature) => temperature.celsius.to_string(),
                other => panic!("{other:?}"),
            },
            other => panic!("{}", kind(other)),
        };
        assert_eq!((celsius(1), celsius(3)), ("37.1".into(), "37.2".into()));
    });
    kiosk.sees("nothing on the cart alone", |state| (state.sync.on_cart == 0).then_some(()));
}

#[test]
fn the_tick_goes_to_the_ehr_when_the_hub_says_so() {
    let mut cart = started();
    cart.hub.come_up();
    let kiosk = cart.in_encounter();
    cart.room.thermometer_measures(371);
    sees_readings(&kiosk, 1);
    cart.hub.has_entries(&["opened", "reading"]);
    sees_all_at(&kiosk, SyncStage::Sent);
    let ids = cart.hub.seen.change(|seen| {
        seen.entries.iter().map(|(entry, _)| (entry.id, Delivery::InEhr)).collect::<Vec<_>>()
    });
    cart.hub.say(HubToCart::Delivered { entries: ids });
    sees_all_at(&kiosk, SyncStage::InEhr);
    let sync = kiosk.sees("the counts", |state| Some(state.sync));
    assert_eq!((sync.on_cart, sync.sent, sync.set_aside), (0, 0, 0));
}

#[test]
fn what_the_hub_refuses_is_set_aside_and_holds_nothing_back() {
    let mut cart = started();
    cart.hub.seen.change(|seen| seen.refuse_readings = true);
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    cart.room.thermometer_measures(371);
    kiosk.sees_notice("that it was set aside", |kind| *kind == NoticeKind::SetAside);
    assert_eq!(sees_readings(&kiosk, 1), [SyncStage::SetAside]);
    kiosk.done(Command::EndEncounter);
    cart.hub.has_entries(&["opened", "closed"]);
}

#[test]
fn a_kill_right_after_saved_loses_nothing_and_throws_nobody_out() {
    let mut cart = started();
    let kiosk = cart.in_encounter();
    cart.room.thermometer_measures(371);
    sees_readings(&kiosk, 1);
    let before = kiosk.sees("the encounter", |state| state.encounter.clone());
    cart.kill();
    kiosk.is_closed();
    cart.start();
    let kiosk = cart.kiosk();
    let after = kiosk.sees("the same encounter", |state| state.encounter.clone());
    assert_eq!(after, before);
    kiosk.sees("the nurse", |state| {
        matches!(state.sign_in, SignInState::SignedIn { .. }).then_some(())
    });
    cart.room.thermometer_measures(372);
    sees_readings(&kiosk, 2);
    cart.hub.come_up();
    cart.hub.has_entries(&["opened", "reading", "reading"]);
}

/// Somebody else writes to the record and does not end: every commit fails.
fn locked_record(cart: &Cart) -> rusqlite::Connection {
    let key = fs::read(cart.path("key")).unwrap();
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let record = rusqlite::Connection::open(cart.path("data").join("vault.db")).unwrap();
    record.execute_batch(&format!("PRAGMA key = \"x'{digits}'\"; BEGIN IMMEDIATE")).unwrap();
    record
}

#[test]
fn a_reading_that_cannot_be_saved_is_not_shown() {
    let cart = started();
    let kiosk = cart.in_encounter();
    let lock = locked_record(&cart);
    cart.room.thermometer_measures(371);
    kiosk.sees_notice("that nothing was saved", |kind| *kind == NoticeKind::NotSaved);
    kiosk.told.change(|told| {
        let mut shown = told.states.iter().filter_map(|state| state.encounter.as_ref());
        assert!(shown.all(|encounter| encounter.readings.is_empty()));
    });
    drop(lock);
    cart.room.thermometer_measures(372);
    sees_readings(&kiosk, 1);
}

#[test]
fn a_reading_without_an_encounter_is_nobodys() {
    let cart = started();
    let mut kiosk = cart.signed_in();
    cart.room.thermometer_measures(371);
    kiosk.sees_notice("that it is nobody's", |kind| {
        *kind == NoticeKind::Unassigned { device: DeviceId("thermometer".into()) }
    });
    open_encounter(&mut kiosk);
    cart.room.thermometer_measures(372);
    sees_readings(&kiosk, 1);
}

#[test]
fn malformed_bytes_are_a_notice_and_never_a_reading() {
    let cart = started();
    let kiosk = cart.in_encounter();
    cart.room.thermometer_sends(vec![0x00, 0x01]);
    kiosk.sees_notice("that it is garbled", |kind| {
        *kind == NoticeKind::Garbled { device: DeviceId("thermometer".into()) }
    });
    cart.room.thermometer_measures(371);
    sees_readings(&kiosk, 1);
}

#[test]
fn the_cuff_measures_on_command_and_says_what_went_wrong() {
    let cart = started();
    let mut kiosk = cart.in_encounter();
    let measure = || Command::Measure { what: Measurable::BloodPressure };
    wait_for_device(&kiosk, "cuff", |status| *status == DeviceStatus::Ready);
    cart.room.cuff_will(Outcome::Fails(Failure::Loose), CUFF_TAKES);
    kiosk.done(measure());
    wait_for_device(&kiosk, "cuff", |status| matches!(status, DeviceStatus::Measuring { .. }));
    assert_eq!(kiosk.ask(measure()), Err(Refusal::DeviceBusy));
    kiosk.sees_notice("that the cuff is loose", |kind| {
        *kind
            == NoticeKind::MeasurementFailed {
                device: DeviceId("cuff".into()),
                cause: FailureCause::LooseCuff,
            }
    });
    let reads = Outcome::Reads { systolic: 128, diastolic: 82, mean: 97, pulse: 71 };
    cart.room.cuff_will(reads, CUFF_TAKES);
    kiosk.done(measure());
    kiosk.sees("the failure to be gone", |state| state.notices.is_empty().then_some(()));
    sees_readings(&kiosk, 1);
}

#[test]
fn a_cuff_that_is_unplugged_while_it_measures_is_said_so() {
    let cart = started();
    let mut kiosk = cart.in_encounter();
    wait_for_device(&kiosk, "cuff", |status| *status == DeviceStatus::Ready);
    kiosk.done(Command::Measure { what: Measurable::BloodPressure });
    wait_for_device(&kiosk, "cuff", |status| matches!(status, DeviceStatus::Measuring { .. }));
    cart.room.cuff_line.plug(false);
    kiosk.sees_notice("that the cuff is unplugged", |kind| {
        *kind
            == NoticeKind::MeasurementFailed {
                device: DeviceId("cuff".into()),
                cause: FailureCause::Unplugged,
            }
    });
    wait_for_device(&kiosk, "cuff", |status| *status == DeviceStatus::Away);
    let measure = Command::Measure { what: Measurable::BloodPressure };
    assert_eq!(kiosk.ask(measure), Err(Refusal::DeviceAway));
}

#[test]
fn an_encounter_needs_two_different_identifiers() {
    use cart_api::Identifier::{Name, Number};
    let cart = started();
    let mut kiosk = cart.signed_in();
    let open = |confirmed| Command::OpenEncounter { patient: patient(), confirmed };
    for confirmed in [vec![], vec![Name], vec![Name, Name]] {
        assert_eq!(kiosk.ask(open(confirmed)), Err(Refusal::NotIdentified));
    }
    kiosk.done(open(vec![Name, Number]));
    assert_eq!(kiosk.ask(open(vec![Name, Number])), Err(Refusal::EncounterOpen));
    kiosk.done(Command::EndEncounter);
    assert_eq!(kiosk.ask(Command::EndEncounter), Err(Refusal::NoEncounter));
}

#[test]
fn neither_the_disk_nor_the_log_names_the_patient() {
    let mut cart = started();
    cart.hub.come_up();
    let mut kiosk = cart.in_encounter();
    wait_for_hub(&kiosk);
    cart.room.thermometer_measures(371);
    sees_readings(&kiosk, 1);
    kiosk.done(Command::EndEncounter);
    cart.hub.has_entries(&["opened", "reading", "closed"]);
    assert_eq!(cart.terminate(), Some(0));
    let files = fs::read_dir(cart.path("data")).unwrap().map(|file| file.unwrap().path());
    let mut bytes: Vec<u8> = files.flat_map(|file| fs::read(file).unwrap()).collect();
    assert!(!bytes.is_empty());
    bytes.extend(cart.log().bytes());
    for canary in ["Canary-Lindgren", "canary-100234", "1958-03-14"] {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary}");
    }
}

#[test]
fn the_worklist_is_there_without_the_hub() {
    let mut cart = started();
    cart.hub.come_up();
    let kiosk = cart.signed_in();
    let entry = hub_api::WorklistEntry {
        patient: patient(),
        place: "4B-12".into(),
        reason: "cough".into(),
    };
    let as_of = "2026-11-22T07:42:00.007Z".parse().unwrap();
    cart.hub.say(HubToCart::Worklist { entries: vec![entry.clone()], as_of });
    kiosk.sees("the worklist", |state| (state.worklist == [entry.clone()]).then_some(()));
    cart.hub.go_away();
    cart.kill();
    cart.start();
    let kiosk = cart.kiosk();
    kiosk.sees("the worklist of before", |state| {
        (state.worklist == [entry.clone()] && state.worklist_as_of == Some(as_of)).then_some(())
    });
}
