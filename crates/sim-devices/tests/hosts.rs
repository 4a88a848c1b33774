//! The simulated devices as a host meets them: real pseudo-terminals, real sockets.

#![expect(clippy::unwrap_used, reason = "what fails in a helper of a test fails the test")]

use sim_devices::control::say;
use sim_devices::rig::{Rig, Setup};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Dark on the left, bright on the right: where the camera looks can be measured.
const SCENE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="3840" height="2160">
    <rect width="3840" height="2160" fill="#000"/>
    <rect x="1920" width="1920" height="2160" fill="#fff"/></svg>"##;

const PATIENCE: Duration = Duration::from_secs(10);

struct World {
    directory: tempfile::TempDir,
    _rig: Rig,
}

impl World {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let scene = directory.path().join("scene.svg");
        std::fs::write(&scene, SCENE).unwrap();
        let setup = Setup {
            directory: directory.path().to_owned(),
            scene: Some(scene),
            ..Setup::default()
        };
        Self { _rig: Rig::start(&setup).unwrap(), directory }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn say(&self, line: &str) -> String {
        say(self.path(), line).unwrap()
    }

    fn open(&self, port: &str) -> File {
        let mut options = OpenOptions::new();
        // Without NONBLOCK a test of a silent device would wait for ever.
        options.read(true).write(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
        options.open(self.path().join(port)).unwrap()
    }

    fn connect(&self, name: &str) -> TcpStream {
        let text = std::fs::read_to_string(self.path().join("sim.json")).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&text).unwrap();
        let address = ready[name].as_str().unwrap().rsplit('/').next().unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

/// Reads until `count` bytes came, or gives what came within the patience.
fn read(port: &mut File, count: usize) -> Vec<u8> {
    let start = Instant::now();
    let mut bytes = Vec::new();
    while bytes.len() < count && start.elapsed() < PATIENCE {
        let mut buffer = [0; 256];
        match port.read(&mut buffer[..(count - bytes.len()).min(256)]) {
            Ok(0) => break,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => sleep(Duration::from_millis(2)),
            Err(_) => break,
        }
    }
    bytes
}

fn ask(port: &mut File, request: &[u8], length: usize) -> Vec<u8> {
    port.write_all(request).unwrap();
    read(port, length)
}

fn until(what: &str, mut happens: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happens() {
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(5));
    }
}

const START: [u8; 3] = [0x3A, 0x20, 0xA6];
const RESULT: [u8; 5] = [0x3A, 0x79, 0x03, 0x00, 0x4A];
const PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];

#[test]
fn a_cuff_measures_over_a_serial_port() {
    let world = World::start();
    assert_eq!(world.say("cuff reads 128 82 97 71"), "ok");
    assert_eq!(world.say("cuff duration 0.5"), "ok");
    let mut port = world.open("cuff");
    assert_eq!(ask(&mut port, &START, 4), [0x3E, 0x04, 0x4F, 0x6F]);
    sleep(Duration::from_millis(100));
    let pumping = ask(&mut port, &PRESSURE, 5);
    assert!(pumping[2] > 20, "{pumping:02x?}");
    assert_eq!(read(&mut port, 4), [0x3E, 0x04, 0x4B, 0x73], "the end is announced");
    let result = ask(&mut port, &RESULT, 24);
    assert_eq!((result[2], result[4], result[16], result[18], result[20]), (128, 82, 71, 97, 0));
}

#[test]
fn a_split_line_carries_the_same_bytes_and_a_dropping_one_does_not() {
    let world = World::start();
    let mut port = world.open("cuff");
    world.say("cuff fault split");
    assert_eq!(ask(&mut port, &PRESSURE, 5), [0x3E, 0x05, 0x00, 0x00, 0xBD]);
    world.say("cuff fault drop 1");
    port.write_all(&PRESSURE).unwrap();
    sleep(Duration::from_millis(150));
    world.say("cuff fault none");
    assert_eq!(ask(&mut port, &RESULT, 24).len(), 24, "only the second answer comes");
}

#[test]
fn pulling_the_plug_ends_the_port_and_plugging_in_makes_a_new_one() {
    let world = World::start();
    let mut port = world.open("oximeter");
    assert!(read(&mut port, 125).contains(&0x01));
    assert_eq!(world.say("oximeter unplug"), "ok");
    until("the name is gone", || !world.path().join("oximeter").exists());
    until("the port is dead", || !matches!(port.read(&mut [0; 256]), Ok(1..)));
    assert_eq!(world.say("oximeter plug"), "ok");
    until("the name is back", || world.path().join("oximeter").exists());
    assert_eq!(read(&mut world.open("oximeter"), 125).len(), 125);
}

#[test]
fn a_host_that_opens_late_reads_no_old_frames() {
    let world = World::start();
    sleep(Duration::from_secs(2));
    let mut port = world.open("oximeter");
    sleep(Duration::from_millis(300));
    let mut buffer = [0; 4096];
    let waiting = port.read(&mut buffer).unwrap();
    assert!(waiting < 75 * 5, "{waiting} bytes are more than a second");
}

