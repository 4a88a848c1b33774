//! The words of VISCA that this camera understands, and the bytes of its replies.
//!
//! A message is `8x .. FF`, at most 16 bytes, addressed to camera x or (8) to all; a reply is
//! `y0 .. FF`. Sources: Sony's command lists for its EVI and BRC cameras, and the public drivers
//! GrantSparks/grafton-visca and glikely/obs-ptz, whose bytes are in the tests.

/// Pan and tilt in the camera's own steps, right and up positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    pub pan: i16,
    pub tilt: i16,
}

/// Speeds as sent: pan 1 to 24, tilt 1 to 20.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speeds {
    pub pan: u8,
    pub tilt: u8,
}

/// -1, 0 or 1 on each axis; right and up positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    pub pan: i8,
    pub tilt: i8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Power(bool),
    Drive(Speeds, Direction),
    Absolute(Speeds, Steps),
    Relative(Speeds, Steps),
    Home,
    Reset,
    /// -1 wide, 0 stop, 1 tele; speed 0 to 7.
    Zoom(i8, u8),
    ZoomTo(u16),
    ForgetPreset(u8),
    SetPreset(u8),
    RecallPreset(u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inquiry {
    Power,
    Version,
    PanTilt,
    Zoom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Command(Command),
    Inquiry(Inquiry),
    /// Stop the command that holds this socket.
    Cancel(u8),
    /// Broadcast: cameras on a chain number themselves.
    SetAddress,
    /// Broadcast or to one camera: forget half-received and waiting commands.
    Clear {
        broadcast: bool,
    },
}

/// Codes of error replies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    Length = 0x01,
    Syntax = 0x02,
    BufferFull = 0x03,
    Cancelled = 0x04,
    NoSocket = 0x05,
    NotExecutable = 0x41,
}

/// Speed when a zoom command names none.
const STANDARD_ZOOM_SPEED: u8 = 4;

/// Understands the bytes between the address and `FF`.
pub fn understand(broadcast: bool, body: &[u8]) -> Result<Word, Complaint> {
    match body {
        [0x30, 0x01] if broadcast => Ok(Word::SetAddress),
        [0x01, 0x00, 0x01] => Ok(Word::Clear { broadcast }),
        [socket] if socket & 0xF0 == 0x20 => Ok(Word::Cancel(socket & 0x0F)),
        [0x09, inquiry @ ..] => understand_inquiry(inquiry).map(Word::Inquiry),
        [0x01, command @ ..] => understand_command(command).map(Word::Command),
        _ => Err(Complaint::Syntax),
    }
}

fn understand_inquiry(body: &[u8]) -> Result<Inquiry, Complaint> {
    match body {
        [0x04, 0x00] => Ok(Inquiry::Power),
        [0x00, 0x02] => Ok(Inquiry::Version),
        [0x06, 0x12] => Ok(Inquiry::PanTilt),
        [0x04, 0x47] => Ok(Inquiry::Zoom),
        _ => Err(Complaint::Syntax),
    }
}

fn understand_command(body: &[u8]) -> Result<Command, Complaint> {
    match *body {
        [0x04, 0x00, 0x02] => Ok(Command::Power(true)),
        [0x04, 0x00, 0x03] => Ok(Command::Power(false)),
        [0x04, 0x07, how] => understand_zoom(how),
        [0x04, 0x47, ref nibbles @ ..] => match word(nibbles)? {
            position @ 0..=0x4000 => Ok(Command::ZoomTo(position)),
            _ => Err(Complaint::Syntax),
        },
        [0x04, 0x3F, action, preset @ 0..=15] => match action {
            0 => Ok(Command::ForgetPreset(preset)),
            1 => Ok(Command::SetPreset(preset)),
            2 => Ok(Command::RecallPreset(preset)),
            _ => Err(Complaint::Syntax),
        },
        [0x06, 0x01, pan, tilt, horizontal, vertical] => {
            let direction = Direction { pan: sign(horizontal, 2, 1)?, tilt: sign(vertical, 1, 2)? };
            Ok(Command::Drive(speeds(pan, tilt)?, direction))
        }
        [0x06, 0x02, pan, tilt, ref nibbles @ ..] => {
            Ok(Command::Absolute(speeds(pan, tilt)?, steps(nibbles)?))
        }
        [0x06, 0x03, pan, tilt, ref nibbles @ ..] => {
            Ok(Command::Relative(speeds(pan, tilt)?, steps(nibbles)?))
        }
        [0x06, 0x04] => Ok(Command::Home),
        [0x06, 0x05] => Ok(Command::Reset),
        _ => Err(Complaint::Syntax),
    }
}

