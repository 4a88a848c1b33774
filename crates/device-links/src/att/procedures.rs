//! Discovery, reading, writing and subscribing: one request at a time, as the protocol has it.

use std::collections::{HashMap, VecDeque};

use devices::{Channel, Millis, Uuid};

use super::{
    Arrived, AttError,
    discovered::{Declared, Service, Writing},
    pdu::{
        self, CHARACTERISTIC, CLIENT_CONFIGURATION, Declaration, FromServer, INVALID_OFFSET,
        LONGEST_VALUE, NOT_FOUND, NOT_LONG,
    },
    task::{Task, Want},
};

/// The standard closes a link on which a request stays unanswered for so long (3.3.3).
const PATIENCE: Millis = 30_000;
/// More than any driver asks for at once: two hands full of subscriptions, and as many strings of
/// the Device Information Service.
const TASKS: usize = 32;

/// What the answer that is waited for belongs to.
#[derive(Clone, Debug)]
enum Step {
    ExchangeMtu,
    FindService,
    Declare,
    FindConfiguration(Declared),
    Configure,
    Read(u16),
    /// The beginning of a value that did not fit into one answer.
    ReadOn(u16, Vec<u8>),
    Write,
}

#[derive(Default)]
pub(super) struct Procedures {
    tasks: VecDeque<Task>,
    /// The request that is out, and until when it may stay unanswered.
    waiting: Option<(Step, Millis)>,
    /// `None`: not asked yet.
    mtu: Option<u16>,
    services: HashMap<Uuid, Service>,
    /// Subscriptions, by handle of the value.
    channels: HashMap<u16, Channel>,
    /// For the driver: at most one for each task.
    arrived: VecDeque<Arrived>,
    send: Vec<Vec<u8>>,
}

type Done = Result<(), AttError>;

impl Procedures {
    pub(super) fn want(&mut self, now: Millis, channel: Channel, want: Want) -> Done {
        let Channel::Gatt { service, characteristic } = channel else {
            return Err(AttError::NotCarried);
        };
        if self.tasks.len() == TASKS {
            return Err(AttError::TooManyTasks);
        }
        self.tasks.push_back(Task { service, characteristic, want });
        self.go_on(now)
    }

    pub(super) fn channel(&self, handle: u16) -> Option<Channel> {
        self.channels.get(&handle).copied()
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        self.waiting.as_ref().map(|(_, until)| *until)
    }

    pub(super) fn next_arrived(&mut self) -> Option<Arrived> {
        self.arrived.pop_front()
    }

