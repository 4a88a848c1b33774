//! Cameras and gateways on TCP, spoken with by a listener of the test.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::{Duration, Instant},
};

use crate::support::{PATIENCE, READY, Watched, watch};
use clinical::{Decimal, Measurement, Temperature};
use device_links::DeviceEvent;
use devices::{Command, Failure, Malformation, Ptz, Report, Status, Wrong};

const PAN_TILT_STOP: &str = "8101060118140303ff";
const ZOOM_STOP: &str = "8101040700ff";

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

fn accept(listener: &TcpListener) -> TcpStream {
    let (peer, _) = listener.accept().unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer
}

#[track_caller]
fn hears(peer: &mut TcpStream, expected: &str) {
    let expected = hex(expected);
    let mut heard = vec![0; expected.len()];
    peer.read_exact(&mut heard).unwrap();
    assert_eq!(heard, expected);
}

/// A camera that has been set up and stands still.
fn camera() -> (Watched, TcpStream) {
    let (listener, address) = listen();
    let camera = watch("visca", &format!("tcp://{address}"));
    let mut peer = accept(&listener);
    camera.expect(DeviceEvent::Up);
    hears(&mut peer, "883001ff");
    peer.write_all(&hex("883002ff")).unwrap();
    camera.expect(READY);
    hears(&mut peer, "88010001ff");
    peer.write_all(&hex("88010001ff")).unwrap();
    hears(&mut peer, PAN_TILT_STOP);
    hears(&mut peer, ZOOM_STOP);
    peer.write_all(&hex("9041ff 9051ff 9041ff 9051ff")).unwrap();
    (camera, peer)
}

#[test]
fn a_camera_moves_and_stops() {
    let (camera, mut peer) = camera();
    let left = Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 };
    camera.handle.command(Command::Ptz(left)).unwrap();
    hears(&mut peer, "8101060118140103ff");
    // Not answered: a stop does not wait for it.
    camera.handle.command(Command::Ptz(Ptz::Stop)).unwrap();
    hears(&mut peer, PAN_TILT_STOP);
    hears(&mut peer, ZOOM_STOP);
}

#[test]
fn a_camera_stands_still_when_nobody_needs_it_any_more() {
    let (camera, mut peer) = camera();
    let left = Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 };
    camera.handle.command(Command::Ptz(left)).unwrap();
    hears(&mut peer, "8101060118140103ff");
    drop(camera.handle);
    let mut rest = Vec::new();
    peer.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, hex(&format!("{PAN_TILT_STOP}{ZOOM_STOP}")));
}

#[test]
fn a_camera_that_hangs_up_is_away_and_is_connected_to_again() {
    let (listener, address) = listen();
    let camera = watch("visca", &format!("tcp://{address}"));
    let peer = accept(&listener);
    camera.expect(DeviceEvent::Up);
    drop(peer);
    camera.expect(DeviceEvent::Down);
    let _peer = accept(&listener);
    camera.expect(DeviceEvent::Up);
}

#[test]
fn a_driver_on_a_link_of_the_wrong_kind_is_let_go() {
    let (listener, address) = listen();
    let thermometer = watch("ble-thermometer", &format!("tcp://{address}"));
    let mut peer = accept(&listener);
    let mut said = Vec::new();
    peer.read_to_end(&mut said).unwrap();
    assert_eq!(said, []);
    thermometer.until(&DeviceEvent::Down);
}

#[test]
fn a_host_that_does_not_answer_does_not_keep_the_cart_from_closing() {
    // A listener whose queue is full answers no further connection.
    let (_listener, address) = listen();
    let mut waiting = Vec::new();
    while let Ok(stream) =
        TcpStream::connect_timeout(&address.parse().unwrap(), Duration::from_millis(300))
    {
        waiting.push(stream);
        assert!(waiting.len() < 10_000);
    }
    let camera = watch("visca", &format!("tcp://{address}"));
    camera.expect_silence(Duration::from_millis(500));
    let dropped = Instant::now();
    drop(camera.handle);
    assert!(dropped.elapsed() < Duration::from_secs(1), "{:?}", dropped.elapsed());
}

fn framed(pdu: &str) -> Vec<u8> {
    let pdu = hex(pdu);
    [&[pdu.len() as u8, 0, 4, 0], &pdu[..]].concat()
}

/// One frame of the Attribute Protocol.
#[track_caller]
fn next_frame(peer: &mut TcpStream) -> Vec<u8> {
    let mut head = [0; 4];
    peer.read_exact(&mut head).unwrap();
    let mut pdu = vec![0; usize::from(head[0])];
    peer.read_exact(&mut pdu).unwrap();
    [&head[..], &pdu].concat()
}

/// Whether another service is looked for than that of a thermometer, which has no other.
fn looks_for_another(frame: &[u8]) -> bool {
    frame.starts_with(&framed("06 0100 ffff 0028 0000")[..11]) && !frame.ends_with(&hex("0918"))
}