#[test]
fn a_finger_shows_in_the_frames() {
    let world = World::start();
    assert_eq!(world.say("oximeter on 97 72"), "ok");
    let mut port = world.open("oximeter");
    until("the oximeter has found the pulse", || {
        let packet = read(&mut port, 125);
        packet.len() == 125 && (packet[8], packet[13]) == (72, 97)
    });
}

#[test]
fn visca_moves_the_view() {
    let world = World::start();
    let mut video = world.connect("camera_video");
    let mut header = vec![0; 45];
    video.read_exact(&mut header).unwrap();
    assert_eq!(header, b"YUV4MPEG2 W1920 H1080 F30:1 Ip A1:1 C420jpeg\n");
    assert!((next_brightness(&mut video) - 125.5).abs() < 1.0);

    let mut control = world.connect("camera_control");
    control.write_all(&[0x81, 0x01, 0x06, 0x01, 0x18, 0x14, 0x02, 0x03, 0xFF]).unwrap();
    let mut answer = [0; 6];
    control.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0x90, 0x41, 0xFF, 0x90, 0x51, 0xFF]);
    until("the bright side fills the view", || next_brightness(&mut video) > 234.0);
    until("the head is at its end", || world.say("camera where") == "ok 50.00 0.00 1.00");

    let mut serial = world.open("camera");
    let answer = ask(&mut serial, &[0x81, 0x09, 0x06, 0x12, 0xFF], 11);
    assert_eq!(answer, [0x90, 0x50, 0x00, 0x02, 0x0D, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF]);
}

/// The mean brightness of the next frame; checks the frame's shape on the way.
fn next_brightness(video: &mut TcpStream) -> f64 {
    let mut frame = vec![0; 6 + 1920 * 1080 * 3 / 2];
    video.read_exact(&mut frame).unwrap();
    assert_eq!(&frame[..6], b"FRAME\n");
    let luma = &frame[6..6 + 1920 * 1080];
    luma.iter().map(|y| f64::from(*y)).sum::<f64>() / luma.len() as f64
}

#[test]
fn a_temperature_is_indicated_until_it_is_confirmed() {
    let world = World::start();
    assert_eq!(world.say("thermometer measures 36.6 ear"), "ok");
    let indication = [0x09, 0, 4, 0, 0x1D, 0x12, 0, 0x04, 0x6E, 0x01, 0x00, 0xFF, 0x03];
    for attempt in 1..=2 {
        let mut link = subscribed(&world);
        let mut bytes = [0; 13];
        link.read_exact(&mut bytes).unwrap();
        assert_eq!(bytes, indication, "attempt {attempt}");
        if attempt == 2 {
            link.write_all(&[0x01, 0, 4, 0, 0x1E]).unwrap();
            // An answer to a read proves that the confirmation before it was taken.
            link.write_all(&[0x03, 0, 4, 0, 0x0A, 0x15, 0]).unwrap();
            let mut site = [0; 6];
            link.read_exact(&mut site).unwrap();
            assert_eq!(site, [0x02, 0, 4, 0, 0x0B, 0x03]);
        }
    }
    let mut link = subscribed(&world);
    link.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(link.read(&mut [0; 1]).is_err(), "a confirmed temperature is not sent again");
}

fn subscribed(world: &World) -> TcpStream {
    let mut link = world.connect("thermometer");
    link.write_all(&[0x05, 0, 4, 0, 0x12, 0x13, 0, 0x02, 0]).unwrap();
    let mut answer = [0; 5];
    link.read_exact(&mut answer).unwrap();
    assert_eq!(answer, [0x01, 0, 4, 0, 0x13]);
    link
}

#[test]
fn the_microphone_keeps_real_time() {
    let world = World::start();
    let mut microphone = world.connect("microphone");
    let start = Instant::now();
    let mut second = vec![0; 96_000];
    microphone.read_exact(&mut second).unwrap();
    let took = start.elapsed();
    assert!((0.9..2.0).contains(&took.as_secs_f64()), "{took:?}");
    let samples = second.chunks_exact(2).map(|s| i16::from_le_bytes([s[0], s[1]]));
    assert!(samples.map(i16::unsigned_abs).max() > Some(500));
}

#[test]
fn an_unplugged_camera_refuses_connections() {
    let world = World::start();
    let mut video = world.connect("camera_video");
    world.say("camera unplug");
    until("the video ends", || matches!(video.read(&mut [0; 65536]), Ok(0) | Err(_)));
    let address = video.peer_addr().unwrap();
    until("the port is closed", || TcpStream::connect(address).is_err());
    world.say("camera plug");
    until("the port is open again", || TcpStream::connect(address).is_ok());
}

#[test]
fn nonsense_on_the_control_socket_is_answered_in_words() {
    let world = World::start();
    assert!(world.say("cuff reads fast").starts_with("error: `cuff reads` wants four numbers"));
    assert!(world.say("oximeter pleth /no/such/file").starts_with("error: could not read"));
    world.say("cuff press-start");
    assert_eq!(world.say("cuff press-start"), "error: the cuff is measuring already");
}
