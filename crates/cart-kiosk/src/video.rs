//! The studio, while it is needed, and its pictures on the screen.
//!
//! One timer takes the newest picture of every slot in one pass, so that two videos are one
//! repaint. It runs only while a page shows pictures.

mod screens;
mod stills;

pub use screens::Away;

use std::{rc::Rc, sync::Arc, time::Duration};

use clinical::{CallId, Examined};
use devices::heart_sound;
use hub_api::{CartOnChannel, HeardRate};
use media::{MediaConfig, MediaEvent, Studio};
use slint::{Timer, TimerMode};
use tokio::sync::mpsc::{self, error::TrySendError};

use crate::{
    model::{Input, StillFor, StudioOrder},
    ui::AppWindow,
    video::{screens::Screens, stills::Stills},
};

/// Browsers send 30 pictures a second; looking more often would find the same one twice.
const REPAINT: Duration = Duration::from_millis(33);
/// The nurse sees and hears the physician while picture and sound are younger than this.
const HEARING: Duration = Duration::from_secs(1);

pub struct Video {
    config: MediaConfig,
    inbox: mpsc::Sender<Input>,
    running: Option<Running>,
    screens: Rc<Screens>,
    repaint: Timer,
}

struct Running {
    studio: Arc<Studio>,
    stills: Stills,
    call: Option<CallId>,
    examined: Option<Examined>,
}

impl Video {
    pub fn new(window: &AppWindow, config: MediaConfig, inbox: mpsc::Sender<Input>) -> Self {
        let screens = Rc::new(Screens::new(window));
        Self { config, inbox, running: None, screens, repaint: Timer::default() }
    }

    /// What the model says when it cannot be carried out.
    pub fn carry_out(&mut self, order: StudioOrder) -> Option<Input> {
        if order == StudioOrder::Open {
            return self.open();
        }
        if order == StudioOrder::Close {
            self.close();
            return None;
        }
        match (order, &mut self.running) {
            (StudioOrder::Still(for_whom), None) => Some(Input::Still { for_whom, picture: None }),
            (StudioOrder::Still(for_whom), Some(running)) => running.still(for_whom),
            (StudioOrder::KeepSound(for_whom), running) => {
                let heard = running.as_ref().and_then(|running| running.studio.heard());
                Some(Input::Sound { for_whom, heard })
            }
            (order, Some(running)) => {
                running.carry_out(order);
                None
            }
            // It could not be opened; that has been told.
            (_, None) => None,
        }
    }

    /// Starts and stops painting.
    pub fn show(&mut self, shown: bool, away: Away) {
        self.screens.are_away(away);
        match &self.running {
            Some(running) if shown => {
                if !self.repaint.running() {
                    let screens = Rc::clone(&self.screens);
                    let studio = &running.studio;
                    let (own, remote) = (studio.self_view(), studio.remote_view());
                    let exam = studio.exam_view();
                    self.repaint.start(TimerMode::Repeated, REPAINT, move || {
                        screens.paint(&own, &remote, exam.as_deref());
                    });
                }
            }
            Some(_) | None => self.darken(),
        }
    }

    /// Every second of a call the physician is told whether the nurse sees and hears them, and what there is to
    /// hear of the heart.
    pub fn tell_physician(&self) {
        let Some(running @ Running { studio, call: Some(_), .. }) = &self.running else { return };
        tell_hearing(studio);
        running.tell_examining();
        studio.say(&CartOnChannel::Looking { view: studio.view() });
        if let Some(rate) = studio.heart_rate() {
            let works = studio.levels().stethoscope_dbfs.is_some();
            let heard_ms = u32::try_from(studio.heard_for().as_millis()).unwrap_or(u32::MAX);
            let heart_rate = told(rate);
            studio.say(&CartOnChannel::Stethoscope { works, heart_rate, heard_ms });
        }
    }

