//! The lines between simulated devices and their host, and what happens on them.
//!
//! Knows nothing of any protocol: a `Speaker` is told what came in and says what goes out.

mod converse;
pub mod fault;
pub mod pty;
pub mod tcp;
pub mod udp;

use crate::lock;
use fault::Plan;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use converse::{Overrun, converse};

/// One frame of a protocol: faults damage whole messages.
pub type Message = Vec<u8>;

/// The device's side of one connection.
pub trait Speaker: Send {
    /// Answers what the host sent; the bytes come in any chunks.
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message>;

    /// What the device says by itself, up to `now`.
    fn due(&mut self, now: Duration) -> Vec<Message>;

    /// Whether the device ends this connection now: what was due before has been said.
    fn hangs_up(&mut self, _now: Duration) -> bool {
        false
    }
}

/// How many unasked messages a line remembers for connections that have not sent them yet.
const REMEMBERED: usize = 64;

/// The state of a cable: plugged or not, damaged or not, and what the control makes it say.
#[derive(Debug)]
pub struct Line {
    plugged: AtomicBool,
    plan: Mutex<Plan>,
    spoken: Mutex<Spoken>,
}

#[derive(Debug, Default)]
struct Spoken {
    next: u64,
    recent: VecDeque<(u64, Message)>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            plugged: AtomicBool::new(true),
            plan: Mutex::new(Plan::None),
            spoken: Mutex::new(Spoken::default()),
        }
    }
}

impl Line {
    pub fn plug(&self, in_socket: bool) {
        self.plugged.store(in_socket, Ordering::SeqCst);
    }

    pub fn is_plugged(&self) -> bool {
        self.plugged.load(Ordering::SeqCst)
    }

    pub fn set_fault(&self, plan: Plan) {
        *lock(&self.plan) = plan;
    }

    pub fn fault(&self) -> Plan {
        *lock(&self.plan)
    }

    /// Puts bytes on the line as they are, for every connection that is open now.
    pub fn say(&self, message: Message) {
        let mut spoken = lock(&self.spoken);
        let number = spoken.next;
        spoken.next += 1;
        spoken.recent.push_back((number, message));
        if spoken.recent.len() > REMEMBERED {
            spoken.recent.pop_front();
        }
    }

    /// The number that the next `say` gets: where a new connection starts to listen.
    fn spoken_so_far(&self) -> u64 {
        lock(&self.spoken).next
    }

    fn spoken_since(&self, from: &mut u64) -> Vec<Message> {
        let spoken = lock(&self.spoken);
        let fresh = spoken.recent.iter().filter(|(number, _)| *number >= *from);
        let messages = fresh.map(|(_, message)| message.clone()).collect();
        *from = spoken.next;
        messages
    }
}
