//! VISCA in numbered datagrams, as cameras speak it on UDP port 52381.
//!
//! Before each message stand its type, its length and its number, big-endian. A number that is not
//! above the last one is answered `0F 01` and not obeyed, whoever resent it; a reset makes the
//! camera count from 0. A host that begins without a reset may begin with any number. Answers carry the number of what they answer, also when they come late.
//! Source: "VISCA over IP" in Sony's command lists for its BRC and SRG cameras.

use super::Camera;
use super::session::Session;
use crate::link::{Message, Speaker};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const HEADER: usize = 8;
const COMMAND: u16 = 0x0100;
const INQUIRY: u16 = 0x0110;
const REPLY: u16 = 0x0111;
const SETTING: u16 = 0x0120;
const CONTROL: u16 = 0x0200;
const CONTROL_REPLY: u16 = 0x0201;

pub struct Numbered {
    session: Session,
    /// `None`: nothing was heard of this host.
    last: Option<u32>,
    /// By socket, of which there are at most 15: the number of the command that is in it.
    in_socket: [u32; 16],
}

impl Numbered {
    pub fn new(camera: Arc<Mutex<Camera>>) -> Self {
        Self { session: Session::new(camera), last: None, in_socket: [0; 16] }
    }

    fn message(&mut self, number: u32, payload: &[u8], now: Duration) -> Vec<Message> {
        if self.last.is_some_and(|last| number <= last) {
            return vec![envelope(CONTROL_REPLY, number, &[0x0F, 0x01])];
        }
        self.last = Some(number);
        let answers = self.session.hear(payload, now);
        answers.into_iter().map(|answer| self.reply(Some(number), &answer)).collect()
    }

    fn control(&mut self, number: u32, payload: &[u8]) -> Vec<Message> {
        let answer: &[u8] = match payload {
            [0x01] => {
                self.last = Some(0);
                &[0x01]
            }
            _ => &[0x0F, 0x02],
        };
        vec![envelope(CONTROL_REPLY, number, answer)]
    }

    /// What ends a command in a socket carries the number of that command; all else answers what
    /// was heard just now.
    fn reply(&mut self, heard: Option<u32>, answer: &[u8]) -> Message {
        let kind = answer.get(1).copied().unwrap_or(0);
        let socket = usize::from(kind & 0x0F);
        let ended = match kind & 0xF0 {
            0x40 => {
                self.in_socket[socket] = heard.or(self.last).unwrap_or(0);
                None
            }
            0x50 if socket != 0 => Some(self.in_socket[socket]),
            0x60 if answer.get(2) == Some(&0x04) => Some(self.in_socket[socket]),
            _ => None,
        };
        envelope(REPLY, ended.or(heard).or(self.last).unwrap_or(0), answer)
    }
}

impl Speaker for Numbered {
    fn hear(&mut self, datagram: &[u8], now: Duration) -> Vec<Message> {
        let Some((kind, number, payload)) = open(datagram) else { return Vec::new() };
        match kind {
            // Public controllers send inquiries as commands; cameras answer them.
            COMMAND | INQUIRY => self.message(number, payload, now),
            CONTROL => self.control(number, payload),
            SETTING | REPLY | CONTROL_REPLY => Vec::new(),
            _ => vec![envelope(CONTROL_REPLY, number, &[0x0F, 0x02])],
        }
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let due = self.session.due(now);
        due.into_iter().map(|answer| self.reply(None, &answer)).collect()
    }
}

/// Type, number and payload; nothing if the length is not that of the payload.
fn open(datagram: &[u8]) -> Option<(u16, u32, &[u8])> {
    let (head, payload) = datagram.split_at_checked(HEADER)?;
    let word = |at: usize| u16::from_be_bytes([head[at], head[at + 1]]);
    let whole = usize::from(word(2)) == payload.len() && !payload.is_empty();
    let number = u32::from(word(4)) << 16 | u32::from(word(6));
    whole.then_some((word(0), number, payload))
}

fn envelope(kind: u16, number: u32, payload: &[u8]) -> Message {
    let length = payload.len() as u16;
    [&kind.to_be_bytes()[..], &length.to_be_bytes(), &number.to_be_bytes(), payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn numbered() -> Numbered {
        Numbered::new(Arc::new(Mutex::new(Camera::default())))
    }

    fn check(camera: &mut Numbered, seconds: f64, datagram: &str, expected: &str) {
        let now = Duration::from_secs_f64(seconds);
        let answers = camera.hear(&hex::parse(datagram).unwrap(), now);
        let said: Vec<String> = answers.iter().map(|answer| hex::write(answer)).collect();
        assert_eq!(said.join(" "), expected, "{datagram}");
    }

    #[test]
    fn a_host_that_does_not_reset_begins_with_0() {
        let mut camera = numbered();
        check(&mut camera, 0.0, "011000050000000081090400ff", "0111000400000000905002ff");
        check(&mut camera, 0.0, "011000050000000081090400ff", "02010002000000000f01");
    }

    /// As the PyPI package visca-over-ip 0.5.2 sends them.
    #[test]
    fn published_datagrams_are_answered() {
        let mut camera = numbered();
        check(&mut camera, 0.0, "020000010000000101", "020100010000000101");
        let done = "01110003000000039041ff 01110003000000039051ff";
        check(&mut camera, 0.0, "01000006000000038101040002ff", done);
        check(&mut camera, 0.1, "011000050000000581090400ff", "0111000400000005905002ff");
    }

    #[test]
    fn a_number_that_was_had_is_not_obeyed_again() {
        let mut camera = numbered();
        let done = "01110003000000099041ff 01110003000000099051ff";
        check(&mut camera, 0.0, "01000007000000098101043f0105ff", done);
        check(&mut camera, 0.1, "01000007000000098101043f0105ff", "02010002000000090f01");
        check(&mut camera, 0.1, "01000007000000058101043f0105ff", "02010002000000050f01");
        check(&mut camera, 0.2, "020000010000000001", "020100010000000001");
        let done = "01110003000000019041ff 01110003000000019051ff";
        check(&mut camera, 0.2, "01000007000000018101043f0105ff", done);
    }

    #[test]
    fn what_ends_late_carries_the_number_of_its_beginning() {
        let mut camera = numbered();
        let to_the_right = "0100000f000000018101060218140001020c00000604ff";
        check(&mut camera, 0.0, to_the_right, "01110003000000019041ff");
        let asked = "011000050000000281090400ff";
        check(&mut camera, 0.1, asked, "0111000400000002905002ff");
        let due = camera.due(Duration::from_secs(3));
        assert_eq!(hex::write(&due.concat()), "01110003000000019051ff");
    }

    #[test]
    fn an_interrupted_command_is_told_by_its_own_number() {
        let mut camera = numbered();
        let to_the_right = "0100000f000000018101060218140001020c00000604ff";
        check(&mut camera, 0.0, to_the_right, "01110003000000019041ff");
        let told = "0111000400000001906104ff 01110003000000029041ff 01110003000000029051ff";
        check(&mut camera, 0.2, "01000009000000028101060118140303ff", told);
    }

    #[test]
    fn what_is_no_datagram_of_visca_is_told_or_ignored() {
        let mut camera = numbered();
        check(&mut camera, 0.0, "0300000100000007 01", "02010002000000070f02");
        check(&mut camera, 0.0, "0200000100000007 02", "02010002000000070f02");
        check(&mut camera, 0.0, "01000006000000038101040002", "");
        check(&mut camera, 0.0, "01000006", "");
    }
}
