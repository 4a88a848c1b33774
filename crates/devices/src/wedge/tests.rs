//! Scanners that type well, badly, slowly and too much.

use proptest::prelude::*;

use super::*;

const ENTER_KEY: u16 = 28;
const LEFT_SHIFT: u16 = 42;
const LEFT_CONTROL: u16 = 29;

/// Presses and releases, a millisecond each. `+` before a key holds shift, `^` control.
fn keys(rows: &[(&str, u16)]) -> Vec<KeyEvent> {
    let mut events = Vec::new();
    for (held, code) in rows {
        let holds: &[u16] = match *held {
            "+" => &[LEFT_SHIFT],
            "^" => &[LEFT_CONTROL],
            _ => &[],
        };
        events.extend(holds.iter().map(|hold| KeyEvent::Down(*hold)));
        events.extend([KeyEvent::Down(*code), KeyEvent::Up(*code)]);
        events.extend(holds.iter().map(|hold| KeyEvent::Up(*hold)));
    }
    events
}

fn play(wedge: &mut Wedge, events: &[KeyEvent]) -> Vec<Scanned> {
    let timed = events.iter().zip(1_000..);
    timed.filter_map(|(event, now)| wedge.handle(now, *event)).collect()
}

fn text(text: &str) -> Scanned {
    Scanned::Text(Scan(text.to_owned()))
}

#[track_caller]
fn check(affixes: (&str, &str), rows: &[(&str, u16)], expected: &[Scanned]) {
    let (prefix, suffix) = (affixes.0.to_owned(), affixes.1.to_owned());
    let mut wedge = Wedge::new(Affixes { prefix, suffix });
    let mut events = keys(rows);
    events.extend(keys(&[("", ENTER_KEY)]));
    assert_eq!(play(&mut wedge, &events), expected);
    assert_eq!(wedge.deadline(), None);
}

/// `Mrn-07`, as keys.
const MRN: [(&str, u16); 6] = [("+", 50), ("", 19), ("", 49), ("", 12), ("", 11), ("", 8)];

#[test]
fn a_wristband_is_one_text() {
    check(("", ""), &MRN, &[text("Mrn-07")]);
}

#[test]
fn enter_alone_is_nothing() {
    check(("", ""), &[], &[]);
    check(("P", ""), &[], &[]);
}

#[test]
fn prefix_and_suffix_are_taken_off_and_have_to_be_there() {
    check(("Mr", "7"), &MRN, &[text("n-0")]);
    check(("X", ""), &MRN, &[Scanned::Discarded(Discarded::WithoutAffixes)]);
    check(("", "8"), &MRN, &[Scanned::Discarded(Discarded::WithoutAffixes)]);
}

#[test]
fn the_separator_of_gs1_stays() {
    check(("", ""), &[("", 2), ("^", 27), ("", 3)], &[text("1\u{1d}2")]);
}

#[test]
fn a_key_that_types_nothing_spoils_the_text() {
    let mut rows = MRN.to_vec();
    rows.insert(2, ("", 58));
    check(("", ""), &rows, &[Scanned::Discarded(Discarded::UnknownKey)]);
}

#[test]
fn a_hole_in_the_keys_spoils_the_text_and_not_the_next() {
    let mut wedge = Wedge::default();
    let mut events = keys(&MRN);
    events.insert(3, KeyEvent::Lost);
    events.extend(keys(&[("", ENTER_KEY)]));
    events.extend(keys(&MRN));
    events.extend(keys(&[("", ENTER_KEY)]));
    let expected = [Scanned::Discarded(Discarded::KeysLost), text("Mrn-07")];
    assert_eq!(play(&mut wedge, &events), expected);
}

#[test]
fn a_text_without_an_end_is_given_up_and_does_not_lead_the_next() {
    let mut wedge = Wedge::default();
    assert_eq!(wedge.handle(1_000, KeyEvent::Down(2)), None);
    assert_eq!(wedge.deadline(), Some(1_500));
    assert_eq!(wedge.timer(1_499), None);
    assert_eq!(wedge.timer(1_500), Some(Scanned::Discarded(Discarded::Unfinished)));
    assert_eq!(wedge.handle(1_501, KeyEvent::Down(3)), None);
    assert_eq!(wedge.handle(1_502, KeyEvent::Down(ENTER_KEY)), Some(text("2")));
}

#[test]
fn a_late_key_ends_the_text_before_it_although_nobody_looked_at_the_clock() {
    let mut wedge = Wedge::default();
    assert_eq!(wedge.handle(0, KeyEvent::Down(2)), None);
    let given_up = Some(Scanned::Discarded(Discarded::Unfinished));
    assert_eq!(wedge.handle(900, KeyEvent::Down(3)), given_up);
    assert_eq!(wedge.handle(901, KeyEvent::Down(ENTER_KEY)), Some(text("2")));
}

#[test]
fn unplugging_lets_go_of_shift() {
    let mut wedge = Wedge::default();
    assert_eq!(wedge.handle(0, KeyEvent::Down(LEFT_SHIFT)), None);
    assert_eq!(wedge.handle(0, KeyEvent::Down(30)), None);
    assert_eq!(wedge.unplugged(), Some(Scanned::Discarded(Discarded::KeysLost)));
    assert_eq!(wedge.unplugged(), None);
    assert_eq!(wedge.handle(1, KeyEvent::Down(30)), None);
    assert_eq!(wedge.handle(1, KeyEvent::Down(ENTER_KEY)), Some(text("a")));
}

#[test]
fn a_stuck_scanner_fills_no_memory() {
    let row = vec![("", 2); LONGEST];
    check(("", ""), &row, &[text(&"1".repeat(LONGEST))]);
    let row = vec![("", 2); LONGEST + 1];
    check(("", ""), &row, &[Scanned::Discarded(Discarded::TooLong)]);
}

#[test]
fn what_was_scanned_is_not_printed() {
    let mut wedge = Wedge::default();
    play(&mut wedge, &keys(&MRN));
    assert!(!format!("{wedge:?}").contains("rn"), "{wedge:?}");
    assert_eq!(format!("{:?}", text("Mrn-07")), "Text(Scan(6 characters))");
}

proptest! {
    /// Whatever is typed, only characters come out, and never more than fit.
    #[test]
    fn any_keys_at_any_pace_are_taken(
        events in prop::collection::vec((0..600_u64, 0..3_u8, any::<u16>()), 0..200)
    ) {
        let mut wedge = Wedge::default();
        let mut now = 0;
        for (pause, kind, code) in events {
            now += pause;
            let code = code % 128;
            let event = match kind {
                0 => KeyEvent::Up(code),
                1 => KeyEvent::Down(code),
                _ => KeyEvent::Lost,
            };
            if let Some(Scanned::Text(scan)) = wedge.handle(now, event) {
                prop_assert!((1..=LONGEST).contains(&scan.text().len()));
            }
            prop_assert!(wedge.text.0.len() <= LONGEST);
        }
    }
}
