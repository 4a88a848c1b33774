//! A stage for whole consults: the real programs, a simulated room, a FHIR server, a screen and a browser.
//!
//! Knows the product from outside only: command lines, configuration, screens, sockets and what lies in the EHR. [`crash`],
//! [`fail_points`] and [`record`] open the records as well, to compare them with the EHR.

mod auscultation;
pub mod browser;
pub mod cart;
pub mod consult;
pub mod crash;
pub mod decoding;
pub mod ehr;
mod exam_camera;
mod examination;
pub mod fail_points;
pub mod figures;
pub mod hub;
pub mod kiosk;
pub mod media;
pub mod observer;
mod peers;
pub mod place;
pub mod process;
pub mod record;
pub mod rehearsal;
pub mod relay;
pub mod room;
pub mod saving;
pub mod screen;
pub mod stage;
pub mod wait;
