//! A camera on the network that is moved by ONVIF (PTZ service, SOAP over HTTP).
//!
//! Requests go one at a time. A stop is the next one, whatever else waits; and every movement ends
//! by itself after a second, so a stop that is late or lost is made good by the camera. Focus is
//! another service (Imaging) and is refused.

mod soap;
mod xml;

use crate::{
    Action, Channel, Command, Driver, Event, Failure, Millis, Ptz, Report, Status,
    catalogue::{Device, Purpose, Transport},
};

pub(crate) const DEVICE: Device = Device {
    id: "onvif",
    title: "ONVIF camera",
    purpose: Purpose::RoomCamera,
    transports: &[Transport::Http],
    usb: &[],
    bluetooth: &[],
    driver: || Box::new(Onvif::default()),
};

/// Where every device has its first service (ONVIF Core, section 5.1.1).
const DEVICE_SERVICE: &str = "/onvif/device_service";
/// The link gives up earlier; this is for an answer that it forgets.
const PATIENCE: Millis = 10_000;
/// A camera that did not let itself be asked is asked again after this.
const KNOCK: Millis = 5_000;
/// A movement ends after a second; a button that is held repeats it every 200 ms.
const MOVE_AGAIN: Millis = 400;

#[derive(Default)]
pub(crate) struct Onvif {
    up: bool,
    media: String,
    ptz: String,
    /// Once it is known, the camera can be moved.
    profile: Option<String>,
    /// What is asked now, and since when.
    asked: Option<(Question, Millis)>,
    /// A stop waits; nothing else is asked before it.
    stop: bool,
    /// The newest wish only.
    wish: Option<Ptz>,
    /// The movement that was asked for last, and when.
    moved: Option<(Ptz, Millis)>,
    /// When a camera that did not answer is asked again.
    knock: Option<Millis>,
}

#[derive(Clone, Copy, PartialEq)]
enum Question {
    Capabilities,
    Profiles,
    /// Which presets there are, to do this with one.
    Presets(Ptz),
    Status,
    /// Only whether it was done is of interest.
    Order,
}

impl Onvif {
    fn ask(&mut self, now: Millis, question: Question, body: String) -> Vec<Action> {
        self.asked = Some((question, now));
        let path = match question {
            Question::Capabilities => DEVICE_SERVICE,
            Question::Profiles => &self.media,
            Question::Presets(_) | Question::Status | Question::Order => &self.ptz,
        };
        vec![Action::Post { path: path.to_owned(), body }]
    }

    fn begin(&mut self, now: Millis) -> Vec<Action> {
        self.knock = None;
        self.ask(now, Question::Capabilities, soap::get_capabilities())
    }

    fn answer(&mut self, now: Millis, bytes: &[u8]) -> Vec<Action> {
        let Some((question, _)) = self.asked.take() else { return Vec::new() };
        let text = String::from_utf8_lossy(bytes);
        if soap::is_fault(&text) {
            return self.failed(now, question);
        }
        let mut out = Vec::new();
        match question {
            Question::Capabilities => return self.learn_services(now, &text),
            Question::Profiles => match soap::profile(&text) {
                Some(profile) => {
                    self.profile = Some(profile);
                    self.stop = true;
                    out.push(Action::Report(Report::Status(Status::Ready)));
                }
                None => return self.failed(now, question),
            },
            Question::Presets(wish) => return self.with_presets(now, wish, &text),
            Question::Status => out.push(Action::Report(match soap::position(&text) {
                Some(position) => Report::Position(position),
                None => Report::Failed(Failure::Device),
            })),
            Question::Order => {}
        }
        out.extend(self.next(now));
        out
    }

    fn learn_services(&mut self, now: Millis, answer: &str) -> Vec<Action> {
        match soap::services(answer) {
            Some((media, ptz)) => {
                (self.media, self.ptz) = (media, ptz);
                self.ask(now, Question::Profiles, soap::get_profiles())
            }
            None => self.failed(now, Question::Capabilities),
        }
    }

    fn with_presets(&mut self, now: Millis, wish: Ptz, answer: &str) -> Vec<Action> {
        if self.stop {
            // The way to a preset is not begun any more; saving shall save where the camera stands.
            if !matches!(wish, Ptz::Recall(_)) {
                self.wish.get_or_insert(wish);
            }
            return self.next(now);
        }
        let profile = self.profile.as_deref().unwrap_or_default();
        match soap::preset_request(profile, wish, answer) {
            Some(request) => self.ask(now, Question::Order, request),
            None => self.failed(now, Question::Order),
        }
    }

