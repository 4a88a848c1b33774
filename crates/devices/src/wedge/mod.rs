//! Barcode scanners and badge readers that type as a keyboard does: keys in, whole texts out.
//!
//! What is scanned names a patient or a nurse, so a text with a missing or an unknown key is no
//! text. What the text means (GS1, AAMVA, a plain number) is not known here; separators stay.

mod keymap;

use std::fmt;

use crate::{KeyEvent, Millis};

use keymap::{CONTROL, ENTER, SHIFT};

/// What a scanner was told to put around each text, and what is taken off again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affixes {
    pub prefix: String,
    pub suffix: String,
}

/// A text as it was scanned. Never printed by `Debug`: it may name a patient.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan(String);

impl Scan {
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan({} characters)", self.0.chars().count())
    }
}

/// How a row of keys ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    Text(Scan),
    /// Nothing is kept of it: scan again.
    Discarded(Discarded),
}

/// Why a row of keys is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discarded {
    /// No Enter came.
    Unfinished,
    TooLong,
    /// A key that types nothing; the scanner is set up for another keyboard or for caps lock.
    UnknownKey,
    /// The cart was too slow or the device was unplugged: keys are missing.
    KeysLost,
    /// The prefix or suffix that the scanner was told to send is not there: another kind of code.
    WithoutAffixes,
}

/// Assembles the keys of one scanner.
#[derive(Debug, Default)]
pub struct Wedge {
    affixes: Affixes,
    text: Row,
    spoiled: Option<Discarded>,
    /// Each of the two keys of its kind.
    shift: [bool; 2],
    control: [bool; 2],
    last_key: Option<Millis>,
}

/// Typed, and never printed.
#[derive(Default)]
struct Row(String);

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({} bytes)", self.0.len())
    }
}

/// A scanner types a key every few milliseconds; the slowest setting of usual ones is 80 ms.
const IDLE_MS: Millis = 500;
/// PDF417, the longest code of licences and wristbands, holds 1850 characters.
const LONGEST: usize = 2048;

impl Wedge {
    pub fn new(affixes: Affixes) -> Self {
        Self { affixes, ..Self::default() }
    }

    /// Takes one event of the scanner's keyboard.
    pub fn handle(&mut self, now: Millis, event: KeyEvent) -> Option<Scanned> {
        let late = self.timer(now);
        let ended = match event {
            KeyEvent::Down(code) => self.down(now, code),
            KeyEvent::Up(code) => {
                self.hold(code, false);
                None
            }
            KeyEvent::Lost => {
                // Whether shift is held is not known either: what follows is spoiled until Enter.
                self.let_go();
                self.spoil(now, Discarded::KeysLost);
                None
            }
        };
        // A row is one key long at most when the one before it was given up at the same moment.
        late.or(ended)
    }

    /// The device is gone.
    pub fn unplugged(&mut self) -> Option<Scanned> {
        let open = self.last_key.is_some();
        self.let_go();
        self.clear();
        open.then_some(Scanned::Discarded(Discarded::KeysLost))
    }

    /// When to call [`Self::timer`] unless a key comes first.
    pub fn deadline(&self) -> Option<Millis> {
        Some(self.last_key?.saturating_add(IDLE_MS))
    }

    pub fn timer(&mut self, now: Millis) -> Option<Scanned> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return None;
        }
        let why = self.spoiled.unwrap_or(Discarded::Unfinished);
        self.clear();
        Some(Scanned::Discarded(why))
    }

    fn down(&mut self, now: Millis, code: u16) -> Option<Scanned> {
        if self.hold(code, true) {
            return None;
        }
        if ENTER.contains(&code) {
            return self.finish();
        }
        let [shift, control] = [self.shift, self.control].map(|held| held.contains(&true));
        match keymap::character(code, shift, control) {
            None => self.spoil(now, Discarded::UnknownKey),
            Some(_) if self.text.0.len() == LONGEST => self.spoil(now, Discarded::TooLong),
            Some(character) => {
                self.last_key = Some(now);
                self.text.0.push(character);
            }
        }
        None
    }

    /// Whether the key is one that is held.
    fn hold(&mut self, code: u16, down: bool) -> bool {
        for (codes, held) in [(SHIFT, &mut self.shift), (CONTROL, &mut self.control)] {
            if let Some(at) = codes.iter().position(|one| *one == code) {
                held[at] = down;
                return true;
            }
        }
        false
    }

    fn let_go(&mut self) {
        (self.shift, self.control) = ([false; 2], [false; 2]);
    }

    /// The first reason is told.
    fn spoil(&mut self, now: Millis, why: Discarded) {
        self.last_key = Some(now);
        self.spoiled.get_or_insert(why);
    }

    fn finish(&mut self) -> Option<Scanned> {
        let Row(text) = std::mem::take(&mut self.text);
        let (spoiled, open) = (self.spoiled, self.last_key.is_some());
        self.clear();
        if let Some(why) = spoiled {
            return Some(Scanned::Discarded(why));
        }
        let bare = text.strip_prefix(&self.affixes.prefix);
        match bare.and_then(|text| text.strip_suffix(&self.affixes.suffix)) {
            None if open => Some(Scanned::Discarded(Discarded::WithoutAffixes)),
            // Enter alone.
            None | Some("") => None,
            Some(bare) => Some(Scanned::Text(Scan(bare.to_owned()))),
        }
    }

    fn clear(&mut self) {
        self.text.0.clear();
        (self.spoiled, self.last_key) = (None, None);
    }
}

#[cfg(test)]
mod tests;
