//! What slint-build makes of `ui/*.slint`.

#![allow(clippy::all, clippy::unwrap_used, unsafe_code)]

slint::include_modules!();
