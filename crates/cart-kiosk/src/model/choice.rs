//! A patient of the worklist, and which identifiers the nurse has compared with the wristband.

use cart_api::Identifier;
use hub_api::WorklistEntry;

/// Joint Commission NPSG.01.01.01: at least two identifiers.
const NEEDED: usize = 2;

/// What the nurse has compared with the wristband, each once.
pub struct Compared(Vec<Identifier>);

impl Compared {
    pub const fn nothing() -> Self {
        Self(Vec::new())
    }

    /// A second tap takes the first one back.
    pub fn toggle(&mut self, identifier: Identifier) {
        match self.0.iter().position(|compared| *compared == identifier) {
            Some(index) => drop(self.0.remove(index)),
            None => self.0.push(identifier),
        }
    }

    pub fn take(&mut self, identifier: Identifier) {
        if !self.0.contains(&identifier) {
            self.0.push(identifier);
        }
    }

    pub fn as_slice(&self) -> &[Identifier] {
        &self.0
    }

    pub fn is_enough(&self) -> bool {
        self.0.len() >= NEEDED
    }
}

pub struct Choice {
    pub entry: WorklistEntry,
    pub compared: Compared,
}

impl Choice {
    pub const fn new(entry: WorklistEntry) -> Self {
        Self { entry, compared: Compared::nothing() }
    }
}
