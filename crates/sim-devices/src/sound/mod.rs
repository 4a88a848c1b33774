//! The room microphone and the stethoscope: 48 kHz mono, signed 16-bit little-endian samples in real time over TCP.

mod chest;
mod noise;
mod room_tone;
mod wav;

use crate::{
    link::{Line, tcp},
    lock,
};
use room_tone::RoomTone;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

pub use chest::Chest;
pub use wav::ReadWavError;

pub const RATE: u32 = 48_000;
/// 10 ms.
const CHUNK: usize = RATE as usize / 100;
/// A client that is further behind hears a gap instead of ever older sound.
const LATE: Duration = Duration::from_millis(300);

/// What can be heard; of the room every client hears it from the beginning.
#[derive(Clone)]
pub enum Sound {
    Drawn,
    /// Of one chest that goes on, whoever listens.
    Chest(Arc<Mutex<Chest>>),
    Recorded(Arc<Vec<i16>>),
}

impl Sound {
    /// Reads a WAV file (16-bit PCM, any rate, any number of channels); it is played in a loop.
    pub fn read(path: &Path) -> Result<Self, ReadWavError> {
        wav::read(path, RATE).map(|samples| Self::Recorded(Arc::new(samples)))
    }
}

/// Serves a microphone on `port` (0 = any).
pub fn serve(port: u16, line: Arc<Line>, sound: Sound) -> io::Result<SocketAddr> {
    let cable = line.clone();
    tcp::listen(port, line, move |stream| play(stream, &cable, &sound))
}

fn play(mut stream: TcpStream, line: &Line, sound: &Sound) -> io::Result<()> {
    stream.set_nodelay(true)?;
    // Half a second of sound: a client that reads slower is late, not buffered.
    rustix::net::sockopt::set_socket_send_buffer_size(&stream, RATE as usize)?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let mut player = Player::new(sound.clone());
    let chunk_time = Duration::from_secs(1) * CHUNK as u32 / RATE;
    let mut due = Instant::now();
    while line.is_plugged() {
        stream.write_all(&player.chunk())?;
        due += chunk_time;
        match due.checked_duration_since(Instant::now()) {
            Some(rest) => thread::sleep(rest),
            None if due.elapsed() > LATE => due = Instant::now(),
            None => {}
        }
    }
    Ok(())
}

enum Player {
    Drawn(RoomTone),
    Chest(Arc<Mutex<Chest>>),
    Recorded { samples: Arc<Vec<i16>>, at: usize },
}

impl Player {
    fn new(sound: Sound) -> Self {
        match sound {
            Sound::Drawn => Self::Drawn(RoomTone::default()),
            Sound::Chest(chest) => Self::Chest(chest),
            Sound::Recorded(samples) => Self::Recorded { samples, at: 0 },
        }
    }

    fn chunk(&mut self) -> Vec<u8> {
        (0..CHUNK).flat_map(|_| self.sample().to_le_bytes()).collect()
    }

    fn sample(&mut self) -> i16 {
        match self {
            Self::Drawn(room) => room.sample(),
            Self::Chest(chest) => lock(chest).sample(),
            Self::Recorded { samples, at } => {
                let sample = samples[*at];
                *at = (*at + 1) % samples.len();
                sample
            }
        }
    }
}
