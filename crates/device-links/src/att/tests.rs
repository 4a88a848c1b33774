//! The ATT client against answers as Bluetooth Core, Vol 3, Part F writes them.

mod vendor;

use super::*;

const MEASUREMENT: Channel = Channel::sig(0x1809, 0x2A1C);
const SITE: Channel = Channel::sig(0x1809, 0x2A1D);

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn framed(pdu: &str) -> Vec<u8> {
    l2cap::frame(&hex(pdu))
}

/// What the client sends next has to be this request; it is answered with `answer`.
#[track_caller]
fn exchange(client: &mut Client, request: &str, answer: &str) -> Result<Option<Arrived>, AttError> {
    assert_eq!(client.take_bytes(), framed(request), "instead of {request}");
    client.feed(&framed(answer));
    client.next(0)
}

/// A client that wants this, and has agreed on packets of the usual length.
fn wanting(channel: Channel, want: Want) -> Client {
    let mut client = Client::default();
    client.want(0, channel, want).unwrap();
    assert_eq!(exchange(&mut client, "02 f700", "03 1700"), Ok(None));
    client
}

fn value(channel: Channel, bytes: &str, confirm: bool) -> Option<Arrived> {
    Some(Arrived::Value { channel: Some(channel), value: hex(bytes), confirm })
}

/// Up to the answered write of the configuration, the way a real thermometer is laid out.
fn subscribed() -> Client {
    let mut client = wanting(MEASUREMENT, Want::Subscribe);
    for (request, answer) in [
        ("06 0100 ffff 0028 0918", "07 1000 1500"),
        ("08 1000 1500 0328", "09 07 1100 20 1200 1c2a"),
        ("08 1200 1500 0328", "09 07 1400 02 1500 1d2a"),
        ("08 1500 1500 0328", "01 08 1500 0a"),
        ("04 1300 1300", "05 01 1300 0229"),
        ("12 1300 0200", "13"),
    ] {
        assert_eq!(exchange(&mut client, request, answer), Ok(None));
    }
    assert_eq!(client.deadline(), None);
    client
}

#[test]
fn a_subscription_is_found_step_by_step_and_its_values_are_confirmed() {
    let mut client = subscribed();
    client.feed(&framed("1d 1200 00 720100ff"));
    assert_eq!(client.next(0), Ok(value(MEASUREMENT, "00720100ff", true)));
    assert_eq!(client.take_bytes(), [0; 0], "not before it has been dealt with");
    client.confirm();
    assert_eq!(client.take_bytes(), framed("1e"));
}

#[test]
fn what_is_indicated_before_the_subscription_is_answered_is_not_lost() {
    let mut client = wanting(MEASUREMENT, Want::Subscribe);
    exchange(&mut client, "06 0100 ffff 0028 0918", "07 1000 1300").unwrap();
    exchange(&mut client, "08 1000 1300 0328", "09 07 1100 20 1200 1c2a").unwrap();
    exchange(&mut client, "08 1200 1300 0328", "01 08 1200 0a").unwrap();
    exchange(&mut client, "04 1300 1300", "05 01 1300 0229").unwrap();
    let early = exchange(&mut client, "12 1300 0200", "1d 1200 00").unwrap();
    assert_eq!(early, value(MEASUREMENT, "00", true));
    client.feed(&framed("13"));
    assert_eq!(client.next(0), Ok(None));
}

#[test]
fn a_value_that_can_only_be_notified_is_subscribed_to_as_such() {
    let mut client = wanting(MEASUREMENT, Want::Subscribe);
    exchange(&mut client, "06 0100 ffff 0028 0918", "07 1000 1400").unwrap();
    exchange(&mut client, "08 1000 1400 0328", "09 07 1100 10 1200 1c2a").unwrap();
    exchange(&mut client, "08 1200 1400 0328", "01 08 1200 0a").unwrap();
    // Another descriptor stands before the one that is looked for.
    exchange(&mut client, "04 1300 1400", "05 01 1300 0129").unwrap();
    exchange(&mut client, "04 1400 1400", "05 01 1400 0229").unwrap();
    exchange(&mut client, "12 1400 0100", "13").unwrap();
    client.feed(&framed("1b 1200 07"));
    assert_eq!(client.next(0), Ok(value(MEASUREMENT, "07", false)));
}

#[test]
fn a_value_is_read_with_what_is_known_already() {
    let mut client = subscribed();
    client.want(0, SITE, Want::Read).unwrap();
    assert_eq!(exchange(&mut client, "0a 1500", "0b 02"), Ok(value(SITE, "02", false)));
}

#[test]
fn a_value_that_fills_an_answer_is_read_on_until_it_ends() {
    let whole = "000102030405060708090a0b0c0d0e0f1011121314151617";
    let (start, rest) = whole.split_at(44);
    let mut client = subscribed();
    client.want(0, SITE, Want::Read).unwrap();
    assert_eq!(exchange(&mut client, "0a 1500", &format!("0b {start}")), Ok(None));
    let read = exchange(&mut client, "0c 1500 1600", &format!("0d {rest}"));
    assert_eq!(read, Ok(value(SITE, whole, false)));
    // Of exactly the length of an answer: some servers say so by an error, others by nothing.
    for end in ["01 0c 1500 0b", "01 0c 1500 07", "0d"] {
        client.want(0, SITE, Want::Read).unwrap();
        exchange(&mut client, "0a 1500", &format!("0b {start}")).unwrap();
        assert_eq!(exchange(&mut client, "0c 1500 1600", end), Ok(value(SITE, start, false)));
    }
}

