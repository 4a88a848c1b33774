//! Messages of public controllers and what they mean.

use super::*;
use crate::control::hex;

fn check(message: &str, expected: Result<Word, Complaint>) {
    let bytes = hex::parse(message).unwrap();
    let (address, body) = (bytes[0], &bytes[1..bytes.len() - 1]);
    assert_eq!(understand(address == 0x88, body), expected, "{message}");
}

fn command(message: &str, expected: Command) {
    check(message, Ok(Word::Command(expected)));
}

const FULL: Speeds = Speeds { pan: 0x18, tilt: 0x14 };

/// Messages as public controllers send them.
#[test]
fn published_commands_are_understood() {
    command("8101060118140301ff", Command::Drive(FULL, Direction { pan: 0, tilt: 1 }));
    command("8101060118140103ff", Command::Drive(FULL, Direction { pan: -1, tilt: 0 }));
    command("8101060118140303ff", Command::Drive(FULL, Direction { pan: 0, tilt: 0 }));
    let still = Direction { pan: 0, tilt: 0 };
    command("8101060100000303ff", Command::Drive(Speeds { pan: 1, tilt: 1 }, still));
    let relative = Command::Relative(FULL, Steps { pan: -256, tilt: 256 });
    command("8101060318140f0f000000010000ff", relative);
    command("81010605ff", Command::Reset);
    command("8101040700ff", Command::Zoom(0, 0));
    command("8101040703ff", Command::Zoom(-1, STANDARD_ZOOM_SPEED));
    command("8101040737ff", Command::Zoom(-1, 7));
    command("8101044704000000ff", Command::ZoomTo(0x4000));
    command("8101043f0205ff", Command::RecallPreset(5));
    command("8101043f0005ff", Command::ForgetPreset(5));
    command("8101043803ff", Command::FocusAuto(false));
    command("8101040802ff", Command::Focus(1));
    command("8101040002ff", Command::Power(true));
    check("81090400ff", Ok(Word::Inquiry(Inquiry::Power)));
    check("81090447ff", Ok(Word::Inquiry(Inquiry::Zoom)));
    check("883001ff", Ok(Word::SetAddress));
}

#[test]
fn nonsense_is_a_syntax_error() {
    for message in [
        "81ff",
        "8101ff",
        "8101060100140301ff",
        "8101060118140304ff",
        "810106021814ff",
        "8101044704000001ff",
        "8101044714000000ff",
        "8101040708ff",
        "81090612ffff",
        "8199ff",
    ] {
        check(message, Err(Complaint::Syntax));
    }
}

/// Replies as the parser tests of public controllers expect them.
#[test]
fn replies_are_the_published_bytes() {
    let same = |bytes: Vec<u8>, text: &str| assert_eq!(bytes, hex::parse(text).unwrap());
    same(acknowledge(1), "9041ff");
    same(complain(1, Complaint::Syntax), "906102ff");
    same(complain(0, Complaint::BufferFull), "906003ff");
    same(complain(2, Complaint::NoSocket), "906205ff");
    same(complain(0, Complaint::Length), "906001ff");
    same(version(), "905000200711010202ff");
    same(power(true), "905002ff");
    same(pan_tilt(Steps { pan: 0x1234, tilt: -1383 }), "9050010203040f0a0909ff");
}
