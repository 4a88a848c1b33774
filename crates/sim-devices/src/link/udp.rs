//! A UDP socket on the loopback interface: one datagram is one message.
//!
//! Each host that speaks is a conversation of its own, known by its address. There is nobody to
//! see it end, so the one that was silent for longest makes room for a new one.

use super::fault::Fault;
use super::{Line, Speaker};
use crate::Clock;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// As many as the TCP listener serves.
const HOSTS: usize = 8;
/// How often a device looks for something to say.
const TURN: Timespec = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
/// More than any message of these devices has.
const LONGEST: usize = 1024;

struct Host {
    address: SocketAddr,
    speaker: Box<dyn Speaker>,
    heard: Duration,
}

/// Serves `port` (0 = any) for the life of the process. Returns the address.
pub fn serve(
    port: u16,
    line: Arc<Line>,
    clock: Clock,
    speaker: impl Fn() -> Box<dyn Speaker> + Send + 'static,
) -> io::Result<SocketAddr> {
    let socket = UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.set_nonblocking(true)?;
    let address = socket.local_addr()?;
    let mut server = Server { socket, line, clock, hosts: Vec::new(), fault: Fault::new() };
    thread::Builder::new().name(format!("udp {}", address.port())).spawn(move || {
        loop {
            server.turn(&speaker);
        }
    })?;
    Ok(address)
}

struct Server {
    socket: UdpSocket,
    line: Arc<Line>,
    clock: Clock,
    hosts: Vec<Host>,
    fault: Fault,
}

impl Server {
    fn turn(&mut self, speaker: &impl Fn() -> Box<dyn Speaker>) {
        let mut polled = [PollFd::new(&self.socket, PollFlags::IN)];
        if poll(&mut polled, Some(&TURN)).is_err() {
            return thread::sleep(Duration::from_millis(10));
        }
        let mut buffer = [0; LONGEST];
        // An error tells that a host has closed its port; the next turn goes on with the others.
        let heard = self.socket.recv_from(&mut buffer).ok();
        if !self.line.is_plugged() {
            return self.hosts.clear();
        }
        if let Some((length, from)) = heard {
            self.hear(from, &buffer[..length], speaker);
        }
        self.due();
    }

    fn hear(&mut self, from: SocketAddr, datagram: &[u8], speaker: &impl Fn() -> Box<dyn Speaker>) {
        let now = self.clock.now();
        let place = self.place_of(from, speaker);
        let host = &mut self.hosts[place];
        host.heard = now;
        let answers = host.speaker.hear(datagram, now);
        self.say(from, answers);
    }

    fn place_of(&mut self, from: SocketAddr, speaker: &impl Fn() -> Box<dyn Speaker>) -> usize {
        if let Some(place) = self.hosts.iter().position(|host| host.address == from) {
            return place;
        }
        if self.hosts.len() == HOSTS {
            let silent = (0..HOSTS).min_by_key(|place| self.hosts[*place].heard);
            self.hosts.remove(silent.unwrap_or(0));
        }
        self.hosts.push(Host { address: from, speaker: speaker(), heard: Duration::ZERO });
        self.hosts.len() - 1
    }

    fn due(&mut self) {
        let now = self.clock.now();
        let due: Vec<(SocketAddr, Vec<Vec<u8>>)> =
            self.hosts.iter_mut().map(|host| (host.address, host.speaker.due(now))).collect();
        for (to, messages) in due {
            self.say(to, messages);
        }
    }

    /// A network never merges datagrams: what a merging line held back comes as one that is none.
    fn say(&mut self, to: SocketAddr, messages: Vec<Vec<u8>>) {
        let now = self.clock.now();
        let freed = self.fault.follow(self.line.fault()).or_else(|| self.fault.due(now));
        let pieces = messages.into_iter().flat_map(|message| self.fault.pass(message, now));
        for piece in freed.into_iter().chain(pieces.collect::<Vec<_>>()) {
            if let Err(error) = self.socket.send_to(&piece, to) {
                eprintln!("{to}: {error}");
            }
        }
    }
}
