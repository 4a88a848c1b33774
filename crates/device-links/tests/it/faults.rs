//! What cables do: pieces, heaps, gaps, wrong bits, late answers, plugs pulled at the wrong moment.

use std::{io::Write, net::TcpListener, time::Duration};

use device_links::DeviceEvent;
use devices::{Command, Report, Status, Wrong};

use crate::{
    port::{Port, make_raw},
    support::{READY, Watched, watch},
};

const GET_PRESSURE: [u8; 5] = [0x3A, 0x79, 0x05, 0x00, 0x48];
const NO_PRESSURE: [u8; 5] = [0x3E, 0x05, 0x00, 0x00, 0xBD];
const START: [u8; 3] = [0x3A, 0x20, 0xA6];
const MEASURING: DeviceEvent =
    DeviceEvent::Report(Report::Status(Status::Measuring { cuff_mmhg: None }));

/// A packet of a public test suite: 72 per minute, 97 %.
const PACKET: &str = concat!(
    "018101008301800148ca01800161e301800130b2018001008201800100820180010082018001008201800161e3",
    "01800161e301800161e301800100820180010082018001008201800148ca01800161e301800161e30180010082",
    "0180010082018001008201800148ca018001008201800148ca01800100820180010082"
);
/// As many as an oximeter takes to be steady.
const STEADY: usize = 13;

fn packet() -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    PACKET.as_bytes().chunks(2).map(byte).collect()
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn plug_in(&self, name: &str) -> Port {
        let port = Port::plug_in(&self.folder.path().join(name));
        // Before anybody has opened it: nothing of what it hears comes back to it.
        make_raw(&port);
        port
    }

    fn watch(&self, driver: &str, name: &str) -> Watched {
        watch(driver, &format!("serial:{}", self.folder.path().join(name).display()))
    }
}

/// An oximeter under supervision, and the other end of its wire.
struct Oximeter {
    watched: Watched,
    wire: Box<dyn Write>,
    /// Where it is plugged in.
    _place: Option<Place>,
}

impl Oximeter {
    fn on_a_serial_port() -> Self {
        let place = Place::new();
        let wire = Box::new(place.plug_in("oximeter"));
        let watched = place.watch("nonin-xpod", "oximeter");
        Self { watched, wire, _place: Some(place) }
    }

    fn behind_a_gateway() -> Self {
        let gateway = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", gateway.local_addr().unwrap());
        let watched = watch("nonin-xpod", &address);
        let (wire, _) = gateway.accept().unwrap();
        // Each piece goes out as it is.
        wire.set_nodelay(true).unwrap();
        Self { watched, wire: Box::new(wire), _place: None }
    }

    fn by_every_link() -> [Self; 2] {
        let both = [Self::on_a_serial_port(), Self::behind_a_gateway()];
        both.iter().for_each(|oximeter| oximeter.watched.expect(DeviceEvent::Up));
        both
    }

    fn says(&mut self, bytes: &[u8]) {
        self.wire.write_all(bytes).unwrap();
    }

    /// The raw bytes of its next reading, and what was malformed before it.
    #[track_caller]
    fn measures(&self) -> (Vec<u8>, Vec<Wrong>) {
        let mut told = Vec::new();
        loop {
            match self.watched.next() {
                DeviceEvent::Report(Report::Malformed(wrong)) => told.push(wrong.what),
                DeviceEvent::Report(Report::Measured(measured)) => return (measured.raw, told),
                _ => {}
            }
        }
    }
}

#[test]
fn a_reading_is_the_same_in_pieces_and_in_heaps() {
    let stream = packet().repeat(STEADY);
    for size in [1, 7, 1000] {
        for mut oximeter in Oximeter::by_every_link() {
            stream.chunks(size).for_each(|piece| oximeter.says(piece));
            oximeter.watched.expect(MEASURING);
            assert_eq!(oximeter.measures(), (packet(), vec![]), "{size}");
        }
    }
}

#[test]
fn a_wrong_bit_is_told_and_makes_no_reading() {
    let mut wrong = packet();
    wrong[8] ^= 0x10;
    for mut oximeter in Oximeter::by_every_link() {
        oximeter.says(&packet());
        oximeter.says(&wrong);
        oximeter.says(&packet().repeat(STEADY + 1));
        assert_eq!(oximeter.measures(), (packet(), vec![Wrong::Checksum]));
    }
}

