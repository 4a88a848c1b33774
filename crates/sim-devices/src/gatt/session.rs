//! One connection of a host to a simulated Bluetooth device.

use super::att::{CONFIRMATION, Server};
use super::l2cap::{Frames, wrap};
use super::{Peripheral, Push};
use crate::link::{Message, Speaker};
use crate::{Clock, lock};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Packets that a radio sends in one go; the next follow some milliseconds later.
const BURST: usize = 8;

pub struct Session {
    device: Arc<Mutex<dyn Peripheral>>,
    clock: Clock,
    server: Server,
    incoming: Frames,
    /// Indicated and not confirmed: nothing else is pushed meanwhile.
    awaiting: Option<Push>,
}

impl Session {
    pub fn new(device: Arc<Mutex<dyn Peripheral>>, clock: Clock) -> Self {
        let server = {
            let mut device = lock(&device);
            device.connected(clock.now());
            Server::new(&*device)
        };
        Self { device, clock, server, incoming: Frames::default(), awaiting: None }
    }

    fn handle(&mut self, pdu: &[u8], now: Duration) -> Option<Message> {
        let mut device = lock(&self.device);
        if pdu == [CONFIRMATION] {
            if let Some(confirmed) = self.awaiting.take() {
                device.confirmed(&confirmed, now);
            }
            return None;
        }
        self.server.answer(pdu, &mut *device, now).map(|answer| wrap(&answer))
    }
}

impl Speaker for Session {
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message> {
        self.incoming.push(bytes);
        let mut answers = Vec::new();
        while let Some(pdu) = self.incoming.take() {
            answers.extend(self.handle(&pdu, now));
        }
        answers
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        let mut device = lock(&self.device);
        let host = self.server.subscriptions();
        let mut messages = Vec::new();
        while self.awaiting.is_none() && messages.len() < BURST {
            let Some(push) = device.due(now, &host) else { break };
            // A device may push what this host did not ask for: it is lost, as on the air.
            let Some(packet) = self.server.push(&push) else { break };
            if packet.confirm {
                self.awaiting = Some(push);
            }
            messages.push(wrap(&packet.pdu));
        }
        messages
    }

    fn hangs_up(&mut self, now: Duration) -> bool {
        lock(&self.device).hangs_up(now)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        lock(&self.device).disconnected(self.clock.now());
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::{INDICATE, NOTIFY, WRITE, characteristic, service};
    use super::super::{Refusal, Service, Subscriptions, Uuid};
    use super::*;
    use crate::control::hex;
    use std::collections::VecDeque;

    const RECORD: Uuid = Uuid::Short(0x2A18);
    const CONTROL: Uuid = Uuid::Short(0x2A52);

    /// Asked through its control point, it notifies three records and indicates the end.
    #[derive(Default)]
    struct Memory {
        queue: VecDeque<Push>,
        confirmed: usize,
        gone: bool,
    }

    impl Peripheral for Memory {
        fn services(&self) -> Vec<Service> {
            let point = characteristic(0x2A52, WRITE | INDICATE);
            vec![service(0x1808, vec![characteristic(0x2A18, NOTIFY), point])]
        }

        fn write(&mut self, what: Uuid, value: &[u8], _now: Duration) -> Result<(), Refusal> {
            assert_eq!((what, value), (CONTROL, &[1, 1][..]));
            self.queue.extend((0..3).map(|number| Push::new(RECORD, vec![number])));
            self.queue.push_back(Push::new(CONTROL, vec![6]));
            self.queue.push_back(Push::new(RECORD, vec![9]));
            Ok(())
        }

        fn due(&mut self, _now: Duration, host: &Subscriptions) -> Option<Push> {
            assert!(self.queue.is_empty() || host.has(RECORD));
            self.queue.pop_front()
        }

        fn confirmed(&mut self, push: &Push, _now: Duration) {
            assert_eq!(push.characteristic, CONTROL);
            self.confirmed += 1;
        }

        fn disconnected(&mut self, _now: Duration) {
            self.gone = true;
        }

        fn obey(&mut self, _words: &[&str], _now: Duration) -> Result<String, String> {
            Err("it has no buttons".into())
        }
    }

    fn framed(pdu: &str) -> Message {
        wrap(&hex::parse(pdu).unwrap())
    }

    #[track_caller]
    fn exchange(session: &mut Session, request: &str, answer: &str) {
        assert_eq!(session.hear(&framed(request), Duration::ZERO), [framed(answer)], "{request}");
    }

    #[test]
    fn nothing_is_pushed_between_an_indication_and_its_confirmation() {
        let memory = Arc::new(Mutex::new(Memory::default()));
        let mut session = Session::new(memory.clone(), Clock::start());
        exchange(&mut session, "12 0400 0100", "13");
        exchange(&mut session, "12 0700 0200", "13");
        exchange(&mut session, "12 0600 0101", "13");
        let pushed = session.due(Duration::ZERO);
        let expected = ["1b 0300 00", "1b 0300 01", "1b 0300 02", "1d 0600 06"];
        assert_eq!(pushed, expected.map(framed));
        assert_eq!(session.due(Duration::ZERO), [[0; 0]; 0]);
        assert_eq!(session.hear(&framed("1e"), Duration::ZERO), [[0; 0]; 0]);
        assert_eq!(lock(&memory).confirmed, 1);
        assert_eq!(session.due(Duration::ZERO), [framed("1b 0300 09")]);
    }

    #[test]
    fn a_device_hears_that_its_host_is_gone() {
        let memory = Arc::new(Mutex::new(Memory::default()));
        drop(Session::new(memory.clone(), Clock::start()));
        assert!(lock(&memory).gone);
    }
}