#[track_caller]
fn exchange(peer: &mut TcpStream, request: &str, answer: &str) {
    let mut heard = next_frame(peer);
    while looks_for_another(&heard) {
        answers(peer, "01 06 0100 0a");
        heard = next_frame(peer);
    }
    assert_eq!(heard, framed(request), "instead of {request}");
    answers(peer, answer);
}

/// In two pieces, as a radio may deliver them.
fn answers(peer: &mut TcpStream, answer: &str) {
    let answer = framed(answer);
    let (first, second) = answer.split_at(answer.len() / 2);
    peer.write_all(first).unwrap();
    peer.flush().unwrap();
    peer.write_all(second).unwrap();
}

/// A thermometer that has answered up to its subscription.
fn thermometer() -> (Watched, TcpStream) {
    let (listener, address) = listen();
    let thermometer = watch("ble-thermometer", &format!("att+tcp://{address}"));
    let peer = subscribed(&listener);
    thermometer.expect(DeviceEvent::Up);
    thermometer.expect(READY);
    (thermometer, peer)
}

/// The next connection, answered up to its subscription.
#[track_caller]
fn subscribed(listener: &TcpListener) -> TcpStream {
    let mut peer = accept(listener);
    peer.set_nodelay(true).unwrap();
    for (request, answer) in [
        ("02 f700", "03 1700"),
        ("06 0100 ffff 0028 0918", "07 1000 1500"),
        ("08 1000 1500 0328", "09 07 1100 20 1200 1c2a 1400 02 1500 1d2a"),
        ("08 1500 1500 0328", "01 08 1500 0a"),
        ("0a 1500", "0b 03"),
        ("04 1300 1300", "05 01 1300 0229"),
        ("12 1300 0200", "13"),
    ] {
        exchange(&mut peer, request, answer);
    }
    peer
}

#[test]
fn a_thermometer_is_subscribed_to_again_on_every_connection() {
    let (listener, address) = listen();
    let thermometer = watch("ble-thermometer", &format!("att+tcp://{address}"));
    for _ in 0..2 {
        let peer = subscribed(&listener);
        thermometer.expect(DeviceEvent::Up);
        thermometer.expect(READY);
        drop(peer);
        thermometer.expect(DeviceEvent::Down);
    }
}

#[test]
fn a_thermometer_is_subscribed_to_and_what_it_indicates_is_confirmed() {
    let (thermometer, mut peer) = thermometer();
    peer.write_all(&framed("1d 1200 00 720100ff")).unwrap();
    hears(&mut peer, "0100 0400 1e");
    let DeviceEvent::Report(Report::Measured(measured)) = thermometer.next() else { panic!() };
    let site = Some(clinical::BodySite::Ear);
    let temperature = Temperature { celsius: Decimal::new(370, -1), site };
    assert_eq!(measured.measurement, Measurement::Temperature(temperature));
    assert_eq!(measured.raw, hex("00 720100ff"));
    peer.write_all(&framed("1d 1200 00 ffff7f00")).unwrap();
    hears(&mut peer, "0100 0400 1e");
    thermometer.expect(DeviceEvent::Report(Report::Failed(Failure::Device)));
}

#[test]
fn garbage_from_a_gateway_is_kept_and_the_link_is_opened_anew() {
    let (thermometer, mut peer) = thermometer();
    peer.write_all(&framed("99 0102")).unwrap();
    let bytes = hex("990102");
    let wrong = Malformation { what: Wrong::Unexpected, bytes };
    thermometer.expect(DeviceEvent::Report(Report::Malformed(wrong)));
    thermometer.expect(DeviceEvent::Down);
}

#[test]
fn an_oximeter_behind_a_gateway_streams() {
    let (listener, address) = listen();
    let oximeter = watch("nonin-xpod", &format!("tcp://{address}"));
    let mut peer = accept(&listener);
    oximeter.expect(DeviceEvent::Up);
    // A packet of a public test suite: 72 per minute, 97 %.
    let packet = hex(concat!(
        "018101008301800148ca01800161e301800130b2018001008201800100820180010082018001008201800161e3",
        "01800161e301800161e301800100820180010082018001008201800148ca01800161e301800161e30180010082",
        "0180010082018001008201800148ca018001008201800148ca01800100820180010082"
    ));
    for _ in 0..13 {
        peer.write_all(&packet).unwrap();
    }
    let measuring = Report::Status(Status::Measuring { cuff_mmhg: None });
    oximeter.expect(DeviceEvent::Report(measuring));
    assert!(matches!(oximeter.next(), DeviceEvent::Report(Report::Live(_))));
    let DeviceEvent::Report(Report::Measured(measured)) = oximeter.next() else { panic!() };
    assert_eq!(measured.raw, packet);
}
