//! What a camera is told to do, and what may happen to it on the way.

/// In the order in which wishes that wait are written: focus is switched to "by hand" before it is
/// driven by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::visca) enum Lane {
    PanTilt,
    Zoom,
    FocusMode,
    Focus,
    /// Memories and power: nothing that moves.
    Camera,
}

pub(in crate::visca) const LANES: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::visca) enum Manner {
    /// Overtakes everything.
    Stop,
    /// Goes on until it is stopped.
    Drive,
    /// Ends by itself.
    Go,
    /// As [`Self::Go`], but doing it a second time is not the same as doing it once: the camera
    /// may have moved since, and would save the wrong place.
    Once,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::visca) struct Order {
    pub(in crate::visca) lane: Lane,
    pub(in crate::visca) bytes: Vec<u8>,
    pub(in crate::visca) manner: Manner,
}
