//! Discovery, reading and subscribing: one request at a time, as the protocol has it.
//!
//! What was discovered holds for one connection; a device may be another one on the next.

use std::collections::{HashMap, VecDeque};

use devices::{Channel, Millis};

use super::{
    AttError,
    pdu::{self, CHARACTERISTIC, CLIENT_CONFIGURATION, Declaration, FromServer, NOT_FOUND},
};

/// The standard closes a link on which a request stays unanswered for so long (3.3.3).
const PATIENCE: Millis = 30_000;
/// More than any driver asks for.
const TASKS: usize = 16;
/// Bits of a declaration's properties.
const NOTIFY: u8 = 0x10;
const INDICATE: u8 = 0x20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    Read,
    Subscribe,
}

#[derive(Clone, Copy, Debug)]
struct Task {
    service: u16,
    characteristic: u16,
    want: Want,
}

/// What the answer that is waited for belongs to.
#[derive(Clone, Copy, Debug)]
enum Step {
    FindService,
    Declare,
    FindConfiguration(Declared),
    Configure,
    Read,
}

/// A characteristic, and the last handle that belongs to it.
#[derive(Clone, Copy, Debug)]
struct Declared {
    declaration: Declaration,
    end: u16,
}

#[derive(Debug, Default)]
struct Service {
    end: u16,
    declarations: Vec<Declaration>,
}

#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) request: Option<Vec<u8>>,
    pub(super) read: Option<(Channel, Vec<u8>)>,
}

type Request = Result<Option<Vec<u8>>, AttError>;

#[derive(Default)]
pub(super) struct Procedures {
    tasks: VecDeque<Task>,
    /// The request that is out, and until when it may stay unanswered.
    waiting: Option<(Step, Millis)>,
    services: HashMap<u16, Service>,
    /// Subscriptions, by handle of the value.
    channels: HashMap<u16, Channel>,
}

impl Procedures {
    pub(super) fn want(&mut self, now: Millis, channel: Channel, want: Want) -> Request {
        let Channel::Gatt { service, characteristic } = channel else {
            return Err(AttError::NotCarried);
        };
        let (Some(service), Some(characteristic)) = (service.short(), characteristic.short())
        else {
            return Err(AttError::NotCarried);
        };
        if self.tasks.len() == TASKS {
            return Err(AttError::TooManyTasks);
        }
        self.tasks.push_back(Task { service, characteristic, want });
        if self.waiting.is_some() { Ok(None) } else { self.go_on(now) }
    }

    pub(super) fn channel(&self, handle: u16) -> Option<Channel> {
        self.channels.get(&handle).copied()
    }

    pub(super) fn deadline(&self) -> Option<Millis> {
        self.waiting.map(|(_, until)| until)
    }

    pub(super) fn answer(
        &mut self,
        now: Millis,
        answer: FromServer,
        pdu: Vec<u8>,
    ) -> Result<Outcome, AttError> {
        let (Some((step, _)), Some(&task)) = (self.waiting.take(), self.tasks.front()) else {
            return Err(AttError::Unasked { pdu });
        };
        let mut read = None;
        let more = match (step, answer) {
            (Step::FindService, FromServer::Services(list)) => {
                Some(self.found_service(now, task, list[0]))
            }
            (Step::FindService, FromServer::Error { code: NOT_FOUND }) => {
                // An empty service answers every task that it has not what is asked for.
                self.services.insert(task.service, Service::default());
                None
            }
            (Step::Declare, FromServer::Declarations(list)) => {
                self.declared(now, task, &list).ok_or(AttError::Garbled { pdu })?
            }
            (Step::Declare, FromServer::Error { code: NOT_FOUND }) => None,
            (Step::FindConfiguration(of), FromServer::Information(list)) => {
                Some(self.configure(now, task, of, &list, pdu)?)
            }
            (Step::FindConfiguration(_), FromServer::Error { code: NOT_FOUND }) => {
                return Err(task.no_subscription());
            }
            (Step::Read, FromServer::Value(value)) => {
                read = Some((task.channel(), value));
                self.done()
            }
            // Not readable now: as good as not there.
            (Step::Read, FromServer::Error { .. }) | (Step::Configure, FromServer::Written) => {
                self.done()
            }
            (_, FromServer::Error { code }) => return Err(AttError::Refused { code }),
            _ => return Err(AttError::Unasked { pdu }),
        };
        let request = if more.is_some() { more } else { self.go_on(now)? };
        Ok(Outcome { request, read })
    }

