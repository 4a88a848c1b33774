//! Messages on a connection: the minimal lower layer protocol (HL7 "Transport: MLLP, Release 1").
//!
//! A message lies between 0x0B and 0x1C 0x0D. Fed with whatever a connection brings; never blocks.

use std::mem;

pub const START: u8 = 0x0B;
pub const END: u8 = 0x1C;
const CARRIAGE_RETURN: u8 = 0x0D;

/// As many bytes of what is wrong as a person needs to recognise it.
const KEPT: usize = 64;

/// It holds a byte that begins or ends a frame. What we write never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the message holds a byte that frames messages (0x0B or 0x1C)")]
pub struct NotFramed;

/// A message, ready for the connection.
///
/// # Errors
/// The message holds a byte that frames messages.
pub fn frame(message: &[u8]) -> Result<Vec<u8>, NotFramed> {
    if message.iter().any(|byte| matches!(*byte, START | END)) {
        return Err(NotFramed);
    }
    Ok([&[START], message, &[END, CARRIAGE_RETURN]].concat())
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// What lay in a frame; whether it is a message is not looked at.
    Message(Vec<u8>),
    /// With the first bytes of it, 64 at most.
    Malformed(Wrong, Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("bytes outside of a frame")]
    Stray,
    #[error("a frame begins before the one before it has ended")]
    Unended,
    #[error("0x1C without 0x0D after it")]
    EndCutShort,
    #[error("a frame that is longer than any message")]
    TooLong,
}

/// One for each connection: what is half there ends with it.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    /// Of the frame, or of what is outside of one.
    held: Vec<u8>,
    most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    Inside,
    /// 0x1C has come.
    Ending,
    /// Something is wrong and told already: until the next frame begins nothing more is.
    Lost,
}

impl Decoder {
    /// `most`: bytes of a message, such as [`crate::Message::MOST_BYTES`]. No more are held.
    pub fn new(most: usize) -> Self {
        Self { state: State::Outside, held: Vec::new(), most }
    }

    /// What these bytes complete, in their order.
    #[must_use]
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Unit> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    fn take(&mut self, byte: u8) -> Option<Unit> {
        match (self.state, byte) {
            (State::Outside, START) => self.begin(Wrong::Stray),
            // Some senders end a line behind each frame.
            (State::Outside, b'\r' | b'\n') => None,
            (State::Outside, _) => self.hold(byte, KEPT, Wrong::Stray),
            (State::Inside, START) => self.begin(Wrong::Unended),
            (State::Inside, END) => {
                self.state = State::Ending;
                None
            }
            (State::Inside, _) => self.hold(byte, self.most, Wrong::TooLong),
            (State::Ending, CARRIAGE_RETURN) => {
                self.state = State::Outside;
                Some(Unit::Message(mem::take(&mut self.held)))
            }
            (State::Ending, START) => self.begin(Wrong::EndCutShort),
            (State::Ending, _) => Some(self.lose(Wrong::EndCutShort)),
            (State::Lost, START) => {
                self.state = State::Inside;
                None
            }
            (State::Lost, _) => None,
        }
    }

    /// A frame begins; what is held before it is wrong, if there is anything.
    fn begin(&mut self, wrong: Wrong) -> Option<Unit> {
        let nothing = self.state == State::Outside && self.held.is_empty();
        let told = (!nothing).then(|| self.lose(wrong));
        self.state = State::Inside;
        told
    }

    fn hold(&mut self, byte: u8, most: usize, wrong: Wrong) -> Option<Unit> {
        self.held.push(byte);
        (self.held.len() > most).then(|| self.lose(wrong))
    }

    fn lose(&mut self, wrong: Wrong) -> Unit {
        self.state = State::Lost;
        let mut bytes = mem::take(&mut self.held);
        bytes.truncate(KEPT);
        bytes.shrink_to_fit();
        Unit::Malformed(wrong, bytes)
    }
}

#[cfg(test)]
mod tests;
