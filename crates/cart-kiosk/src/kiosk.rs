//! Joins the model to everything outside: window, socket, studio and clock.
//!
//! Decides nothing: inputs go in, effects are carried out in order, then the window is drawn.

use std::{cell::RefCell, path::PathBuf, rc::Rc, time::Duration};

use anyhow::Context as _;
use cart_api::Request;
use clinical::Timestamp;
use jiff::tz::TimeZone;
use media::MediaConfig;
use slint::{ComponentHandle as _, Timer, TimerMode};
use tokio::sync::mpsc;

use crate::{
    cli::ScannerArgs,
    link::{self, FromDaemon, Link},
    model::{Effect, Input, Model, Press},
    presses, render, scanner,
    ui::AppWindow,
    video::{Away, Video},
};

/// Answers and signals come in dozens at most and are taken at once; so many waiting means that the
/// screen hangs, and then its watchdog ends it.
const WAITING_INPUTS: usize = 1024;
/// The clock shows minutes, a call and a waiting PIN count seconds.
const TICK: Duration = Duration::from_secs(1);

/// Runs as long as it is kept.
pub struct Kiosk {
    inner: Rc<RefCell<Inner>>,
    _clock: Timer,
}

struct Inner {
    model: Model,
    window: slint::Weak<AppWindow>,
    link: Link,
    video: Video,
    zone: TimeZone,
}

impl Kiosk {
    /// # Errors
    /// The system gives no thread, or there is no event loop.
    pub fn open(
        window: &AppWindow,
        socket: PathBuf,
        media: impl Into<MediaConfig>,
        scanner: ScannerArgs,
    ) -> anyhow::Result<Self> {
        let media = media.into();
        let cameras = media.exam_cameras.iter().map(|exam| exam.camera).collect();
        let (inbox, arriving) = mpsc::channel(WAITING_INPUTS);
        let (from_daemon, from_scanner) = (inbox.clone(), inbox.clone());
        let link = link::open(socket, move |news| deliver(&from_daemon, heard(news)))
            .context("could not start the link to cartd")?;
        scanner::open(scanner, move |input| deliver(&from_scanner, input))
            .context("could not watch the scanner")?;
        let inner = Rc::new(RefCell::new(Inner {
            model: Model::new(now()).with_exam_cameras(cameras),
            window: window.as_weak(),
            link,
            video: Video::new(window, media, inbox),
            zone: TimeZone::system(),
        }));
        slint::spawn_local(take_in(Rc::clone(&inner), arriving))?;
        let kiosk = Self { _clock: clock(&inner), inner };
        presses::connect(window, kiosk.hand());
        kiosk.inner.borrow_mut().handle(Input::Tick);
        Ok(kiosk)
    }

    /// What the window's callbacks call.
    fn hand(&self) -> impl Fn(Press) + Clone + 'static {
        let inner = Rc::downgrade(&self.inner);
        move |press| {
            if let Some(inner) = inner.upgrade() {
                inner.borrow_mut().handle(Input::Press(press));
            }
        }
    }
}

impl Inner {
    fn handle(&mut self, input: Input) {
        let mut inputs = vec![input];
        // What cannot be carried out is an input in turn.
        while let Some(input) = inputs.pop() {
            for effect in self.model.update(input, now()) {
                inputs.extend(self.carry_out(effect));
            }
        }
        let Some(window) = self.window.upgrade() else { return };
        render::draw(&self.model, &self.zone, &window);
        let away =
            Away { camera: self.model.camera_is_away(), exam: self.model.examining().is_away };
        self.video.show(self.model.shows_video(), away);
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Send { request, blob } => self.send(&request, blob),
            Effect::Studio(order) => self.video.carry_out(order),
        }
    }

    fn send(&self, request: &Request, blob: Vec<u8>) -> Option<Input> {
        let error = self.link.send(request, blob).err()?;
        tracing::warn!(number = request.number, %error, "Could not send a request");
        Some(Input::Unsent { number: request.number })
    }
}

/// Inputs from other threads, in the order of their arrival.
async fn take_in(inner: Rc<RefCell<Inner>>, mut arriving: mpsc::Receiver<Input>) {
    while let Some(input) = arriving.recv().await {
        inner.borrow_mut().handle(input);
    }
}

fn heard(news: FromDaemon) -> Input {
    match news {
        FromDaemon::Said(response) => Input::Said(response),
        FromDaemon::Lost => Input::Lost,
    }
}

/// From a thread that may wait.
fn deliver(inbox: &mpsc::Sender<Input>, input: Input) {
    if inbox.blocking_send(input).is_err() {
        tracing::debug!("The window is closed");
    }
}

fn clock(inner: &Rc<RefCell<Inner>>) -> Timer {
    let inner = Rc::downgrade(inner);
    let clock = Timer::default();
    clock.start(TimerMode::Repeated, TICK, move || {
        if let Some(inner) = inner.upgrade() {
            let mut inner = inner.borrow_mut();
            inner.handle(Input::Tick);
            inner.video.tell_physician();
        }
    });
    clock
}

fn now() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}
