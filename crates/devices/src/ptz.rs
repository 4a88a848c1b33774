//! What is asked of a camera that moves, whatever protocol it speaks.

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ptz {
    /// Speeds −1…1: positive is right, up and nearer. It goes on until the next `Ptz`.
    Move {
        pan: f32,
        tilt: f32,
        zoom: f32,
    },
    Stop,
    Home,
}
