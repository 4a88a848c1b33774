//! What slint-build makes of `ui/*.slint`. Nobody wrote it, so no lint reads it.

#![allow(clippy::all, clippy::todo, clippy::unwrap_used, unsafe_code)]

slint::include_modules!();
