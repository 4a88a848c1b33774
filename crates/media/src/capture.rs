//! Captures the room and what is held to the body: one small pipeline for each device, ending where the calls' pipelines begin.
//!
//! A device that fails takes only its own pipeline down; a slate or silence goes on in its place,
//! so that no encoder and no peer connection ever notices.

use std::sync::{Mutex, MutexGuard, PoisonError};

mod camera;
mod crop;
mod exam;
mod heads;
mod microphone;
mod picture_tail;
mod slate;

pub(crate) use camera::{Camera, CameraOutlets};
pub(crate) use exam::ExamCameras;
pub(crate) use microphone::Microphone;

/// Nothing panics while one of these is held; a poisoned lock still guards a whole value.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
