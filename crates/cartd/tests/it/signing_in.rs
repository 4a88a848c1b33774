//! PINs: a delay that grows, a lock after ten, a screen that locks itself.

use std::time::{Duration, Instant};

use cart_api::{Command, Refusal, SignInState};
use encounter::{SignIn, Verdict};

use crate::{
    cart::{Cart, NURSE, PIN, open_encounter, sign_in},
    kiosk::Kiosk,
};

fn signed_out(kiosk: &Kiosk) {
    kiosk.sees("the sign-in page", |state| {
        matches!(state.sign_in, SignInState::SignedOut { .. }).then_some(())
    });
}

#[test]
fn a_wrong_pin_costs_time_and_a_restart_forgives_nothing() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.kiosk();
    assert_eq!(kiosk.ask(sign_in("0000")), Err(Refusal::WrongPin { tries_left: 9 }));
    assert_eq!(kiosk.ask(sign_in(PIN)), Err(Refusal::TooSoon { wait_s: 1 }));
    cart.kill();
    cart.start();
    let mut kiosk = cart.kiosk();
    let wait = Instant::now();
    while let Err(Refusal::TooSoon { .. }) = kiosk.ask(sign_in("0000")) {
        assert!(wait.elapsed() < Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(20));
    }
    // The second in a row: the wait is now two seconds.
    assert_eq!(kiosk.ask(sign_in(PIN)), Err(Refusal::TooSoon { wait_s: 2 }));
    assert_eq!(kiosk.ask(Command::Call), Err(Refusal::NotSignedIn));
}

#[test]
fn ten_wrong_pins_lock_the_account_until_a_supervisor_unlocks_it() {
    let mut cart = Cart::new();
    // Nine tries, made ten minutes apart.
    let mut counters = SignIn::default();
    let mut now = clinical::Timestamp::from_millis(1_795_333_320_000);
    for _ in 0..9 {
        now = now.plus_millis(600_000);
        assert_eq!(counters.try_pin(now), Verdict::Compare);
    }
    let key = vault::VaultKey::from_file(&cart.path("key")).unwrap();
    let record = vault::CartVault::open(&cart.path("data"), &key).unwrap();
    record.set_sign_in(NURSE, &serde_json::to_string(&counters).unwrap(), &[]).unwrap();
    drop(record);
    cart.start();
    let mut kiosk = cart.kiosk();
    assert_eq!(kiosk.ask(sign_in("0000")), Err(Refusal::Locked));
    assert_eq!(kiosk.ask(sign_in(PIN)), Err(Refusal::Locked));
    let config = cart.path("cart.toml").display().to_string();
    cart.command(&["nurse", "--config", &config, "unlock", NURSE], "");
    kiosk.done(sign_in(PIN));
}

#[test]
fn a_nurse_nobody_knows_cannot_be_told_from_a_wrong_pin() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.kiosk();
    let nobody = Command::SignIn { nurse: "9999".into(), pin: PIN.into() };
    assert_eq!(kiosk.ask(nobody), Err(Refusal::WrongPin { tries_left: 9 }));
}

#[test]
fn a_nurse_who_is_added_may_sign_in_at_once() {
    let mut cart = Cart::new();
    cart.start();
    let mut kiosk = cart.kiosk();
    let config = cart.path("cart.toml").display().to_string();
    cart.command(&["nurse", "--config", &config, "add", "4712", "Ama Weiss"], "135790\n");
    kiosk.sees("the new nurse", |state| match &state.sign_in {
        SignInState::SignedOut { nurses } => {
            nurses.iter().any(|nurse| nurse.name == "Ama Weiss").then_some(())
        }
        SignInState::SignedIn { .. } => None,
    });
    kiosk.done(Command::SignIn { nurse: "4712".into(), pin: "135790".into() });
}

#[test]
fn a_pin_of_three_digits_is_no_pin() {
    let cart = Cart::new();
    let config = cart.path("cart.toml").display().to_string();
    let add = ["nurse", "--config", &config, "add", "4713", "Short"];
    let output = cart.try_command(&add, "123\n");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("4 to 8 digits"));
}

#[test]
fn an_idle_cart_locks_itself_and_keeps_the_encounter_for_the_nurse() {
    let mut cart = Cart::with("idle_lock_s = 1");
    cart.start();
    let mut kiosk = cart.signed_in();
    open_encounter(&mut kiosk);
    signed_out(&kiosk);
    kiosk.sees("no patient on the screen", |state| {
        (state.encounter.is_none() && state.worklist.is_empty()).then_some(())
    });
    assert_eq!(kiosk.ask(Command::EndEncounter), Err(Refusal::NotSignedIn));
    kiosk.done(sign_in(PIN));
    kiosk.sees("the encounter again", |state| state.encounter.as_ref().map(|_| ()));
}

#[test]
fn a_restart_after_the_idle_time_asks_for_the_pin() {
    let mut cart = Cart::with("idle_lock_s = 2");
    cart.start();
    let kiosk = cart.signed_in();
    cart.kill();
    kiosk.is_closed();
    std::thread::sleep(Duration::from_millis(2_100));
    cart.start();
    signed_out(&cart.kiosk());
}
