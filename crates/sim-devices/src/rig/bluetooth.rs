//! A Bluetooth device of the room, and the air between it and its hosts.

use super::Setup;
use crate::Clock;
use crate::gatt::{self, Peripheral};
use crate::link::{Line, tcp};
use crate::peripherals::Model;
use anyhow::Context;
use std::sync::{Arc, Mutex};

pub struct Bluetooth {
    pub model: Model,
    pub device: Arc<Mutex<dyn Peripheral>>,
    pub line: Arc<Line>,
}

impl Bluetooth {
    pub fn new(model: Model) -> Self {
        Self { model, device: (model.make)(), line: Arc::default() }
    }

    /// Where it can be reached.
    pub fn serve(&self, setup: &Setup, clock: Clock) -> anyhow::Result<String> {
        // Only the thermometer's port can be fixed; of the others `sim.json` says it.
        let port = if self.model.name == "thermometer" { setup.thermometer_port } else { 0 };
        let device = self.device.clone();
        let address = tcp::serve(port, self.line.clone(), clock, move || {
            Box::new(gatt::Session::new(device.clone(), clock))
        })
        .with_context(|| format!("no port for the {}", self.model.name))?;
        Ok(format!("att+tcp://{address}"))
    }
}