    pub(super) fn take_requests(&mut self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.send)
    }

    /// The other side says how long its packets may be.
    pub(super) fn agree(&mut self, theirs: u16) {
        self.mtu = Some(theirs.clamp(pdu::DEFAULT_MTU, pdu::OWN_MTU));
    }

    pub(super) fn answer(&mut self, now: Millis, answer: FromServer, pdu: Vec<u8>) -> Done {
        let Some((step, _)) = self.waiting.take() else {
            return Err(AttError::Unasked { pdu });
        };
        match (step, answer) {
            (Step::ExchangeMtu, FromServer::Mtu(theirs)) => self.agree(theirs),
            // An old server; it keeps to what always holds.
            (Step::ExchangeMtu, FromServer::Error { .. }) => self.agree(pdu::DEFAULT_MTU),
            (Step::FindService, FromServer::Services(list)) => self.found_service(now, list[0]),
            (Step::FindService, FromServer::Error { code: NOT_FOUND }) => {
                // An empty service answers every task that it has not what is asked for.
                self.add_service(Service::default());
            }
            (Step::Declare, FromServer::Declarations(list)) => {
                self.declared(now, &list).ok_or(AttError::Garbled { pdu })?;
            }
            (Step::Declare, FromServer::Error { code: NOT_FOUND }) => {}
            (Step::FindConfiguration(of), FromServer::Information(list)) => {
                self.configure(now, of, &list, pdu)?;
            }
            (Step::FindConfiguration(_), FromServer::Error { code: NOT_FOUND }) => {
                self.give_up(Task::no_subscription)?;
            }
            (Step::Configure | Step::Write, FromServer::Written) => drop(self.tasks.pop_front()),
            (Step::Read(handle), FromServer::Value(value)) => {
                self.was_read(now, handle, Vec::new(), value, pdu)?;
            }
            (Step::ReadOn(handle, start), FromServer::Part(value)) => {
                self.was_read(now, handle, start, value, pdu)?;
            }
            // It fitted exactly.
            (Step::ReadOn(_, value), FromServer::Error { code: NOT_LONG | INVALID_OFFSET }) => {
                self.is_whole(value);
            }
            (_, FromServer::Error { code }) => self.give_up(|_| AttError::Refused { code })?,
            _ => return Err(AttError::Unasked { pdu }),
        }
        self.go_on(now)
    }

    /// The next request, unless an answer is waited for.
    fn go_on(&mut self, now: Millis) -> Done {
        while self.waiting.is_none()
            && let Some(task) = self.tasks.front()
        {
            match self.services.get(&task.service).map(|has| has.find(task.characteristic)) {
                _ if self.mtu.is_none() => self.ask(now, Step::ExchangeMtu, pdu::exchange_mtu()),
                None => {
                    let request = pdu::find_service(1, task.service);
                    self.ask(now, Step::FindService, request);
                }
                Some(None) => self.give_up(Task::no_characteristic)?,
                Some(Some(of)) => self.begin(now, of)?,
            }
        }
        Ok(())
    }

    /// The first task, whose characteristic is known.
    fn begin(&mut self, now: Millis, of: Declared) -> Done {
        let handle = of.declaration.value;
        match self.tasks.front().map(|task| task.want.clone()) {
            None => Ok(()),
            Some(Want::Read) => {
                self.ask(now, Step::Read(handle), pdu::read(handle));
                Ok(())
            }
            Some(Want::Write(value)) => self.write(now, of, &value),
            Some(Want::Subscribe | Want::SubscribeIfThere) => {
                match (of.subscription(), of.descriptors()) {
                    (Some(_), Some([start, end])) => {
                        let request = pdu::find_information(start, end);
                        self.ask(now, Step::FindConfiguration(of), request);
                        Ok(())
                    }
                    _ => self.give_up(Task::no_subscription),
                }
            }
        }
    }

    fn write(&mut self, now: Millis, of: Declared, value: &[u8]) -> Done {
        let handle = of.declaration.value;
        let fits = value.len() + 3 <= usize::from(self.mtu.unwrap_or(pdu::DEFAULT_MTU));
        match of.writing() {
            Some(Writing::Answered) if fits => {
                self.ask(now, Step::Write, pdu::write(handle, value));
            }
            Some(Writing::Unanswered) if fits => {
                self.send.push(pdu::write_command(handle, value));
                self.tasks.pop_front();
            }
            // No supported device takes commands longer than its packets: it is another device.
            Some(_) | None => self.give_up(Task::no_characteristic)?,
        }
        Ok(())
    }

    fn found_service(&mut self, now: Millis, [start, end]: [u16; 2]) {
        self.add_service(Service::until(end));
        self.ask(now, Step::Declare, pdu::read_by_type(start, end, CHARACTERISTIC));
    }

    fn add_service(&mut self, service: Service) {
        if let Some(task) = self.tasks.front() {
            self.services.insert(task.service, service);
        }
    }

    /// `None`: garbled.
    fn declared(&mut self, now: Millis, list: &[Declaration]) -> Option<()> {
        let service = self.services.get_mut(&self.tasks.front()?.service)?;
        if let Some([start, end]) = service.declare(list)? {
            self.ask(now, Step::Declare, pdu::read_by_type(start, end, CHARACTERISTIC));
        }
        Some(())
    }

    fn configure(&mut self, now: Millis, of: Declared, list: &[(u16, Uuid)], pdu: Vec<u8>) -> Done {
        let found = list.iter().find(|(_, kind)| *kind == CLIENT_CONFIGURATION);
        if let (Some((handle, _)), Some(how), Some(task)) =
            (found, of.subscription(), self.tasks.front())
        {
            // From now on: what the device has stored may come before it answers.
            self.channels.insert(of.declaration.value, task.channel());
            self.ask(now, Step::Configure, pdu::write(*handle, &how.to_le_bytes()));
            return Ok(());
        }
        let last = list
            .iter()
            .try_fold(of.declaration.value, |last, (next, _)| (*next > last).then_some(*next));
        match last {
            None => Err(AttError::Garbled { pdu }),
            Some(last) if last >= of.end => self.give_up(Task::no_subscription),
            Some(last) => {
                let request = pdu::find_information(last + 1, of.end);
                self.ask(now, Step::FindConfiguration(of), request);
                Ok(())
            }
        }
    }

    /// An answer that is full may be the beginning of a longer value (3.4.4.4).
    fn was_read(
        &mut self,
        now: Millis,
        handle: u16,
        mut value: Vec<u8>,
        part: Vec<u8>,
        pdu: Vec<u8>,
    ) -> Done {
        let full = pdu.len() == usize::from(self.mtu.unwrap_or(pdu::DEFAULT_MTU));
        value.extend(part);
        match u16::try_from(value.len()) {
            Ok(offset) if full && value.len() < LONGEST_VALUE => {
                self.ask(now, Step::ReadOn(handle, value), pdu::read_blob(handle, offset));
            }
            Ok(_) if value.len() <= LONGEST_VALUE => self.is_whole(value),
            Ok(_) | Err(_) => return Err(AttError::Garbled { pdu }),
        }
        Ok(())
    }

    fn is_whole(&mut self, value: Vec<u8>) {
        if let Some(task) = self.tasks.pop_front() {
            let channel = Some(task.channel());
            self.arrived.push_back(Arrived::Value { channel, value, confirm: false });
        }
    }

    /// The first task cannot be done. What the driver cannot do without ends the link; of anything
    /// else the driver is told.
    fn give_up(&mut self, why: impl Fn(&Task) -> AttError) -> Done {
        match self.tasks.pop_front() {
            Some(task) if task.want == Want::Subscribe => Err(why(&task)),
            Some(task) => {
                self.arrived.push_back(Arrived::Refused(task.channel()));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn ask(&mut self, now: Millis, step: Step, request: Vec<u8>) {
        self.waiting = Some((step, now + PATIENCE));
        self.send.push(request);
    }
}
