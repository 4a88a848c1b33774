//! Battery and mains: by UPower for what the computer knows itself, by Network UPS Tools for a UPS.
//!
//! Both say the whole of what they know whenever it changes. A source that is lost knows nothing:
//! then that is said, and no old number stays.

mod nut;
mod upower;

pub use nut::{NutAddress, watch as watch_nut};
pub use upower::watch as watch_upower;
