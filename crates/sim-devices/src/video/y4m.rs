//! Sends the video to anybody who connects, as YUV4MPEG2 over TCP.
//!
//! A client that cannot keep up misses frames: there is one frame to send, the newest.

use crate::link::{Line, tcp};
use crate::lock;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

pub const WIDTH: usize = 1920;
pub const HEIGHT: usize = 1080;
pub const FRAMES_PER_SECOND: u32 = 30;
pub const FRAME_BYTES: usize = WIDTH * HEIGHT * 3 / 2;
pub const STREAM_HEADER: &[u8] = b"YUV4MPEG2 W1920 H1080 F30:1 Ip A1:1 C420jpeg\n";
pub const FRAME_HEADER: &[u8] = b"FRAME\n";

/// One frame fits: more would only make a slow client see the past.
const SEND_BUFFER: usize = FRAME_BYTES;
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the newest frame hangs for all clients to see.
#[derive(Default)]
pub struct Screen {
    newest: Mutex<(u64, Option<Arc<Vec<u8>>>)>,
    changed: Condvar,
    watchers: AtomicUsize,
}

impl Screen {
    pub fn is_watched(&self) -> bool {
        self.watchers.load(Ordering::SeqCst) > 0
    }

    /// Shows a frame (with its header), also when it is the same as before: video has a rate.
    pub fn show(&self, frame: Arc<Vec<u8>>) {
        let mut newest = lock(&self.newest);
        *newest = (newest.0 + 1, Some(frame));
        self.changed.notify_all();
    }

    /// The newest frame that is newer than `seen`, if one comes soon.
    fn after(&self, seen: &mut u64) -> Option<Arc<Vec<u8>>> {
        let newest = lock(&self.newest);
        let waited =
            self.changed
                .wait_timeout_while(newest, Duration::from_millis(200), |newest| newest.0 == *seen);
        let (newest, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        let fresh = newest.0 != *seen;
        *seen = newest.0;
        newest.1.clone().filter(|_| fresh)
    }
}

/// Serves the video on `port` (0 = any).
pub fn serve(port: u16, line: Arc<Line>, screen: Arc<Screen>) -> io::Result<SocketAddr> {
    let cable = line.clone();
    tcp::listen(port, line, move |stream| {
        screen.watchers.fetch_add(1, Ordering::SeqCst);
        let sent = send(stream, &cable, &screen);
        screen.watchers.fetch_sub(1, Ordering::SeqCst);
        sent
    })
}

fn send(mut stream: TcpStream, line: &Line, screen: &Screen) -> io::Result<()> {
    rustix::net::sockopt::set_socket_send_buffer_size(&stream, SEND_BUFFER)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(STREAM_HEADER)?;
    // Frames from before the connection are old: start with the next one.
    let mut seen = lock(&screen.newest).0;
    while line.is_plugged() {
        if let Some(frame) = screen.after(&mut seen) {
            stream.write_all(&frame)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_the_sizes_that_the_frames_have() {
        let header = String::from_utf8(STREAM_HEADER.to_vec()).unwrap();
        let expected =
            format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n");
        assert_eq!(header, expected);
        assert_eq!(FRAME_BYTES, 3_110_400);
    }

    #[test]
    fn a_slow_watcher_gets_the_newest_frame_only() {
        let screen = Screen::default();
        let mut seen = 0;
        for byte in 1..=5 {
            screen.show(Arc::new(vec![byte]));
        }
        assert_eq!(screen.after(&mut seen).as_deref(), Some(&vec![5]));
        assert_eq!(screen.after(&mut seen), None, "nothing new within the wait");
    }
}
