//! What the touchscreen knows and what follows from a press, an answer or a second passing.
//!
//! Knows no Slint, socket or pipeline: one input and the time go in, effects come out. The record's
//! truth is `cartd`'s last [`CartState`]; here lives only what belongs to the screen, such as the
//! digits of a PIN.

mod asked;
mod breaths;
mod channel;
mod choice;
mod examining;
mod listening;
mod observing;
mod pin;
mod press;
mod scan;
mod studio;
mod told;
mod tray;
mod view;

use cart_api::{CallState, CartState, Command, Request, Response, SignInState};
use clinical::Timestamp;
use hub_api::{Relays, View};
use media::{HeardSound, MediaEvent};

use asked::Asked;
pub use asked::Wish;
pub use breaths::{BreathsPress, COUNTED_MS, Count};
pub use choice::{Choice, Compared};
pub use examining::Examining;
pub use listening::{Listening, SoundFor};
pub use observing::{Aspect, ObservePress};
pub use pin::{PinEntry, PinState};
pub use press::Press;
pub use studio::{Asker, StillFor, StudioOrder, TakenPicture};
pub use told::OwnKind;
pub use tray::{Step, TrayPress};
pub use view::{Cover, Page, ShownKind, ShownNotice, SyncKind};

use crate::model::{observing::Sheet, studio::StudioUse, told::Told, tray::Desk};

pub enum Input {
    Press(Press),
    /// From `cartd`.
    Said(Response),
    /// `cartd` cannot be reached, or no longer.
    Lost,
    /// This request did not get onto the socket.
    Unsent {
        number: u64,
    },
    Media(MediaEvent),
    /// The wristband scanner is plugged in, or no longer.
    Scanner {
        is_here: bool,
    },
    /// `None`: what the scanner read is not whole.
    Scanned {
        text: Option<String>,
    },
    /// Video cannot run on this cart: something of it is not installed.
    NoStudio,
    /// The answer to [`StudioOrder::Still`]; `None` when the camera gave none.
    Still {
        for_whom: StillFor,
        picture: Option<TakenPicture>,
    },
    /// The answer to [`StudioOrder::KeepSound`]; `None`: nothing was heard.
    Sound {
        for_whom: SoundFor,
        heard: Option<HeardSound>,
    },
    Tick,
}

/// To be carried out in order.
pub enum Effect {
    Send { request: Request, blob: Vec<u8> },
    Studio(StudioOrder),
}

/// How the daemon stands to this screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Daemon {
    /// Nothing was heard since this program started.
    Starting,
    Here,
    Restarting,
    WrongVersion,
}

pub struct Model {
    now: Timestamp,
    daemon: Daemon,
    state: Option<CartState>,
    asked: Asked,
    told: Told,
    pin: PinEntry,
    choice: Option<Choice>,
    desk: Desk,
    sheet: Sheet,
    /// The nurse has pressed "End encounter" and is asked once more.
    ask_end: bool,
    /// The page with the own picture is open, without a call.
    viewfinder: bool,
    /// A still that the nurse asked for is on its way.
    taking: bool,
    scanner: bool,
    muted: bool,
    camera_away: bool,
    /// What the physician sees of the camera's picture.
    view: View,
    listening: Listening,
    examining: Examining,
    /// The physician has been told that the camera does not obey; once is enough.
    camera_disobeys: bool,
}

impl Model {
    pub const fn new(now: Timestamp) -> Self {
        Self {
            now,
            daemon: Daemon::Starting,
            state: None,
            asked: Asked::new(),
            told: Told::new(),
            pin: PinEntry::new(),
            choice: None,
            desk: Desk::Closed,
            sheet: Sheet::Closed,
            ask_end: false,
            viewfinder: false,
            taking: false,
            scanner: false,
            muted: false,
            camera_away: false,
            view: View::WHOLE,
            listening: Listening::new(),
            examining: Examining::new(),
            camera_disobeys: false,
        }
    }

