//! What the physician of a call has heard is saved as any other entry, and nobody else's sound is.

use cart_api::{Command, Refusal, SyncStage};
use clinical::{AuscultationSite, EntryBody, SoundGap, Timestamp};

use crate::{calling::answered, cart::Cart, hub::sha256, kiosk::Kiosk};

/// A second and a half of the same sample.
fn wav() -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
    file.resize(44 + 96 * 1_500, 7);
    file
}

fn save(began: Timestamp, millis: u32) -> Command {
    let gaps = vec![SoundGap { at_ms: 200, millis: 300 }];
    Command::SaveAuscultation { site: AuscultationSite::Mitral, began, millis, gaps }
}

fn opened(kiosk: &Kiosk) -> Timestamp {
    kiosk.sees("the encounter", |state| state.encounter.as_ref().map(|it| it.opened))
}

#[test]
fn what_the_physician_heard_is_saved_and_sent_with_its_sound() {
    let (cart, mut kiosk, _) = answered();
    let began = opened(&kiosk).plus_millis(1);
    kiosk.ask_with(save(began, 1_500), wav()).unwrap();
    cart.hub.has_entries(&["opened", "auscultation"]);
    kiosk.sees("the sound", |state| {
        let [saved] = &state.encounter.as_ref()?.auscultations[..] else { return None };
        assert_eq!((saved.sound.began, saved.sound.site), (began, AuscultationSite::Mitral));
        (saved.stage == SyncStage::Sent).then_some(())
    });
    cart.hub.seen.change(|seen| {
        let EntryBody::Auscultation(sound) = &seen.entries[1].0.body else { panic!("a sound") };
        assert_eq!((sound.millis, sound.bytes, &*sound.media_type), (1_500, 144_044, "audio/wav"));
        assert_eq!((&sound.sha256, &seen.blobs[&sound.sha256]), (&sha256(&wav()), &wav()));
    });
}

#[test]
fn a_sound_that_cannot_be_this_patients_is_refused() {
    let (_cart, mut kiosk, _) = answered();
    let opened = opened(&kiosk);
    let later = opened.plus_millis(1);
    for (command, sound, refusal) in [
        (save(opened.plus_millis(-1), 1_500), wav(), Refusal::OtherEncounter),
        (save(later, 1_499), wav(), Refusal::NotUnderstood),
        (save(later, 1_500), vec![7; wav().len()], Refusal::NotUnderstood),
        // Its gap would end after its end.
        (save(later, 400), wav()[..44 + 96 * 400].to_vec(), Refusal::NotUnderstood),
    ] {
        assert_eq!(kiosk.ask_with(command, sound), Err(refusal));
    }
    kiosk.done(Command::HangUp);
    kiosk.sees("no call", |state| (state.call == cart_api::CallState::None).then_some(()));
    assert_eq!(kiosk.ask_with(save(later, 1_500), wav()), Err(Refusal::NoCall));
}

#[test]
fn without_a_call_nobody_listens() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.in_encounter();
    let began = opened(&kiosk);
    assert_eq!(kiosk.ask_with(save(began, 1_500), wav()), Err(Refusal::NoCall));
}