#[test]
fn longer_packets_carry_longer_values_at_once() {
    let mut client = Client::default();
    client.want(0, MEASUREMENT, Want::Read).unwrap();
    exchange(&mut client, "02 f700", "03 4000").unwrap();
    exchange(&mut client, "06 0100 ffff 0028 0918", "07 1000 1200").unwrap();
    exchange(&mut client, "08 1000 1200 0328", "09 07 1100 02 1200 1c2a").unwrap();
    exchange(&mut client, "08 1200 1200 0328", "01 08 1200 0a").unwrap();
    let long = "07".repeat(62);
    let read = exchange(&mut client, "0a 1200", &format!("0b {long}"));
    assert_eq!(read, Ok(value(MEASUREMENT, &long, false)));
}

#[test]
fn a_device_without_a_value_to_read_says_so_and_the_next_task_begins() {
    let mut client = wanting(SITE, Want::Read);
    client.want(0, MEASUREMENT, Want::Subscribe).unwrap();
    exchange(&mut client, "06 0100 ffff 0028 0918", "07 1000 1300").unwrap();
    exchange(&mut client, "08 1000 1300 0328", "09 07 1100 20 1200 1c2a").unwrap();
    let refused = exchange(&mut client, "08 1200 1300 0328", "01 08 1200 0a");
    assert_eq!(refused, Ok(Some(Arrived::Refused(SITE))));
    assert_eq!(client.take_bytes(), framed("04 1300 1300"));
}

#[test]
fn a_value_that_must_not_be_read_is_refused() {
    let mut client = subscribed();
    client.want(0, SITE, Want::Read).unwrap();
    let refused = exchange(&mut client, "0a 1500", "01 0a 1500 05");
    assert_eq!(refused, Ok(Some(Arrived::Refused(SITE))));
}

#[test]
fn a_server_that_knows_no_other_length_of_packets_keeps_to_the_usual_one() {
    let mut client = Client::default();
    client.want(0, MEASUREMENT, Want::Subscribe).unwrap();
    exchange(&mut client, "02 f700", "01 02 0000 06").unwrap();
    assert_eq!(client.take_bytes(), framed("06 0100 ffff 0028 0918"));
}

#[test]
fn a_device_without_the_service_ends_the_link() {
    let mut client = wanting(MEASUREMENT, Want::Subscribe);
    let missing = exchange(&mut client, "06 0100 ffff 0028 0918", "01 06 0100 0a");
    let error = AttError::NoCharacteristic {
        service: Uuid::sig(0x1809),
        characteristic: Uuid::sig(0x2A1C),
    };
    assert_eq!(missing, Err(error));
}

#[test]
fn a_device_that_turns_in_circles_ends_the_link() {
    let mut client = wanting(MEASUREMENT, Want::Subscribe);
    exchange(&mut client, "06 0100 ffff 0028 0918", "07 1000 2000").unwrap();
    let same = "09 07 1100 20 1200 ffff";
    exchange(&mut client, "08 1000 2000 0328", same).unwrap();
    let again = exchange(&mut client, "08 1200 2000 0328", same);
    assert!(matches!(again, Err(AttError::Garbled { .. })), "{again:?}");
}

#[test]
fn an_answer_to_nothing_ends_the_link() {
    let mut client = subscribed();
    client.feed(&framed("13"));
    assert_eq!(client.next(0), Err(AttError::Unasked { pdu: vec![0x13] }));
}

#[test]
fn a_request_that_stays_unanswered_ends_the_link() {
    let mut client = Client::default();
    client.want(1_000, MEASUREMENT, Want::Subscribe).unwrap();
    assert_eq!(client.deadline(), Some(31_000));
    assert_eq!(client.timer(30_999), Ok(()));
    assert_eq!(client.timer(31_000), Err(AttError::TimedOut));
}

#[test]
fn a_value_that_nobody_subscribed_to_is_confirmed_and_has_no_channel() {
    let mut client = subscribed();
    client.feed(&framed("1d 9900 07"));
    let stray = Arrived::Value { channel: None, value: vec![7], confirm: true };
    assert_eq!(client.next(0), Ok(Some(stray)));
}

#[test]
fn no_answer_makes_the_client_panic() {
    // Every answer of up to three bytes after the opcode, at every step of a subscription.
    let steps = [
        ("06 0100 ffff 0028 0918", "07 1000 1500"),
        ("08 1000 1500 0328", "09 07 1100 20 1200 1c2a"),
        ("08 1200 1500 0328", "01 08 1200 0a"),
        ("04 1300 1500", "05 01 1300 0229"),
    ];
    for known in 0..=steps.len() {
        for opcode in 0..=0xFF_u8 {
            for length in 0..4 {
                let mut client = wanting(MEASUREMENT, Want::Subscribe);
                for (request, answer) in &steps[..known] {
                    exchange(&mut client, request, answer).unwrap();
                }
                drop(client.take_bytes());
                let pdu = [&[opcode][..], &[0xFF; 3][..length]].concat();
                client.feed(&l2cap::frame(&pdu));
                // The client may take it or end the link, and does not wait for two answers.
                if client.next(0).is_ok() {
                    assert!(client.take_bytes().len() <= 4 + 9);
                }
            }
        }
    }
}
