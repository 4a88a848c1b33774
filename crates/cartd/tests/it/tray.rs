//! A reading of nobody: given to a patient by a nurse, or discarded, and final also after a restart.

use cart_api::{Command, Discarded, Identifier, Measurable, Refusal, TrayReading};
use clinical::{Finding, ReadingId};

use crate::{
    cart::{Cart, open_encounter},
    kiosk::Kiosk,
};

#[track_caller]
fn sees_tray(kiosk: &Kiosk, count: usize) -> Vec<ReadingId> {
    kiosk.sees(&format!("{count} in the tray"), |state| {
        let id = |waiting: &TrayReading| waiting.reading.id;
        let tray = &state.tray;
        let all_told = tray.waiting as usize == count && tray.readings.len() == count;
        all_told.then(|| tray.readings.iter().map(id).collect())
    })
}

fn claim(reading: ReadingId, confirmed: &[Identifier]) -> Command {
    Command::Claim { reading, confirmed: confirmed.to_vec() }
}

const BOTH: [Identifier; 2] = [Identifier::Name, Identifier::BirthDate];

#[test]
fn a_claimed_reading_is_the_patient_s_and_is_sent_also_after_a_restart() {
    let mut cart = Cart::new();
    cart.start();
    let kiosk = cart.signed_in();
    cart.room.thermometer_measures(371);
    let reading = sees_tray(&kiosk, 1)[0];
    cart.kill();
    cart.start();
    let mut kiosk = cart.kiosk();
    assert_eq!(sees_tray(&kiosk, 1), [reading]);
    assert_eq!(kiosk.ask(claim(reading, &BOTH)), Err(Refusal::NoEncounter));
    open_encounter(&mut kiosk);
    assert_eq!(kiosk.ask(claim(reading, &BOTH[..1])), Err(Refusal::NotIdentified));
    let entry = kiosk.done(claim(reading, &BOTH)).expect("a claim makes an entry");
    sees_tray(&kiosk, 0);
    kiosk.sees("the reading in the encounter", |state| {
        let readings = &state.encounter.as_ref()?.readings;
        (readings.len() == 1 && readings[0].entry == entry).then_some(())
    });
    assert_eq!(kiosk.ask(claim(reading, &BOTH)), Err(Refusal::NotInTray));
    cart.hub.come_up();
    cart.hub.has_entries(&["opened", "reading"]);
}

#[test]
fn a_discarded_reading_cannot_be_claimed() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.signed_in();
    cart.room.thermometer_measures(371);
    let reading = sees_tray(&kiosk, 1)[0];
    kiosk.done(Command::Discard { reading, why: Discarded::Wrong });
    sees_tray(&kiosk, 0);
    let again = Command::Discard { reading, why: Discarded::Wrong };
    assert_eq!(kiosk.ask(again), Err(Refusal::NotInTray));
    open_encounter(&mut kiosk);
    assert_eq!(kiosk.ask(claim(reading, &BOTH)), Err(Refusal::NotInTray));
}

/// As from a screen that is behind, or of a picture that was taken in the encounter before.
#[test]
fn what_is_asked_about_one_patient_is_never_done_to_the_next() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.signed_in();
    cart.room.thermometer_measures(371);
    let reading = sees_tray(&kiosk, 1)[0];
    open_encounter(&mut kiosk);
    let before = kiosk.sees("the encounter", |state| Some(state.encounter.as_ref()?.id));
    kiosk.done(Command::EndEncounter);
    kiosk.sees("no encounter", |state| state.encounter.is_none().then_some(()));
    open_encounter(&mut kiosk);
    let still =
        Command::SaveStill { media_type: "image/jpeg".into(), width: 4, height: 3, examined: None };
    let commands = [
        claim(reading, &BOTH),
        Command::Observe { what: Finding::RespiratoryRate { per_minute: 18 } },
        Command::Measure { what: Measurable::BloodPressure },
        Command::Call,
        Command::EndEncounter,
        still,
    ];
    for command in commands {
        let number = kiosk.send_about(Some(before), command, vec![0xFF, 0xD8]);
        assert_eq!(kiosk.answer_to(number), Err(Refusal::OtherEncounter));
    }
    let number = kiosk.send_about(None, claim(reading, &BOTH), Vec::new());
    assert_eq!(kiosk.answer_to(number), Err(Refusal::OtherEncounter));
    sees_tray(&kiosk, 1);
    kiosk.done(claim(reading, &BOTH));
}
