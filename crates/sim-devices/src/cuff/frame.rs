//! The bytes of the SunTech Advantage NIBP module (RS-232, 9600 8N1).
//!
//! The host sends `3A command.. sum`, the module `3E length .. sum`; length counts the whole frame
//! and all bytes of a frame add up to 0 modulo 256. Sources: the public host program ak-git/DemoApp
//! (Apache-2.0), whose tests quote the module's manual, for the frames; the error codes are those
//! that the user manuals of SunTech's own monitors print.

/// What a host can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    StartAdult,
    Abort,
    GetResult,
    GetPressure,
}

const COMMANDS: [(&[u8], Command); 4] = [
    (&[0x20], Command::StartAdult),
    (&[0x79, 0x01, 0x00], Command::Abort),
    (&[0x79, 0x03, 0x00], Command::GetResult),
    (&[0x79, 0x05, 0x00], Command::GetPressure),
];

const HOST: u8 = 0x3A;
const MODULE: u8 = 0x3E;

/// Finds commands in what the host sends, in any chunks.
#[derive(Debug, Default)]
pub struct Ear(Vec<u8>);

impl Ear {
    /// Every known command with a right checksum. All else is skipped, as the module does.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<Command> {
        self.0.extend_from_slice(bytes);
        let mut commands = Vec::new();
        while let Some(start) = self.0.iter().position(|&byte| byte == HOST) {
            self.0.drain(..start);
            match match_command(&self.0) {
                Match::Whole(command, length) => {
                    commands.push(command);
                    self.0.drain(..length);
                }
                Match::Part => return commands,
                Match::No => drop(self.0.remove(0)),
            }
        }
        self.0.clear();
        commands
    }
}

enum Match {
    Whole(Command, usize),
    Part,
    No,
}

fn match_command(frame: &[u8]) -> Match {
    for (body, command) in COMMANDS {
        let length = body.len() + 2;
        if frame.len() < length && body.starts_with(&frame[1..]) {
            return Match::Part;
        }
        if frame.len() == length - 1 && frame[1..] == *body {
            return Match::Part;
        }
        let whole = frame.len() >= length && frame[1..].starts_with(body);
        if whole && sum(&frame[..length]) == 0 {
            return Match::Whole(command, length);
        }
    }
    Match::No
}

/// Single letters by which the module tells how a command fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    Received = 0x4F,
    Completed = 0x4B,
    Aborted = 0x41,
    Busy = 0x42,
}

pub fn acknowledgement(letter: Acknowledgement) -> Vec<u8> {
    module_frame(&[letter as u8])
}

/// Cuff pressure, mmHg, low byte first.
pub fn pressure(mmhg: u16) -> Vec<u8> {
    module_frame(&mmhg.to_le_bytes())
}

/// What a finished measurement found. A failed one has an error code and zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    pub systolic: u16,
    pub diastolic: u16,
    pub mean: u16,
    pub pulse: u8,
    pub beats: u8,
    /// 1 after a measurement that worked, as in the manual's example.
    pub status: u8,
    pub error: u8,
}

/// The 24-byte answer to `GetResult`.
pub fn result(measured: &Measured) -> Vec<u8> {
    let mut data = Vec::with_capacity(21);
    data.extend(measured.systolic.to_le_bytes());
    data.extend(measured.diastolic.to_le_bytes());
    data.extend([measured.beats, measured.status]);
    data.extend([0; 8]); // Test codes: for the maker's service.
    data.extend([measured.pulse, 0]);
    data.extend(measured.mean.to_le_bytes());
    data.extend([measured.error, 0, 0]);
    module_frame(&data)
}

fn module_frame(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len() + 3).expect("module frames are at most 24 bytes long");
    let mut frame = vec![MODULE, length];
    frame.extend_from_slice(data);
    frame.push(sum(&frame).wrapping_neg());
    frame
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes quoted from the manual by the tests of ak-git/DemoApp.
    const PRESSURE_258: [u8; 5] = [0x3E, 0x05, 0x02, 0x01, 0xBA];
    const RESULT_115_74: [u8; 24] = [
        0x3E, 0x18, 0x73, 0x00, 0x4A, 0x00, 0x1E, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x31,
        0x07, 0x55, 0x00, 0x58, 0x00, 0x00, 0x00, 0x00, 0xE9,
    ];

    #[test]
    fn a_pressure_of_258_is_encoded_as_in_the_manual() {
        assert_eq!(pressure(258), PRESSURE_258);
    }

    #[test]
    fn a_result_differs_from_the_manual_only_in_the_test_codes() {
        let measured = Measured {
            systolic: 115,
            diastolic: 74,
            mean: 88,
            pulse: 85,
            beats: 30,
            status: 1,
            error: 0,
        };
        let frame = result(&measured);
        assert_eq!(frame.len(), 24);
        assert_eq!(sum(&frame), 0);
        assert_eq!(frame[..8], RESULT_115_74[..8]);
        assert_eq!(frame[16..23], RESULT_115_74[16..23]);
    }

    #[test]
    fn the_published_commands_are_heard() {
        check("3a20a6", &[Command::StartAdult]);
        check("3a7903004a", &[Command::GetResult]);
        check("3a79050048", &[Command::GetPressure]);
        check("3a7901004c", &[Command::Abort]);
    }

    #[test]
    fn noise_and_wrong_checksums_are_skipped() {
        check("3a20a7", &[]);
        check("00ff3a3a20a6", &[Command::StartAdult]);
        check("3a7903004b3a20a6", &[Command::StartAdult]);
        check("3a20a63a20a6", &[Command::StartAdult, Command::StartAdult]);
    }

    /// Byte by byte and in one piece give the same commands.
    fn check(hex: &str, expected: &[Command]) {
        let bytes = crate::control::hex::parse(hex).expect("test data is hexadecimal");
        assert_eq!(Ear::default().hear(&bytes), expected, "{hex} in one piece");
        let mut ear = Ear::default();
        let slowly: Vec<Command> = bytes.iter().flat_map(|byte| ear.hear(&[*byte])).collect();
        assert_eq!(slowly, expected, "{hex} byte by byte");
    }
}
