//! One controller's conversation with the camera: finds messages in the stream, passes them on.

use super::Camera;
use super::words::{self, Complaint, Word};
use crate::link::{Message, Speaker};
use crate::lock;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const END: u8 = 0xFF;
/// Address, at most 14 bytes, end.
const LONGEST_MESSAGE: usize = 16;

pub struct Session {
    camera: Arc<Mutex<Camera>>,
    controller: u64,
    incoming: Vec<u8>,
    /// The current message is too long already; its rest is skipped.
    too_long: bool,
}

impl Session {
    pub fn new(camera: Arc<Mutex<Camera>>) -> Self {
        let controller = lock(&camera).admit();
        Self { camera, controller, incoming: Vec::new(), too_long: false }
    }

    /// The next whole message without its end, or the complaint about it.
    fn take(&mut self, byte: u8) -> Option<Result<Vec<u8>, Complaint>> {
        if byte != END {
            if self.incoming.len() + 1 == LONGEST_MESSAGE {
                self.too_long = true;
            } else {
                self.incoming.push(byte);
            }
            return None;
        }
        let message = std::mem::take(&mut self.incoming);
        let too_long = std::mem::take(&mut self.too_long);
        Some(if too_long { Err(Complaint::Length) } else { Ok(message) })
    }

    fn handle(&self, message: &[u8]) {
        // Address 1, or everybody. What is meant for others, and stray bytes, are not ours.
        let Some((address @ (0x81 | 0x88), body)) = message.split_first() else { return };
        let mut camera = lock(&self.camera);
        let camera = &mut *camera;
        match words::understand(*address == 0x88, body) {
            Ok(Word::Command(command)) => camera.obey(self.controller, command),
            Ok(Word::Inquiry(inquiry)) => {
                let answer = camera.inquire(inquiry);
                camera.reply(self.controller, answer);
            }
            Ok(Word::Cancel(socket)) => camera.cancel(self.controller, socket),
            Ok(Word::SetAddress) => camera.reply(self.controller, words::set_address_reply()),
            Ok(Word::Clear { broadcast }) => {
                camera.clear(self.controller);
                camera.reply(self.controller, words::clear_reply(broadcast));
            }
            Err(complaint) => camera.reply(self.controller, words::complain(0, complaint)),
        }
    }
}

impl Speaker for Session {
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message> {
        lock(&self.camera).advance(now);
        for &byte in bytes {
            match self.take(byte) {
                Some(Ok(message)) => self.handle(&message),
                Some(Err(complaint)) => {
                    lock(&self.camera).reply(self.controller, words::complain(0, complaint));
                }
                None => {}
            }
        }
        lock(&self.camera).take_replies(self.controller)
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let mut camera = lock(&self.camera);
        camera.advance(now);
        camera.take_replies(self.controller)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        lock(&self.camera).dismiss(self.controller);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::hex;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    fn ask(session: &mut Session, message: &str, seconds: f64) -> String {
        let answers = session.hear(&hex::parse(message).unwrap(), at(seconds));
        hex::write(&answers.concat())
    }

    fn session() -> Session {
        Session::new(Arc::new(Mutex::new(Camera::default())))
    }

    const ABSOLUTE: &str = "81 01 06 02 18 14 00 01 02 0c 00 00 06 04 ff"; // 300, 100

    #[test]
    fn a_long_way_is_acknowledged_and_completed_when_done() {
        let mut session = session();
        assert_eq!(ask(&mut session, ABSOLUTE, 0.0), "9041ff");
        assert!(session.due(at(0.1)).is_empty(), "still turning");
        assert_eq!(hex::write(&session.due(at(3.0)).concat()), "9051ff");
        assert_eq!(ask(&mut session, "81090612ff", 3.0), "90500001020c00000604ff");
    }

    #[test]
    fn driving_completes_at_once_and_runs_until_stopped() {
        let mut session = session();
        assert_eq!(ask(&mut session, "8101060110100203ff", 0.0), "9041ff9051ff");
        assert_eq!(ask(&mut session, "8101060110100303ff", 0.5), "9041ff9051ff");
        let there = ask(&mut session, "81090612ff", 1.0);
        assert_ne!(there, "90500000000000000000ff");
        assert_eq!(ask(&mut session, "81090612ff", 2.0), there);
    }

    #[test]
    fn a_new_order_for_the_head_cancels_the_older_one() {
        let mut session = session();
        ask(&mut session, ABSOLUTE, 0.0);
        assert_eq!(ask(&mut session, "81010604ff", 0.2), "906104ff9041ff");
    }

    #[test]
    fn a_third_command_finds_the_buffer_full() {
        let mut session = session();
        // A preset keeps both motors, so the lens and the head are told apart first.
        ask(&mut session, ABSOLUTE, 0.0);
        ask(&mut session, "8101044704000000ff", 0.0);
        assert_eq!(ask(&mut session, "8101040002ff", 0.1), "906003ff");
    }

    #[test]
    fn a_socket_can_be_cancelled_once() {
        let mut session = session();
        ask(&mut session, ABSOLUTE, 0.0);
        assert_eq!(ask(&mut session, "8121ff", 0.2), "906104ff");
        assert_eq!(ask(&mut session, "8121ff", 0.3), "906105ff");
        assert_eq!(ask(&mut session, "8129ff", 0.3), "906905ff");
    }

    #[test]
    fn two_controllers_get_their_own_replies() {
        let camera = Arc::new(Mutex::new(Camera::default()));
        let (mut one, mut other) = (Session::new(camera.clone()), Session::new(camera));
        ask(&mut one, ABSOLUTE, 0.0);
        assert!(other.due(at(3.0)).is_empty());
        assert_eq!(hex::write(&one.due(at(3.0)).concat()), "9051ff");
    }

    #[test]
    fn too_long_and_wrong_messages_are_answered_with_their_error() {
        let mut session = session();
        let long = format!("81{}ff", "01".repeat(30));
        assert_eq!(ask(&mut session, &long, 0.0), "906001ff");
        assert_eq!(ask(&mut session, "81994212ff", 0.0), "906002ff");
        assert_eq!(ask(&mut session, "82090400ff", 0.0), "", "meant for another camera");
    }

    #[test]
    fn the_lens_is_focused_by_hand_when_it_does_not_focus_itself() {
        let mut session = session();
        assert_eq!(ask(&mut session, "8101040803ff", 0.0), "906141ff");
        assert_eq!(ask(&mut session, "8101043803ff", 0.0), "9041ff9051ff");
        assert_eq!(ask(&mut session, "81090438ff", 0.0), "905003ff");
        assert_eq!(ask(&mut session, "81090448ff", 0.0), "905001000000ff");
        assert_eq!(ask(&mut session, "8101040803ff", 0.0), "9041ff9051ff");
        assert_eq!(ask(&mut session, "81090448ff", 9.0), "905000000000ff", "as near as it goes");
    }

    #[test]
    fn a_camera_that_is_off_executes_nothing() {
        let mut session = session();
        ask(&mut session, "8101040003ff", 0.0);
        assert_eq!(ask(&mut session, "81090400ff", 0.0), "905003ff");
        assert_eq!(ask(&mut session, "81010604ff", 0.0), "906041ff");
        assert!(lock(&session.camera).look(at(0.1)).is_none());
    }
}
