//! Reaches what a cart carries beside its measuring devices: sound, keys, badges, power, cameras.
//!
//! One module is one thing outside: ALSA, evdev, pcscd, UPower, upsd, V4L2. Each is kept open for as
//! long as somebody listens and says in words when it is away. What the bytes mean is decided in
//! `devices`, and for whom it matters is decided above.

pub mod badge;
pub mod exam_camera;
pub mod keys;
pub mod power;
pub mod sound;
