//! Frames of media to pictures of the window. The only writer of the pictures, and of what stands
//! in their place.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use media::FrameSlot;
use slint::{ComponentHandle as _, Image, Rgba8Pixel, SharedPixelBuffer};

use crate::ui::{AppWindow, CallAdapter, CameraAdapter, ExamAdapter, PictureLook};

/// A picture that stands still for longer is taken for the patient or the physician of now.
const FROZEN: Duration = Duration::from_millis(500);

pub struct Screens {
    window: slint::Weak<AppWindow>,
    away: Cell<Away>,
    /// Numbers of the frames that are on the screen.
    seen: RefCell<Seen>,
}

/// Which of the cart's own cameras give no picture.
#[derive(Clone, Copy, Default)]
pub struct Away {
    pub camera: bool,
    /// The one that somebody looks through.
    pub exam: bool,
}

#[derive(Default)]
struct Seen {
    own: u64,
    remote: u64,
    exam: u64,
}

impl Screens {
    pub fn new(window: &AppWindow) -> Self {
        Self { window: window.as_weak(), away: Cell::default(), seen: RefCell::default() }
    }

    pub fn are_away(&self, away: Away) {
        self.away.set(away);
    }

    /// Puts what is new on the screen. Nothing new costs nothing.
    pub fn paint(&self, own: &FrameSlot, remote: &FrameSlot, exam: Option<&FrameSlot>) {
        let Some(window) = self.window.upgrade() else { return };
        let mut seen = self.seen.borrow_mut();
        let camera = window.global::<CameraAdapter<'_>>();
        if let Some(picture) = newest(own, &mut seen.own) {
            camera.set_own(picture);
        }
        let away = self.away.get();
        camera.set_own_look(if away.camera { PictureLook::Away } else { look(own.age()) });
        let call = window.global::<CallAdapter<'_>>();
        if let Some(picture) = newest(remote, &mut seen.remote) {
            call.set_remote(picture);
        }
        let age = remote.age();
        call.set_remote_look(look(age));
        call.set_frozen_for(age.map_or(0, seconds));
        if let Some(exam) = exam {
            let page = window.global::<ExamAdapter<'_>>();
            if let Some(picture) = newest(exam, &mut seen.exam) {
                page.set_picture(picture);
            }
            page.set_picture_look(if away.exam { PictureLook::Away } else { look(exam.age()) });
        }
    }

    /// No picture of one call or patient is left for the next.
    pub fn darken(&self) {
        *self.seen.borrow_mut() = Seen::default();
        let Some(window) = self.window.upgrade() else { return };
        let camera = window.global::<CameraAdapter<'_>>();
        camera.set_own(Image::default());
        camera.set_own_look(PictureLook::NoneYet);
        let call = window.global::<CallAdapter<'_>>();
        call.set_remote(Image::default());
        call.set_remote_look(PictureLook::NoneYet);
        let exam = window.global::<ExamAdapter<'_>>();
        exam.set_picture(Image::default());
        exam.set_picture_look(PictureLook::NoneYet);
    }
}

fn newest(slot: &FrameSlot, seen: &mut u64) -> Option<Image> {
    let (number, frame) = slot.newer_than(*seen)?;
    *seen = number;
    let pixels =
        SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(&frame.rgba, frame.width, frame.height);
    Some(Image::from_rgba8(pixels))
}

fn look(age: Option<Duration>) -> PictureLook {
    match age {
        None => PictureLook::NoneYet,
        Some(age) if age > FROZEN => PictureLook::Frozen,
        Some(_) => PictureLook::Live,
    }
}

fn seconds(age: Duration) -> i32 {
    // While it counts nothing is frozen; two billion seconds are not reached.
    if age > FROZEN { i32::try_from(age.as_secs()).unwrap_or(i32::MAX) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_called_frozen_after_half_a_second() {
        assert_eq!(look(None), PictureLook::NoneYet);
        assert_eq!(look(Some(Duration::from_millis(500))), PictureLook::Live);
        assert_eq!(look(Some(Duration::from_millis(501))), PictureLook::Frozen);
    }

    #[test]
    fn its_age_is_counted_in_whole_seconds() {
        assert_eq!(seconds(Duration::from_millis(400)), 0);
        assert_eq!(seconds(Duration::from_millis(3_900)), 3);
    }
}