    fn open(&mut self) -> Option<Input> {
        self.close();
        let inbox = self.inbox.clone();
        let started = Studio::start(self.config.clone(), move |event| tell(&inbox, event))
            .map_err(anyhow::Error::from)
            .and_then(|studio| Ok(Running::new(studio, self.inbox.clone())?));
        match started {
            Ok(running) => {
                self.running = Some(running);
                None
            }
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "Could not start the studio");
                Some(Input::NoStudio)
            }
        }
    }

    fn close(&mut self) {
        self.darken();
        self.running = None;
    }

    fn darken(&mut self) {
        if self.repaint.running() {
            self.repaint.stop();
            self.screens.darken();
        }
    }
}

impl Running {
    fn new(studio: Studio, inbox: mpsc::Sender<Input>) -> std::io::Result<Self> {
        let studio = Arc::new(studio);
        let stills = Stills::start(Arc::clone(&studio), inbox)?;
        Ok(Self { studio, stills, call: None, examined: None })
    }

    fn still(&self, for_whom: StillFor) -> Option<Input> {
        let taken = self.stills.take(for_whom);
        (!taken).then_some(Input::Still { for_whom, picture: None })
    }

    fn carry_out(&mut self, order: StudioOrder) {
        match order {
            StudioOrder::Prepare => self.studio.prepare(),
            StudioOrder::Join(call, relays) => {
                self.call = Some(call);
                self.studio.join(call, relays);
            }
            StudioOrder::Leave => {
                self.call = None;
                self.studio.leave();
            }
            StudioOrder::Signal(call, signal) => self.studio.signal(call, signal),
            StudioOrder::Say(message) => self.studio.say(&message),
            StudioOrder::Mute(muted) => self.studio.set_muted(muted),
            StudioOrder::ProveSound => self.studio.prove_sound(),
            StudioOrder::Listen(on) => self.studio.set_listening(on),
            StudioOrder::Look(view) => self.studio.look(view),
            StudioOrder::Examine(examined) => self.examine(examined),
            StudioOrder::ListenAnew => self.studio.listen_anew(),
            StudioOrder::Open
            | StudioOrder::Close
            | StudioOrder::Still(_)
            | StudioOrder::KeepSound(_) => {
                unreachable!("`Video` carries these out itself")
            }
        }
    }
}

impl Running {
    /// The other ear is no other camera: its picture goes on.
    fn examine(&mut self, examined: Option<Examined>) {
        let camera = |examined: Option<Examined>| examined.map(|examined| examined.with);
        let before = std::mem::replace(&mut self.examined, examined);
        if camera(before) != camera(examined) {
            self.studio.examine(camera(examined));
        }
        self.tell_examining();
    }

    fn tell_examining(&self) {
        let (cameras, examined) = (self.studio.exam_cameras(), self.examined);
        if cameras.is_empty() {
            return;
        }
        let away = |examined: Examined| self.studio.exam_camera_is_away(examined.with);
        let works = !examined.is_some_and(away);
        self.studio.say(&CartOnChannel::Examining { cameras, examined, works });
    }
}

fn tell_hearing(studio: &Studio) {
    let within = |age: Option<Duration>| age.is_some_and(|age| age < HEARING);
    studio.say(&CartOnChannel::Hearing {
        picture: within(studio.remote_view().age()),
        sound: within(studio.levels().physician_sound_age),
    });
}

fn told(rate: heart_sound::HeardRate) -> HeardRate {
    match rate {
        heart_sound::HeardRate::PerMinute(beats) => HeardRate::PerMinute { beats },
        heart_sound::HeardRate::NotYet => HeardRate::NotYet,
        heart_sound::HeardRate::TooQuiet => HeardRate::TooQuiet,
        heart_sound::HeardRate::Unclear => HeardRate::Unclear,
    }
}

/// On a media thread, which must not wait for the screen.
fn tell(inbox: &mpsc::Sender<Input>, event: MediaEvent) {
    match inbox.try_send(Input::Media(event)) {
        Ok(()) => {}
        Err(TrySendError::Full(_)) => tracing::error!("The screen hangs; lost what media told"),
        Err(TrySendError::Closed(_)) => tracing::debug!("The window is closed"),
    }
}
