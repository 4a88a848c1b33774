//! The one table of simulated Bluetooth devices. Each has its file; here it gets its line.

use crate::gatt::Peripheral;
use crate::{
    blood_pressure, glucose_meter, glucose_sensor, heart_rate, polar, pulse_oximeter, scale,
    thermometer,
};
use std::sync::{Arc, Mutex};

/// A kind of device: `cart-sim` starts one of each.
#[derive(Clone, Copy)]
pub struct Model {
    /// The first word of its commands, and its name in `sim.json`.
    pub name: &'static str,
    /// What can be said to it, for people.
    pub usage: &'static str,
    pub make: fn() -> Arc<Mutex<dyn Peripheral>>,
}

pub static MODELS: &[Model] = &[
    thermometer::MODEL,
    blood_pressure::MODEL,
    blood_pressure::BM85,
    pulse_oximeter::MODEL,
    heart_rate::MODEL,
    glucose_meter::MODEL,
    glucose_sensor::MODEL,
    scale::MODEL,
    polar::MODEL,
];

/// Which of [`MODELS`] a word names.
pub fn find(name: &str) -> Option<usize> {
    MODELS.iter().position(|model| model.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gatt::table::attributes;
    use crate::lock;
    use std::collections::HashSet;

    #[test]
    fn every_name_is_that_of_one_device_and_its_usage_says_it() {
        let names: HashSet<&str> = MODELS.iter().map(|model| model.name).collect();
        assert_eq!(names.len(), MODELS.len());
        for model in MODELS {
            assert!(model.usage.starts_with(model.name), "{}", model.name);
            assert!(!attributes(&lock(&(model.make)()).services()).is_empty(), "{}", model.name);
        }
    }
}