#[test]
fn lost_frames_delay_a_reading_and_never_change_it() {
    for mut oximeter in Oximeter::by_every_link() {
        oximeter.says(&packet());
        oximeter.says(&packet()[..60]);
        oximeter.says(&packet().repeat(STEADY + 1));
        assert_eq!(oximeter.measures(), (packet(), vec![]));
    }
}

#[test]
fn what_came_before_a_gateway_hung_up_counts_no_more() {
    let gateway = TcpListener::bind("127.0.0.1:0").unwrap();
    let oximeter = watch("nonin-xpod", &format!("tcp://{}", gateway.local_addr().unwrap()));
    let (mut wire, _) = gateway.accept().unwrap();
    oximeter.expect(DeviceEvent::Up);
    wire.write_all(&packet().repeat(STEADY - 1)).unwrap();
    oximeter.expect(MEASURING);
    drop(wire);
    oximeter.until(&DeviceEvent::Down);
    let (mut wire, _) = gateway.accept().unwrap();
    oximeter.expect(DeviceEvent::Up);
    wire.write_all(&packet().repeat(STEADY - 1)).unwrap();
    // It is another finger until it has been steady as long as any.
    oximeter.expect(MEASURING);
    wire.write_all(&packet()).unwrap();
    assert!(matches!(oximeter.next(), DeviceEvent::Report(Report::Live(_))));
    let DeviceEvent::Report(Report::Measured(measured)) = oximeter.next() else { panic!() };
    assert_eq!(measured.raw, packet());
}

#[test]
fn an_answer_that_is_late_is_taken() {
    let place = Place::new();
    let mut port = place.plug_in("cuff");
    let cuff = place.watch("suntech-advantage", "cuff");
    cuff.expect(DeviceEvent::Up);
    port.hears(&GET_PRESSURE);
    cuff.expect_silence(Duration::from_millis(400));
    port.says(&NO_PRESSURE);
    cuff.expect(READY);
}

#[test]
fn a_cuff_pulled_out_while_it_measures_does_not_go_on_by_itself() {
    let place = Place::new();
    let mut port = place.plug_in("cuff");
    let cuff = place.watch("suntech-advantage", "cuff");
    port.hears(&GET_PRESSURE);
    port.says(&NO_PRESSURE);
    cuff.until(&READY);
    cuff.handle.command(Command::Measure).unwrap();
    port.hears(&START);
    cuff.expect(MEASURING);
    drop(port);
    cuff.until(&DeviceEvent::Down);
    // Plugged in elsewhere: the same name is another port now.
    let mut port = place.plug_in("cuff");
    cuff.expect(DeviceEvent::Up);
    port.hears(&GET_PRESSURE);
    port.says(&NO_PRESSURE);
    cuff.expect(READY);
    cuff.handle.command(Command::Measure).unwrap();
    port.hears(&START);
}

#[test]
fn two_of_the_same_kind_are_two_devices() {
    let place = Place::new();
    let (mut left, right) = (place.plug_in("left"), place.plug_in("right"));
    let first = place.watch("suntech-advantage", "left");
    let second = place.watch("suntech-advantage", "right");
    first.expect(DeviceEvent::Up);
    second.expect(DeviceEvent::Up);
    left.hears(&GET_PRESSURE);
    left.says(&NO_PRESSURE);
    first.expect(READY);
    drop(right);
    second.expect(DeviceEvent::Down);
    first.handle.command(Command::Measure).unwrap();
    left.hears(&START);
    first.expect(MEASURING);
}

#[test]
fn two_gateways_are_two_devices() {
    let [mut left, right] = [Oximeter::behind_a_gateway(), Oximeter::behind_a_gateway()];
    left.watched.expect(DeviceEvent::Up);
    right.watched.expect(DeviceEvent::Up);
    drop(right.wire);
    right.watched.expect(DeviceEvent::Down);
    left.says(&packet().repeat(STEADY));
    assert_eq!(left.measures(), (packet(), vec![]));
}
