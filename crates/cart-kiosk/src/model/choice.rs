//! A patient of the worklist, and which identifiers the nurse has compared with the wristband.

use cart_api::Identifier;
use hub_api::WorklistEntry;

/// Joint Commission NPSG.01.01.01: at least two identifiers.
const NEEDED: usize = 2;

pub struct Choice {
    pub entry: WorklistEntry,
    compared: Vec<Identifier>,
}

impl Choice {
    pub const fn new(entry: WorklistEntry) -> Self {
        Self { entry, compared: Vec::new() }
    }

    /// A second tap takes the first one back.
    pub fn toggle(&mut self, identifier: Identifier) {
        match self.compared.iter().position(|compared| *compared == identifier) {
            Some(index) => drop(self.compared.remove(index)),
            None => self.compared.push(identifier),
        }
    }

    pub fn compared(&self) -> &[Identifier] {
        &self.compared
    }

    pub fn is_identified(&self) -> bool {
        self.compared.len() >= NEEDED
    }
}
