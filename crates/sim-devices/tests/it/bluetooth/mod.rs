//! Simulated Bluetooth devices under the cart's own links and drivers: what was simulated is what is
//! read.

mod bedside;
mod ecg;
mod faults;
mod memories;
mod readings;
