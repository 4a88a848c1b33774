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
    /// By itself, or by hand.
    FocusAuto(bool),
    /// -1 near, 0 stop, 1 far.
    Focus(i8),
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
    FocusMode,
    Focus,
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
        [0x04, 0x38] => Ok(Inquiry::FocusMode),
        [0x04, 0x48] => Ok(Inquiry::Focus),
        _ => Err(Complaint::Syntax),
    }
}

fn understand_command(body: &[u8]) -> Result<Command, Complaint> {
    match *body {
        [0x04, 0x00, 0x02] => Ok(Command::Power(true)),
        [0x04, 0x00, 0x03] => Ok(Command::Power(false)),
        [0x04, 0x07, how] => understand_zoom(how),
        [0x04, 0x38, 0x02] => Ok(Command::FocusAuto(true)),
        [0x04, 0x38, 0x03] => Ok(Command::FocusAuto(false)),
        [0x04, 0x08, 0x00] => Ok(Command::Focus(0)),
        [0x04, 0x08, 0x02 | 0x20..=0x27] => Ok(Command::Focus(1)),
        [0x04, 0x08, 0x03 | 0x30..=0x37] => Ok(Command::Focus(-1)),
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
        // Who stops need not say how fast: a public controller sends 0.
        [0x06, 0x01, 0, 0, 0x03, 0x03] => {
            let speeds = Speeds { pan: 1, tilt: 1 };
            Ok(Command::Drive(speeds, Direction { pan: 0, tilt: 0 }))
        }
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

pub fn focus_mode(auto: bool) -> Vec<u8> {
    inform(&[if auto { 0x02 } else { 0x03 }])
}

/// The answers about zoom and focus look alike: what was asked is known to the controller.
pub fn lens(position: u16) -> Vec<u8> {
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
mod tests;