    #[must_use]
    pub fn update(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        self.sheet.pass_time(now);
        let (before, page) = (self.studio_use(), self.page());
        let mut effects = match input {
            Input::Press(press) => self.press(press),
            Input::Said(response) => self.said(response),
            Input::Lost => self.lost(),
            Input::Unsent { number } => self.not_sent(number),
            Input::Media(event) => self.media(event),
            Input::Scanner { is_here } => {
                self.scanner = is_here;
                Vec::new()
            }
            Input::Scanned { text } => self.scanned(text.as_deref()),
            Input::NoStudio => self.tell(OwnKind::NoVideo),
            Input::Still { for_whom, picture } => self.still(for_whom, picture),
            Input::Sound { for_whom, heard } => self.sound(for_whom, heard),
            Input::Tick => self.tick(),
        };
        let after = self.studio_use();
        if before.call() != after.call() {
            effects.extend(self.new_call());
        }
        if matches!(before, StudioUse::InCall(_)) && after.call().is_none() {
            effects.extend(self.tell(OwnKind::NobodyWatches));
        }
        effects.extend(self.put_down());
        effects.extend(self.turn_camera(page));
        if after == StudioUse::Off {
            self.camera_away = false;
            self.listening.is_away = false;
            self.told.camera_and_sound_are_back();
        }
        effects
            .extend(studio::orders(before, after, self.relays()).into_iter().map(Effect::Studio));
        effects
    }

    fn said(&mut self, response: Response) -> Vec<Effect> {
        match response {
            Response::State(state) => self.show(*state),
            Response::Done { number, entry } => self.done(number, entry),
            Response::Refused { number, refusal } => self.refused(number, refusal),
            Response::Signal { call, signal } => {
                vec![Effect::Studio(StudioOrder::Signal(call, signal))]
            }
        }
    }

    fn show(&mut self, state: CartState) -> Vec<Effect> {
        self.daemon = Daemon::Here;
        if matches!(state.sign_in, SignInState::SignedOut { .. }) {
            self.choice = None;
            self.viewfinder = false;
            self.ask_end = false;
        } else {
            self.pin = PinEntry::new();
        }
        if state.encounter.is_some() {
            // What was said of the wristband is settled: the next step is no longer to go back.
            if self.choice.take().is_some() {
                self.forget_scans();
            }
        } else {
            self.ask_end = false;
            self.viewfinder = false;
        }
        self.desk.keep_up(&state);
        self.sheet.keep_up(&state);
        self.state = Some(state);
        Vec::new()
    }

    fn lost(&mut self) -> Vec<Effect> {
        if self.daemon == Daemon::Here {
            self.daemon = Daemon::Restarting;
        }
        self.asked.take_all().into_iter().flat_map(|wish| self.unanswered(wish)).collect()
    }

    fn not_sent(&mut self, number: u64) -> Vec<Effect> {
        self.asked.take(number).map_or_else(Vec::new, |wish| self.unanswered(wish))
    }

    fn tick(&mut self) -> Vec<Effect> {
        self.pin.pass_time(self.now);
        self.told.forget_old(self.now);
        self.forget_old_choices()
    }

    /// What was said of the call before says nothing about this one.
    fn new_call(&mut self) -> Vec<Effect> {
        self.camera_disobeys = false;
        let muted = std::mem::replace(&mut self.muted, false);
        let end = self.listening.end().then_some(StudioOrder::Listen(false));
        let unmute = muted.then_some(StudioOrder::Mute(false));
        let whole = std::mem::replace(&mut self.view, View::WHOLE) != View::WHOLE;
        let whole = whole.then_some(StudioOrder::Look(View::WHOLE));
        let examined = self.examining.end().then_some(StudioOrder::Examine(None));
        unmute.into_iter().chain(end).chain(whole).chain(examined).map(Effect::Studio).collect()
    }

    /// The viewfinder was opened, or closed by whatever closed it. In a call it is the physician's camera.
    fn turn_camera(&mut self, before: Page) -> Vec<Effect> {
        let command = match (before, self.page()) {
            (Page::Camera, Page::Camera) => return Vec::new(),
            (_, Page::Camera) => Command::CameraHome,
            (Page::Camera, _) if *self.call() == CallState::None => Command::ParkCamera,
            _ => return Vec::new(),
        };
        self.ask(Wish::Look, command)
    }

    fn tell(&mut self, kind: OwnKind) -> Vec<Effect> {
        self.told.tell(kind, self.now);
        Vec::new()
    }

    /// Of the call that goes on.
    fn relays(&self) -> Relays {
        match self.state.as_ref().map(|state| &state.call) {
            Some(CallState::Answered { relays: Some(relays), .. }) => relays.clone(),
            _ => Relays::default(),
        }
    }

    fn studio_use(&self) -> StudioUse {
        StudioUse::of(self.state.as_ref())
    }
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