    fn failed(&mut self, now: Millis, question: Question) -> Vec<Action> {
        self.moved = None;
        let mut out = vec![Action::Report(Report::Failed(Failure::Device))];
        match question {
            Question::Capabilities | Question::Profiles => self.knock = Some(now + KNOCK),
            Question::Presets(_) | Question::Status | Question::Order => {
                out.extend(self.next(now));
            }
        }
        out
    }

    fn wish(&mut self, now: Millis, wish: Ptz) -> Vec<Action> {
        if self.profile.is_none() {
            return Vec::new();
        }
        let mut out = Vec::new();
        match wish {
            Ptz::Stop => {
                self.stop = true;
                self.wish.take_if(|waits| !is_of_memory(*waits));
            }
            Ptz::Focus(_) => return vec![Action::Report(Report::Failed(Failure::Device))],
            // A camera that is off does not answer at all.
            Ptz::PowerOn => {}
            Ptz::Move { .. } if self.is_moving_so(now, wish) => {}
            Ptz::Move { .. }
            | Ptz::Home
            | Ptz::To(_)
            | Ptz::Save(_)
            | Ptz::Recall(_)
            | Ptz::Clear(_)
            | Ptz::Locate => {
                let dropped = self.wish.replace(wish);
                if dropped.is_some_and(|old| is_of_memory(old) && old != wish) {
                    out.push(Action::Report(Report::Failed(Failure::Stopped)));
                }
            }
        }
        out.extend(self.next(now));
        out
    }

    fn is_moving_so(&self, now: Millis, wish: Ptz) -> bool {
        !self.stop && self.moved.is_some_and(|(moved, at)| moved == wish && now < at + MOVE_AGAIN)
    }

    fn next(&mut self, now: Millis) -> Vec<Action> {
        let (None, Some(profile)) = (self.asked, self.profile.clone()) else { return Vec::new() };
        if std::mem::take(&mut self.stop) {
            self.moved = None;
            return self.ask(now, Question::Order, soap::stop(&profile));
        }
        let Some(wish) = self.wish.take() else { return Vec::new() };
        self.moved = None;
        match wish {
            Ptz::Move { pan, tilt, zoom } => {
                self.moved = Some((wish, now));
                let body = soap::continuous_move(&profile, [pan, tilt, zoom]);
                self.ask(now, Question::Order, body)
            }
            Ptz::To(place) => self.ask(now, Question::Order, soap::absolute_move(&profile, place)),
            Ptz::Home => self.ask(now, Question::Order, soap::home(&profile)),
            Ptz::Locate => self.ask(now, Question::Status, soap::get_status(&profile)),
            Ptz::Save(_) | Ptz::Recall(_) | Ptz::Clear(_) => {
                self.ask(now, Question::Presets(wish), soap::get_presets(&profile))
            }
            Ptz::Stop | Ptz::Focus(_) | Ptz::PowerOn => Vec::new(),
        }
    }

    fn unanswered(&mut self, now: Millis) -> Vec<Action> {
        match self.asked.take() {
            Some((question, _)) => self.failed(now, question),
            None => Vec::new(),
        }
    }

    fn timer(&mut self, now: Millis) -> Vec<Action> {
        if self.asked.is_some_and(|(_, at)| now >= at + PATIENCE) {
            return self.unanswered(now);
        }
        match self.knock.take_if(|at| now >= *at) {
            Some(_) => self.begin(now),
            None => Vec::new(),
        }
    }
}

/// A memory that is not saved is worth a word; a movement that was not begun is not.
fn is_of_memory(wish: Ptz) -> bool {
    matches!(wish, Ptz::Save(_) | Ptz::Clear(_))
}

impl Driver for Onvif {
    fn handle(&mut self, now: Millis, event: Event<'_>) -> Vec<Action> {
        match event {
            Event::Up(_) => {
                *self = Self { up: true, ..Self::default() };
                self.begin(now)
            }
            Event::Bytes { channel: Channel::Http, bytes } => self.answer(now, bytes),
            Event::Refused(Channel::Http) => self.unanswered(now),
            Event::Down => {
                *self = Self::default();
                Vec::new()
            }
            Event::Timer => self.timer(now),
            Event::Command(Command::Ptz(wish)) if self.up => self.wish(now, wish),
            Event::Command(Command::Ptz(_) | Command::Measure | Command::StopMeasuring)
            | Event::Bytes { .. }
            | Event::Refused(_)
            | Event::Controls(_) => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        self.asked.map(|(_, at)| at + PATIENCE).into_iter().chain(self.knock).min()
    }
}

#[cfg(test)]
mod tests;
