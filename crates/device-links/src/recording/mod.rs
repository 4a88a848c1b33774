//! What went over a link and was told to the driver, kept for the technician: a bounded memory per
//! device, without who the device or the patient is.
//!
//! It is kept at the driver's side of the link, so that [`replay`] can tell a driver the same again.

mod redact;
mod replay;
mod text;

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use devices::{Action, Channel, Clock, Command, Event, Millis};

use redact::Redactor;
pub use replay::replay;
pub use text::ParseRecordingError;

/// Half a minute of an oximeter that streams, weeks of a thermometer; all devices of a cart
/// together stay below a megabyte.
const LIMIT: usize = 64 * 1024;
/// What an entry takes beside its bytes, roughly.
const OVERHEAD: usize = 64;

/// A device's recent past, oldest first. Its text form is what `Display` writes and `FromStr` reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Of the catalogue.
    pub device: String,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// By the clock of the link.
    pub at: Millis,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Up(Clock),
    Down,
    /// From the device.
    In(Channel, Vec<u8>),
    /// To the device.
    Out(Channel, Vec<u8>),
    Subscribe(Channel),
    Read(Channel),
    Refused(Channel),
    Measure,
    StopMeasuring,
    /// A wish to a camera. What it was does not matter to a reading.
    Ptz,
}

impl What {
    /// `None`: nothing that has to be told again.
    fn told(event: &Event<'_>, redactor: &mut Redactor) -> Option<Self> {
        Some(match event {
            Event::Up(clock) => {
                *redactor = Redactor::default();
                Self::Up(*clock)
            }
            Event::Down => Self::Down,
            Event::Bytes { channel, bytes } => Self::In(*channel, redactor.heard(*channel, bytes)),
            Event::Refused(channel) => Self::Refused(*channel),
            Event::Command(Command::Measure) => Self::Measure,
            Event::Command(Command::StopMeasuring) => Self::StopMeasuring,
            Event::Command(Command::Ptz(_)) => Self::Ptz,
            // A driver's deadlines come from itself. No link carries controls yet.
            Event::Timer | Event::Controls(_) => return None,
        })
    }

    fn asked(action: &Action) -> Option<Self> {
        Some(match action {
            Action::Write { channel, bytes } => Self::Out(*channel, redact::said(*channel, bytes)),
            Action::Subscribe(channel) | Action::SubscribeIfThere(channel) => {
                Self::Subscribe(*channel)
            }
            Action::Read(channel) => Self::Read(*channel),
            Action::Report(_)
            | Action::Post { .. }
            | Action::SetControl { .. }
            | Action::ReadControls => return None,
        })
    }

    fn size(&self) -> usize {
        match self {
            Self::In(_, bytes) | Self::Out(_, bytes) => OVERHEAD + bytes.len(),
            _ => OVERHEAD,
        }
    }
}

/// Where a link writes down what happens.
#[derive(Default)]
pub(crate) struct Recorder(Mutex<Ring>);

#[derive(Default)]
struct Ring {
    entries: VecDeque<Entry>,
    size: usize,
    /// When the link was opened on which the oldest entry came, if that is forgotten: a driver
    /// takes nothing before.
    opened: Option<Entry>,
    redactor: Redactor,
}

impl Recorder {
    pub(crate) fn told(&self, at: Millis, event: &Event<'_>) {
        let mut ring = self.ring();
        if let Some(what) = What::told(event, &mut ring.redactor) {
            ring.push(Entry { at, what });
        }
    }

    pub(crate) fn asked(&self, at: Millis, action: &Action) {
        if let Some(what) = What::asked(action) {
            self.ring().push(Entry { at, what });
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let ring = self.ring();
        ring.opened.iter().chain(&ring.entries).cloned().collect()
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // Nothing in here can be left half done by a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn push(&mut self, entry: Entry) {
        self.size += entry.what.size();
        self.entries.push_back(entry);
        while self.size > LIMIT
            && let Some(oldest) = self.entries.pop_front()
        {
            self.size -= oldest.what.size();
            match oldest.what {
                What::Up(_) => self.opened = Some(oldest),
                What::Down => self.opened = None,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Clock =
        Clock { utc: clinical::Timestamp::from_millis(1_795_333_320_000), ahead_minutes: 60 };

    fn heard(recorder: &Recorder, at: Millis, bytes: &[u8]) {
        recorder.told(at, &Event::Bytes { channel: Channel::Stream, bytes });
    }

    #[test]
    fn the_oldest_is_forgotten_but_not_that_the_link_was_opened() {
        let recorder = Recorder::default();
        recorder.told(5, &Event::Up(NOW));
        (0..100).for_each(|number| heard(&recorder, 10 + number, &[0; 1000]));
        let entries = recorder.entries();
        assert_eq!(entries[0], Entry { at: 5, what: What::Up(NOW) });
        assert_eq!(entries.last().unwrap().at, 109);
        let kept: usize = entries[1..].iter().map(|entry| entry.what.size()).sum();
        assert!((LIMIT - 2000..=LIMIT).contains(&kept), "{kept}");
    }

    #[test]
    fn a_link_that_is_over_and_forgotten_is_not_opened_again() {
        let recorder = Recorder::default();
        recorder.told(5, &Event::Up(NOW));
        recorder.told(6, &Event::Down);
        recorder.told(7, &Event::Up(NOW));
        heard(&recorder, 8, &[0; LIMIT - 100]);
        assert_eq!(recorder.entries()[0], Entry { at: 7, what: What::Up(NOW) });
        assert_eq!(recorder.entries().len(), 2);
    }

    #[test]
    fn what_is_asked_and_what_is_told_stand_in_their_order() {
        let recorder = Recorder::default();
        let control = Channel::sig(0x1808, 0x2A52);
        recorder.asked(1, &Action::SubscribeIfThere(control));
        recorder.asked(1, &Action::Write { channel: control, bytes: vec![1, 1] });
        recorder.told(2, &Event::Timer);
        recorder.told(3, &Event::Refused(control));
        let whats: Vec<What> = recorder.entries().into_iter().map(|entry| entry.what).collect();
        let out = What::Out(control, vec![1, 1]);
        assert_eq!(whats, [What::Subscribe(control), out, What::Refused(control)]);
    }
}
