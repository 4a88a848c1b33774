//! Datagrams, reports and lines with settings, carried for a driver that repeats what it hears.

use std::{net::UdpSocket, time::Duration};

use device_links::{DeviceEvent, Recording, What, replay};
use devices::{
    Action, Channel, Driver, Event, Malformation, Millis, Report, Wrong,
    catalogue::{Device, Line, Purpose, Transport},
};
use rustix::termios::tcgetattr;

use crate::{
    port::{Port, make_raw},
    support::{PATIENCE, Watched, watch_as},
};

/// Says two messages at once when its link is up, and tells all that it hears.
struct Parrot(Channel);

impl Driver for Parrot {
    fn handle(&mut self, _now: Millis, event: Event<'_>) -> Vec<Action> {
        let channel = self.0;
        match event {
            Event::Up(_) => {
                [vec![1, 2], vec![3]].map(|bytes| Action::Write { channel, bytes }).to_vec()
            }
            Event::Bytes { channel: from, bytes } => {
                assert_eq!(from, channel);
                vec![Action::Report(told(bytes))]
            }
            _ => Vec::new(),
        }
    }

    fn deadline(&self) -> Option<Millis> {
        None
    }
}

fn told(bytes: &[u8]) -> Report {
    Report::Malformed(Malformation { what: Wrong::Noise, bytes: bytes.to_vec() })
}

fn parrot(transports: &'static [Transport], driver: fn() -> Box<dyn Driver>) -> Device {
    Device {
        id: "parrot",
        title: "Parrot",
        purpose: Purpose::RoomCamera,
        transports,
        usb: &[],
        bluetooth: &[],
        driver,
    }
}

#[track_caller]
fn hears(parrot: &Watched, bytes: &[u8]) {
    parrot.expect(DeviceEvent::Report(told(bytes)));
}

/// A device on UDP that has heard both messages, and where they came from.
fn datagrams() -> (Watched, UdpSocket) {
    let device = UdpSocket::bind("127.0.0.1:0").unwrap();
    device.set_read_timeout(Some(PATIENCE)).unwrap();
    let address = format!("udp://{}", device.local_addr().unwrap());
    let kind = parrot(&[Transport::Udp], || Box::new(Parrot(Channel::Datagram)));
    let parrot = watch_as(&kind, &address);
    parrot.expect(DeviceEvent::Up);
    let mut buffer = [0; 64];
    for expected in [&[1, 2][..], &[3]] {
        let (length, from) = device.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..length], expected, "each message is a datagram of its own");
        device.connect(from).unwrap();
    }
    (parrot, device)
}

#[test]
fn each_datagram_is_one_message_and_an_empty_one_ends_nothing() {
    let (parrot, device) = datagrams();
    device.send(&[]).unwrap();
    device.send(&[4, 5]).unwrap();
    device.send(&[6]).unwrap();
    hears(&parrot, &[4, 5]);
    hears(&parrot, &[6]);
}

#[test]
fn datagrams_of_somebody_else_are_not_taken() {
    let (parrot, device) = datagrams();
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    other.send_to(&[9], device.peer_addr().unwrap()).unwrap();
    device.send(&[4]).unwrap();
    hears(&parrot, &[4]);
}

#[test]
fn reports_without_a_number_are_written_behind_a_zero() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("hidraw");
    let mut port = Port::plug_in(&link);
    make_raw(&port);
    let kind = parrot(&[Transport::Hid], || Box::new(Parrot(Channel::Hid)));
    let parrot = watch_as(&kind, &format!("hid:{}", link.display()));
    parrot.expect(DeviceEvent::Up);
    port.hears(&[0, 1, 2, 0, 3]);
    port.says(&[7, 8]);
    hears(&parrot, &[7, 8]);
    drop(port);
    parrot.expect(DeviceEvent::Down);
}

#[track_caller]
fn runs_at(address: &str, expected: u32) {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("line");
    let mut port = Port::plug_in(&link);
    const TRANSPORTS: &[Transport] = &[Transport::Tcp, Transport::Serial(Line::plain(19_200))];
    let kind = parrot(TRANSPORTS, || Box::new(Parrot(Channel::Stream)));
    let parrot = watch_as(&kind, &format!("serial:{}{address}", link.display()));
    parrot.expect(DeviceEvent::Up);
    port.hears(&[1, 2, 3]);
    assert_eq!(tcgetattr(port.wire()).unwrap().output_speed(), expected);
    parrot.expect_silence(Duration::from_millis(1));
}

#[test]
fn a_line_runs_as_its_device_does_unless_the_address_says_otherwise() {
    runs_at("", 19_200);
    runs_at("@38400", 38_400);
}

#[test]
fn what_went_over_a_link_is_kept_and_can_be_told_again() {
    let (parrot, device) = datagrams();
    device.send(&[4, 5]).unwrap();
    hears(&parrot, &[4, 5]);
    let recording = parrot.handle.recording();
    let whats: Vec<What> = recording.entries.iter().map(|entry| entry.what.clone()).collect();
    let [What::Up(_), rest @ ..] = &whats[..] else { panic!("{whats:?}") };
    let out = |bytes: &[u8]| What::Out(Channel::Datagram, bytes.to_vec());
    assert_eq!(rest, [out(&[1, 2]), out(&[3]), What::In(Channel::Datagram, vec![4, 5])]);
    let read: Recording = recording.to_string().parse().unwrap();
    assert_eq!(replay(&read, &mut Parrot(Channel::Datagram)), [told(&[4, 5])]);
}
