//! What is asked of a camera that moves, whatever protocol it speaks.

use serde::Serialize;

/// One wish. A newer wish for the same motor replaces one that was not carried out yet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ptz {
    /// Speeds −1…1: positive is right, up and nearer. It goes on until the next wish that moves or
    /// stops the camera.
    Move {
        pan: f32,
        tilt: f32,
        zoom: f32,
    },
    /// Every motor at once, also on the way to a place.
    Stop,
    /// To where the camera looks when it is switched on, which is the middle of [`Position`].
    Home,
    To(Position),
    /// Keep where the camera looks now under this number.
    Save(u8),
    /// Look where the camera looked when this number was saved.
    Recall(u8),
    /// Forget this number.
    Clear(u8),
    /// Ask for [`crate::Report::Position`].
    Locate,
    Focus(Focus),
    PowerOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Auto,
    /// By hand until the next [`Focus`].
    Near,
    Far,
    /// Stays by hand.
    Stop,
}

/// Where a camera looks, in parts of its range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Position {
    /// −1…1, 0 is straight ahead; positive is right and up. What lies outside is the end stop.
    pub pan: f32,
    pub tilt: f32,
    /// 0…1: the widest picture, the nearest.
    pub zoom: f32,
}
