//! A service of 128 bits, as vendors make them up: writing to it, and what it may lack.

use super::*;

const VENDOR: Uuid = Uuid::new(0x4953_5343_FE7D_4AE5_8FA9_9FAF_D205_E455);
const VENDOR_VALUE: Uuid = Uuid::new(0x4953_5343_1E4D_4BD9_BA61_23C6_4724_9616);
const VENDOR_CHANNEL: Channel = Channel::Gatt { service: VENDOR, characteristic: VENDOR_VALUE };

/// A vendor's service whose one characteristic has these properties, up to its declaration.
fn vendor(want: Want, properties: &str) -> (Client, Result<Option<Arrived>, AttError>) {
    let mut client = wanting(VENDOR_CHANNEL, want);
    exchange(&mut client, "06 0100 ffff 0028 55e405d2af9fa98fe54a7dfe43535349", "07 1000 1300")
        .unwrap();
    let declared = format!("09 15 1100 {properties} 1200 16962447c62361bad94b4d1e43535349");
    exchange(&mut client, "08 1000 1300 0328", &declared).unwrap();
    let end = exchange(&mut client, "08 1200 1300 0328", "01 08 1200 0a");
    (client, end)
}

#[test]
fn a_characteristic_of_a_vendor_is_found_and_subscribed_to() {
    let (mut client, _) = vendor(Want::Subscribe, "10");
    exchange(&mut client, "04 1300 1300", "05 01 1300 0229").unwrap();
    exchange(&mut client, "12 1300 0100", "13").unwrap();
    client.feed(&framed("1b 1200 8102"));
    assert_eq!(client.next(0), Ok(value(VENDOR_CHANNEL, "8102", false)));
}

#[test]
fn a_write_is_answered_where_that_is_offered() {
    let (mut client, _) = vendor(Want::Write(vec![1, 2]), "0c");
    assert_eq!(client.take_bytes(), framed("12 1200 0102"));
    assert!(client.deadline().is_some());
    client.feed(&framed("13"));
    assert_eq!((client.next(0), client.deadline()), (Ok(None), None));
}

#[test]
fn a_write_that_can_only_be_a_command_waits_for_no_answer() {
    let (mut client, _) = vendor(Want::Write(vec![1, 2]), "04");
    assert_eq!((client.take_bytes(), client.deadline()), (framed("52 1200 0102"), None));
}

#[test]
fn a_write_that_is_not_taken_is_refused() {
    let refused = Ok(Some(Arrived::Refused(VENDOR_CHANNEL)));
    let (mut client, _) = vendor(Want::Write(vec![1]), "08");
    assert_eq!(exchange(&mut client, "12 1200 01", "01 12 1200 80"), refused);
    let (_, nowhere) = vendor(Want::Write(vec![1]), "12");
    assert_eq!(nowhere, refused);
    let (_, too_long) = vendor(Want::Write(vec![1; 21]), "08");
    assert_eq!(too_long, refused);
}

#[test]
fn a_subscription_that_is_not_there_is_refused_if_the_driver_can_do_without() {
    let refused = Ok(Some(Arrived::Refused(VENDOR_CHANNEL)));
    let (_, cannot_push) = vendor(Want::SubscribeIfThere, "02");
    assert_eq!(cannot_push, refused);
    let (mut client, _) = vendor(Want::SubscribeIfThere, "10");
    assert_eq!(exchange(&mut client, "04 1300 1300", "05 01 1300 0129"), refused);
    let (mut client, _) = vendor(Want::SubscribeIfThere, "10");
    exchange(&mut client, "04 1300 1300", "05 01 1300 0229").unwrap();
    assert_eq!(exchange(&mut client, "12 1300 0100", "01 12 1300 05"), refused);
}

#[test]
fn a_subscription_that_must_be_there_ends_the_link() {
    let (_, cannot_push) = vendor(Want::Subscribe, "02");
    assert_eq!(cannot_push, Err(AttError::NoSubscription { characteristic: VENDOR_VALUE }));
    let (mut client, _) = vendor(Want::Subscribe, "10");
    exchange(&mut client, "04 1300 1300", "05 01 1300 0229").unwrap();
    let refused = exchange(&mut client, "12 1300 0100", "01 12 1300 05");
    assert_eq!(refused, Err(AttError::Refused { code: 5 }));
}
