//! Somebody looks through an exam camera: which one, and at which ear or eye.
//!
//! In a call physician and nurse both may say it; the last word counts, and both are told it. Without a call the nurse does, in
//! the viewfinder. It ends with the page that shows it: no camera's light burns that nobody looks through.

use cart_api::CallState;
use clinical::{ExamCamera, Examined, Laterality};

use super::{Effect, Model, Page, StudioOrder};

pub struct Examining {
    /// What the cart was set up with.
    pub cameras: Vec<ExamCamera>,
    /// `None`: the room.
    pub examined: Option<Examined>,
    /// The one that is looked through gives no picture.
    pub is_away: bool,
}

impl Examining {
    pub(super) const fn new() -> Self {
        Self { cameras: Vec::new(), examined: None, is_away: false }
    }

    /// The call is another. Whether somebody looked through one.
    pub(super) fn end(&mut self) -> bool {
        self.is_away = false;
        self.examined.take().is_some()
    }

    fn camera(&self) -> Option<ExamCamera> {
        self.examined.map(|examined| examined.with)
    }
}

impl Model {
    /// On a cart with these.
    #[must_use]
    pub fn with_exam_cameras(mut self, cameras: Vec<ExamCamera>) -> Self {
        self.examining.cameras = cameras;
        self
    }

    /// A wish for what the cart does not have, or that comes when no page shows it, changes nothing.
    pub(super) fn examine(&mut self, wanted: Option<Examined>) -> Vec<Effect> {
        let wanted = wanted.map(|wanted| Examined::new(wanted.with, wanted.side));
        let known = |wanted: &Examined| self.examining.cameras.contains(&wanted.with);
        if !self.may_examine() || !wanted.as_ref().is_none_or(known) {
            return Vec::new();
        }
        self.look_through(wanted)
    }

    /// Of the nurse: another camera begins without a side, and the same one keeps it.
    pub(super) fn take_up(&mut self, camera: Option<ExamCamera>) -> Vec<Effect> {
        if camera == self.examining.camera() {
            return Vec::new();
        }
        self.examine(camera.map(|with| Examined::new(with, None)))
    }

    pub(super) fn look_into(&mut self, side: Laterality) -> Vec<Effect> {
        let examined = self.examining.examined;
        examined.map_or_else(Vec::new, |examined| {
            self.examine(Some(Examined { side: Some(side), ..examined }))
        })
    }

    /// Of a camera that rests by now nothing is told.
    pub(super) fn exam_camera(&mut self, camera: ExamCamera, is_away: bool) -> Vec<Effect> {
        if self.examining.camera() == Some(camera) {
            self.examining.is_away = is_away;
        }
        Vec::new()
    }

    /// After whatever happened: what no page shows any more is put down.
    pub(super) fn put_down(&mut self) -> Vec<Effect> {
        if self.examining.examined.is_none() || self.may_examine() {
            return Vec::new();
        }
        self.look_through(None)
    }

    fn look_through(&mut self, wanted: Option<Examined>) -> Vec<Effect> {
        let before = self.examining.camera();
        self.examining.examined = wanted;
        if self.examining.camera() != before {
            self.examining.is_away = false;
        }
        vec![Effect::Studio(StudioOrder::Examine(wanted))]
    }

    fn may_examine(&self) -> bool {
        match self.call() {
            CallState::Answered { .. } => true,
            CallState::Ringing { .. } => false,
            CallState::None => self.page() == Page::Camera,
        }
    }
}
