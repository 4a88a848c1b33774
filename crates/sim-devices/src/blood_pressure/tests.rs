//! What a cuff does when it is told to, and what a host gets of it.

use super::*;

const BOTH: [u16; 2] = [0x2A35, 0x2A36];

fn cuff(layout: Layout) -> Cuff {
    let mut cuff = Cuff::new("Cuff", layout);
    say(&mut cuff, "clock shows 2026-11-22T08:42:00").unwrap();
    cuff
}

fn say(cuff: &mut Cuff, line: &str) -> Result<String, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    cuff.obey(&words, Duration::ZERO)
}

fn due(cuff: &mut Cuff, millis: u64) -> Option<Push> {
    let host = Subscriptions::of(&BOTH.map(Uuid::Short));
    cuff.due(Duration::from_millis(millis), &host)
}

#[test]
fn what_is_measured_is_sent_oldest_first_until_it_is_confirmed() {
    let mut cuff = cuff(Layout::Standard);
    say(&mut cuff, "fills 2").unwrap();
    let first = due(&mut cuff, 0).unwrap();
    assert_eq!((first.value[1], first.value[12]), (100, 41), "a minute earlier");
    assert_eq!(due(&mut cuff, 0).as_ref(), Some(&first));
    cuff.confirmed(&first, Duration::ZERO);
    let second = due(&mut cuff, 0).unwrap();
    assert_eq!((second.value[1], second.value[12]), (101, 42));
    cuff.confirmed(&first, Duration::ZERO);
    assert_eq!(due(&mut cuff, 0), Some(second));
}

#[test]
fn a_measurement_shows_its_pressure_and_ends_in_a_reading() {
    let mut cuff = cuff(Layout::Standard);
    say(&mut cuff, "measures 120 80 93 64 6").unwrap();
    let pressure = |push: Option<Push>| {
        push.filter(|push| push.characteristic == CUFF_PRESSURE).map(|push| push.value[1])
    };
    assert_eq!(pressure(due(&mut cuff, 0)), Some(0));
    assert_eq!(due(&mut cuff, 249), None);
    assert_eq!(pressure(due(&mut cuff, 1_000)), Some(75));
    assert_eq!(pressure(due(&mut cuff, 2_000)), Some(150));
    let reading = due(&mut cuff, 6_000).unwrap();
    assert_eq!(
        (reading.characteristic, reading.value[1], reading.value[14]),
        (MEASUREMENT, 120, 64)
    );
}

#[test]
fn a_bm85_that_is_subscribed_to_at_once_stays_silent() {
    for (millis, silent) in [(10, true), (100, false)] {
        let mut cuff = cuff(Layout::Bm85);
        say(&mut cuff, "fills 1").unwrap();
        cuff.connected(Duration::ZERO);
        cuff.subscribed(MEASUREMENT, true, Duration::from_millis(millis));
        assert_eq!(due(&mut cuff, 1_000).is_none(), silent, "{millis} ms");
    }
}

#[test]
fn a_failure_has_its_remark_and_no_number() {
    let mut cuff = cuff(Layout::Standard);
    say(&mut cuff, "fails loose").unwrap();
    let failed = due(&mut cuff, 0).unwrap().value;
    assert_eq!((&failed[1..3], failed[17]), (&[0xFF, 0x07][..], 2));
}

#[test]
fn nonsense_is_refused_in_words() {
    for (line, part) in [
        ("measures", "for example"),
        ("measures 128 82 97 fast", "PULSE is a number"),
        ("fails badly", "unknown remark `badly`"),
        ("fills 0", "from 1"),
        ("sends 0", "hexadecimal"),
        ("sings", "it can"),
    ] {
        let refusal = say(&mut cuff(Layout::Standard), line).expect_err(line);
        assert!(refusal.contains(part), "`{line}`: {refusal}");
    }
}
