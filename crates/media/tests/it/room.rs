//! The room: a camera and a microphone that speak over TCP, and can be pulled out.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Milliseconds on the clock that is drawn into the pictures.
pub fn clock_ms() -> u32 {
    static START: OnceLock<Instant> = OnceLock::new();
    // Far from 0, so that a black picture is no time.
    0x5A00_0000 + START.get_or_init(Instant::now).elapsed().as_millis() as u32
}

/// Reads the time out of the top rows of a grey picture of any size.
pub fn read_clock(grey: &[u8], width: usize, stride: usize) -> Option<u32> {
    let row = &grey[stride * 8..];
    let cell = width / 32;
    let bits = (0..32).map(|bit| u32::from(row[bit * cell + cell / 2] > 128) << bit);
    let ms = bits.sum::<u32>();
    (ms >> 24 == 0x5A).then_some(ms)
}

pub struct Device {
    pub port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// YUV4MPEG2, 30 pictures a second, one colour below a row of 32 cells that hold the time.
pub fn camera(port: u16, width: usize, height: usize, [y, u, v]: [u8; 3]) -> Device {
    let header = format!("YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n");
    device(port, header.into_bytes(), Duration::from_millis(33), move |out| {
        let ms = clock_ms();
        let bits = (0..width).map(|x| if ms >> (x * 32 / width) & 1 == 1 { 235 } else { 16 });
        let row: Vec<u8> = bits.collect();
        out.extend_from_slice(b"FRAME\n");
        (0..16).for_each(|_| out.extend_from_slice(&row));
        out.resize(out.len() + width * (height - 16), y);
        out.resize(out.len() + width * height / 4, u);
        out.resize(out.len() + width * height / 4, v);
    })
}

/// The same without a clock: the left half dark, the right half bright.
pub fn halves(port: u16, width: usize, height: usize) -> Device {
    let header = format!("YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n");
    device(port, header.into_bytes(), Duration::from_millis(33), move |out| {
        let row: Vec<u8> = (0..width).map(|x| if x < width / 2 { 40 } else { 220 }).collect();
        out.extend_from_slice(b"FRAME\n");
        (0..height).for_each(|_| out.extend_from_slice(&row));
        out.resize(out.len() + width * height / 2, 128);
    })
}

/// 48 kHz mono, a square wave at half of full scale.
pub fn microphone(port: u16) -> Device {
    device(port, Vec::new(), Duration::from_millis(20), |out| {
        for sample in 0..960 {
            let level = if sample / 48 % 2 == 0 { 16_384i16 } else { -16_384 };
            out.extend_from_slice(&level.to_le_bytes());
        }
    })
}

fn device(
    port: u16,
    header: Vec<u8>,
    every: Duration,
    piece: impl Fn(&mut Vec<u8>) + Send + 'static,
) -> Device {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::spawn(move || {
        let mut guest: Option<TcpStream> = None;
        let mut next = Instant::now();
        while !stopped.load(Ordering::Acquire) {
            if let Ok((mut stream, _)) = listener.accept() {
                stream.set_nonblocking(false).unwrap();
                guest = stream.write_all(&header).is_ok().then_some(stream);
            }
            let mut bytes = Vec::new();
            piece(&mut bytes);
            guest = guest.filter(|mut stream| stream.write_all(&bytes).is_ok());
            next += every;
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
        }
    });
    Device { port, stop, thread: Some(thread) }
}

/// Pulls the plug.
impl Drop for Device {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}