fn understand_zoom(how: u8) -> Result<Command, Complaint> {
    match how {
        0x00 => Ok(Command::Zoom(0, 0)),
        0x02 => Ok(Command::Zoom(1, STANDARD_ZOOM_SPEED)),
        0x03 => Ok(Command::Zoom(-1, STANDARD_ZOOM_SPEED)),
        0x20..=0x27 => Ok(Command::Zoom(1, how & 0x07)),
        0x30..=0x37 => Ok(Command::Zoom(-1, how & 0x07)),
        _ => Err(Complaint::Syntax),
    }
}

fn speeds(pan: u8, tilt: u8) -> Result<Speeds, Complaint> {
    match (pan, tilt) {
        // Many controllers send the pan axis's range to both: the tilt axis caps it.
        (1..=0x18, 1..=0x18) => Ok(Speeds { pan, tilt: tilt.min(0x14) }),
        _ => Err(Complaint::Syntax),
    }
}

fn sign(byte: u8, positive: u8, negative: u8) -> Result<i8, Complaint> {
    match byte {
        0x03 => Ok(0),
        _ if byte == positive => Ok(1),
        _ if byte == negative => Ok(-1),
        _ => Err(Complaint::Syntax),
    }
}

fn steps(nibbles: &[u8]) -> Result<Steps, Complaint> {
    let Some((pan, tilt)) = nibbles.split_at_checked(4) else { return Err(Complaint::Syntax) };
    Ok(Steps { pan: word(pan)?.cast_signed(), tilt: word(tilt)?.cast_signed() })
}

/// Sixteen bits, one nibble per byte.
fn word(nibbles: &[u8]) -> Result<u16, Complaint> {
    match *nibbles {
        [a @ 0..=15, b @ 0..=15, c @ 0..=15, d @ 0..=15] => {
            Ok([a, b, c, d].iter().fold(0, |word, nibble| word << 4 | u16::from(*nibble)))
        }
        _ => Err(Complaint::Syntax),
    }
}

pub fn acknowledge(socket: u8) -> Vec<u8> {
    vec![0x90, 0x40 | socket, 0xFF]
}

pub fn complete(socket: u8) -> Vec<u8> {
    vec![0x90, 0x50 | socket, 0xFF]
}

pub fn complain(socket: u8, complaint: Complaint) -> Vec<u8> {
    vec![0x90, 0x60 | socket, complaint as u8, 0xFF]
}

/// Vendor 0x0020, model 0x0711, ROM 0x0102, two sockets.
pub fn version() -> Vec<u8> {
    inform(&[0x00, 0x20, 0x07, 0x11, 0x01, 0x02, 0x02])
}

pub fn power(on: bool) -> Vec<u8> {
    inform(&[if on { 0x02 } else { 0x03 }])
}

pub fn pan_tilt(steps: Steps) -> Vec<u8> {
    inform(&[nibbles(steps.pan.cast_unsigned()), nibbles(steps.tilt.cast_unsigned())].concat())
}

pub fn zoom(position: u16) -> Vec<u8> {
    inform(&nibbles(position))
}

/// The broadcasts come back to their sender at the end of the chain, with the next free address.
pub fn set_address_reply() -> Vec<u8> {
    vec![0x88, 0x30, 0x02, 0xFF]
}

pub fn clear_reply(broadcast: bool) -> Vec<u8> {
    if broadcast { vec![0x88, 0x01, 0x00, 0x01, 0xFF] } else { complete(0) }
}

fn inform(payload: &[u8]) -> Vec<u8> {
    [&[0x90, 0x50], payload, &[0xFF]].concat()
}

fn nibbles(word: u16) -> [u8; 4] {
    [12, 8, 4, 0].map(|shift| (word >> shift) as u8 & 0x0F)
}

#[cfg(test)]
mod tests {
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
        let relative = Command::Relative(FULL, Steps { pan: -256, tilt: 256 });
        command("8101060318140f0f000000010000ff", relative);
        command("81010605ff", Command::Reset);
        command("8101040700ff", Command::Zoom(0, 0));
        command("8101040703ff", Command::Zoom(-1, STANDARD_ZOOM_SPEED));
        command("8101040737ff", Command::Zoom(-1, 7));
        command("8101044704000000ff", Command::ZoomTo(0x4000));
        command("8101043f0205ff", Command::RecallPreset(5));
        command("8101043f0005ff", Command::ForgetPreset(5));
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
}
