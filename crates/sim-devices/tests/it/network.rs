//! The camera, the thermometer, the microphone and the control on their sockets.

use crate::world::{World, ask, until};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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

#[test]
fn numbered_and_bare_datagrams_and_pelco_move_the_same_camera() {
    let world = World::start();
    let numbered = world.datagrams("camera_control_udp");
    numbered.send(&[0x02, 0, 0, 1, 0, 0, 0, 1, 0x01]).unwrap();
    let mut answer = [0; 64];
    assert_eq!(numbered.recv(&mut answer).unwrap(), 9);
    assert_eq!(answer[..9], [0x02, 1, 0, 1, 0, 0, 0, 1, 0x01]);
    numbered.send(b"\x01\x00\x00\x09\0\0\0\x02\x81\x01\x06\x01\x18\x14\x01\x03\xFF").unwrap();
    until("the head is at its end", || world.say("camera where") == "ok -50.00 0.00 1.00");

    let bare = world.datagrams("camera_control_raw_udp");
    bare.send(&[0x81, 0x09, 0x06, 0x12, 0xFF]).unwrap();
    assert_eq!(bare.recv(&mut answer).unwrap(), 11);
    assert_eq!(answer[..6], [0x90, 0x50, 0x0F, 0x0D, 0x03, 0x00]);

    let mut pelco = world.open("camera-pelco");
    pelco.write_all(&[0xFF, 0x01, 0x00, 0x08, 0x00, 0x20, 0x29]).unwrap();
    until("the head is up", || world.say("camera where") == "ok -50.00 16.80 1.00");
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
fn every_bluetooth_device_is_in_the_room_and_does_as_it_is_told() {
    let world = World::start();
    for (device, order) in [
        ("ble-cuff", "measures 128 82 97 71"),
        ("bm85", "fills 3"),
        ("ble-oximeter", "on 97 72"),
        ("strap", "on 72"),
        ("glucose-meter", "measures 5.3 mmol/l fasting"),
        ("glucose-sensor", "fills 3"),
        ("scale", "weighs 74.46 shoes"),
        ("h10", "on 72"),
    ] {
        assert_eq!(world.say(&format!("{device} {order}")), "ok", "{device}");
        assert_eq!(world.say(&format!("{device} clock off -86400")), "ok", "{device}");
        assert!(world.say(&format!("{device} sings")).starts_with("error: it can"), "{device}");
        let mut link = world.connect(device);
        // What it is called: the third attribute of every table.
        link.write_all(&[0x03, 0, 4, 0, 0x0A, 0x03, 0]).unwrap();
        let mut answer = [0; 6];
        link.read_exact(&mut answer).unwrap();
        assert_eq!((answer[2], answer[4]), (4, 0x0B), "{device}");
    }
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
    // A connection that is reset no longer knows it.
    let address = video.peer_addr().unwrap();
    world.say("camera unplug");
    until("the video ends", || matches!(video.read(&mut [0; 65536]), Ok(0) | Err(_)));
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
