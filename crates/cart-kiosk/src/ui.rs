//! What slint-build makes of `ui/*.slint`.

#![allow(clippy::all, missing_docs)]

slint::include_modules!();