    /// The first request of the first task.
    fn go_on(&mut self, now: Millis) -> Request {
        while let Some(&task) = self.tasks.front() {
            let Some(service) = self.services.get(&task.service) else {
                let request = pdu::find_service(1, task.service);
                return Ok(Some(self.ask(now, Step::FindService, request)));
            };
            return match (task.want, service.find(task.characteristic)) {
                (Want::Read, None) => {
                    // A device without it is as good.
                    self.tasks.pop_front();
                    continue;
                }
                (Want::Read, Some(of)) => {
                    let request = pdu::read(of.declaration.value);
                    Ok(Some(self.ask(now, Step::Read, request)))
                }
                (Want::Subscribe, None) => Err(task.no_characteristic()),
                (Want::Subscribe, Some(of)) => {
                    let Declaration { value, properties, .. } = of.declaration;
                    if properties & (NOTIFY | INDICATE) == 0 || value >= of.end {
                        return Err(task.no_subscription());
                    }
                    let request = pdu::find_information(value + 1, of.end);
                    Ok(Some(self.ask(now, Step::FindConfiguration(of), request)))
                }
            };
        }
        Ok(None)
    }

    fn done(&mut self) -> Option<Vec<u8>> {
        self.tasks.pop_front();
        None
    }

    fn found_service(&mut self, now: Millis, task: Task, [start, end]: [u16; 2]) -> Vec<u8> {
        self.services.insert(task.service, Service { end, declarations: Vec::new() });
        self.ask(now, Step::Declare, pdu::read_by_type(start, end, CHARACTERISTIC))
    }

    /// The outer `None`: handles that do not grow; they would be asked for without end.
    fn declared(
        &mut self,
        now: Millis,
        task: Task,
        list: &[Declaration],
    ) -> Option<Option<Vec<u8>>> {
        let service = self.services.entry(task.service).or_default();
        let known = service.declarations.last().map_or(0, |last| last.handle);
        let last = list.iter().try_fold(known, |last, next| {
            (next.handle > last && next.value > next.handle).then_some(next.handle)
        })?;
        service.declarations.extend(list);
        let end = service.end;
        let more = last < end;
        Some(more.then(|| {
            self.ask(now, Step::Declare, pdu::read_by_type(last + 1, end, CHARACTERISTIC))
        }))
    }

    fn configure(
        &mut self,
        now: Millis,
        task: Task,
        of: Declared,
        list: &[[u16; 2]],
        pdu: Vec<u8>,
    ) -> Result<Vec<u8>, AttError> {
        let Declaration { value, properties, .. } = of.declaration;
        if let Some([handle, _]) = list.iter().find(|[_, kind]| *kind == CLIENT_CONFIGURATION) {
            // From now on: what the device has stored may come before it answers.
            self.channels.insert(value, task.channel());
            let how = if properties & INDICATE == 0 { 0x0001 } else { 0x0002 };
            return Ok(self.ask(now, Step::Configure, pdu::write(*handle, how)));
        }
        let last = list.iter().try_fold(value, |last, [next, _]| (*next > last).then_some(*next));
        match last {
            None => Err(AttError::Garbled { pdu }),
            Some(last) if last >= of.end => Err(task.no_subscription()),
            Some(last) => {
                let request = pdu::find_information(last + 1, of.end);
                Ok(self.ask(now, Step::FindConfiguration(of), request))
            }
        }
    }

    fn ask(&mut self, now: Millis, step: Step, request: Vec<u8>) -> Vec<u8> {
        self.waiting = Some((step, now + PATIENCE));
        request
    }
}

impl Task {
    fn channel(self) -> Channel {
        Channel::sig(self.service, self.characteristic)
    }

    fn no_characteristic(self) -> AttError {
        let Self { service, characteristic, .. } = self;
        AttError::NoCharacteristic { service, characteristic }
    }

    fn no_subscription(self) -> AttError {
        AttError::NoSubscription { characteristic: self.characteristic }
    }
}

impl Service {
    fn find(&self, uuid: u16) -> Option<Declared> {
        let at = self.declarations.iter().position(|declared| declared.uuid == uuid)?;
        let end = self.declarations.get(at + 1).map_or(self.end, |next| next.handle - 1);
        Some(Declared { declaration: self.declarations[at], end })
    }
}
