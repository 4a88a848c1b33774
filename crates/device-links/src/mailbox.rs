//! What the rest of the cart asks of a device, until the device's thread takes it.
//!
//! No queue: of wishes to one part of a device only the newest counts. A camera told to turn left,
//! then right, then to stop has to stop, however slowly its link takes the words.

use std::{
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{Mutex, MutexGuard, PoisonError},
};

use devices::{Command, Ptz};
use rustix::{
    event::{EventfdFlags, eventfd},
    io::{Errno, read, write},
};

/// The device is not plugged in, switched off or out of reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device is away")]
pub struct DeviceAway;

pub(crate) struct Mailbox {
    state: Mutex<State>,
    /// Becomes readable when there is something in the box.
    bell: OwnedFd,
}

#[derive(Default)]
struct State {
    up: bool,
    closing: bool,
    measuring: Option<Command>,
    /// In the order in which they came, at most one for each [`Part`].
    wishes: Vec<Ptz>,
}

/// A part of a camera; of the wishes to one only the newest counts. There are a few, and one for
/// each of the 256 numbers of a memory.
#[derive(PartialEq)]
enum Part {
    Motors,
    Focus,
    Memory(u8),
    Power,
    Where,
}

impl Part {
    fn of(wish: Ptz) -> Self {
        match wish {
            Ptz::Move { .. } | Ptz::Stop | Ptz::Home | Ptz::To(_) | Ptz::Recall(_) => Self::Motors,
            Ptz::Focus(_) => Self::Focus,
            Ptz::Save(number) | Ptz::Clear(number) => Self::Memory(number),
            Ptz::PowerOn => Self::Power,
            Ptz::Locate => Self::Where,
        }
    }
}

/// What was in the box.
#[derive(Debug, PartialEq)]
pub(crate) struct Post {
    pub(crate) closing: bool,
    pub(crate) commands: Vec<Command>,
}

impl Mailbox {
    pub(crate) fn new() -> Result<Self, Errno> {
        let bell = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { state: Mutex::default(), bell })
    }

    pub(crate) fn put(&self, command: Command) -> Result<(), DeviceAway> {
        let mut state = self.state();
        if !state.up {
            return Err(DeviceAway);
        }
        match command {
            Command::Measure | Command::StopMeasuring => state.measuring = Some(command),
            Command::Ptz(wish) => {
                state.wishes.retain(|earlier| Part::of(*earlier) != Part::of(wish));
                // Nothing goes before a stop.
                let place = if wish == Ptz::Stop { 0 } else { state.wishes.len() };
                state.wishes.insert(place, wish);
            }
        }
        drop(state);
        self.ring();
        Ok(())
    }

    pub(crate) fn close(&self) {
        self.state().closing = true;
        self.ring();
    }

    /// Commands for a link that was lost mean nothing on the next one.
    pub(crate) fn set_up(&self, up: bool) {
        let mut state = self.state();
        *state = State { up, closing: state.closing, ..State::default() };
    }

    pub(crate) fn take(&self) -> Post {
        match read(&self.bell, &mut [0_u8; 8]) {
            Ok(_) | Err(Errno::AGAIN | Errno::INTR) => {}
            Err(error) => unreachable!("an eventfd that is open can be read: {error}"),
        }
        let mut state = self.state();
        let measuring = state.measuring.take();
        let wishes = std::mem::take(&mut state.wishes).into_iter().map(Command::Ptz);
        Post { closing: state.closing, commands: measuring.into_iter().chain(wishes).collect() }
    }

    fn ring(&self) {
        match write(&self.bell, &1_u64.to_ne_bytes()) {
            // A full counter has rung already.
            Ok(_) | Err(Errno::AGAIN) => {}
            Err(error) => unreachable!("an eventfd that is open can be written: {error}"),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can be left half done by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsFd for Mailbox {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.bell.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Command = Command::Ptz(Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 });
    const STOP: Command = Command::Ptz(Ptz::Stop);

    fn up() -> Mailbox {
        let mailbox = Mailbox::new().unwrap();
        mailbox.set_up(true);
        mailbox
    }

    #[test]
    fn a_stop_overtakes_every_movement() {
        let mailbox = up();
        for command in [LEFT, LEFT, STOP] {
            mailbox.put(command).unwrap();
        }
        assert_eq!(mailbox.take(), Post { closing: false, commands: vec![STOP] });
        assert_eq!(mailbox.take().commands, []);
    }

    #[test]
    fn a_stop_is_not_displaced_by_what_moves_nothing() {
        let mailbox = up();
        let [save, locate] = [Ptz::Save(3), Ptz::Locate].map(Command::Ptz);
        for command in [save, LEFT, STOP, locate, save, locate] {
            mailbox.put(command).unwrap();
        }
        assert_eq!(mailbox.take().commands, [STOP, save, locate]);
    }

    #[test]
    fn memories_of_other_numbers_are_all_kept() {
        let mailbox = up();
        let wishes = [Ptz::Save(1), Ptz::Save(2), Ptz::Clear(1)].map(Command::Ptz);
        wishes.into_iter().for_each(|wish| mailbox.put(wish).unwrap());
        assert_eq!(mailbox.take().commands, [wishes[1], wishes[2]]);
    }

    #[test]
    fn a_camera_and_a_cuff_do_not_displace_each_other() {
        let mailbox = up();
        mailbox.put(LEFT).unwrap();
        mailbox.put(Command::Measure).unwrap();
        assert_eq!(mailbox.take().commands, [Command::Measure, LEFT]);
    }

    #[test]
    fn nothing_is_kept_for_a_device_that_is_away() {
        let mailbox = up();
        mailbox.put(LEFT).unwrap();
        mailbox.set_up(false);
        assert_eq!(mailbox.put(LEFT), Err(DeviceAway));
        mailbox.set_up(true);
        assert_eq!(mailbox.take().commands, []);
    }

    #[test]
    fn closing_stays() {
        let mailbox = up();
        mailbox.close();
        mailbox.set_up(false);
        assert!(mailbox.take().closing && mailbox.take().closing);
    }
}
