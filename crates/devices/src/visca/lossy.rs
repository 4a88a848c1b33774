//! The driver and a camera with a network between them that loses, doubles and delays datagrams.
//!
//! The camera is modelled here by what Sony's command lists say of numbers: a number that is not
//! above the last one is refused; a reset makes it count from 0.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::Ptz;

#[derive(Default)]
struct Camera {
    last: u32,
    /// Packets in the order of execution.
    executed: Vec<Vec<u8>>,
}

impl Camera {
    fn hear(&mut self, datagram: &[u8]) -> Vec<Vec<u8>> {
        let number = u32::from_be_bytes(datagram[4..8].try_into().unwrap());
        let packet = &datagram[8..];
        let answer = |kind: [u8; 2], payload: &[u8]| {
            [&kind[..], &[0, payload.len() as u8], &datagram[4..8], payload].concat()
        };
        if datagram[..2] == [0x02, 0x00] {
            self.last = 0;
            return vec![answer([0x02, 0x01], &[0x01])];
        }
        if number <= self.last {
            return vec![answer([0x02, 0x01], &[0x0F, 0x01])];
        }
        self.last = number;
        if packet[1] & 0xF0 == 0x20 {
            return vec![answer([0x01, 0x11], &[0x90, 0x61, 0x05, 0xFF])];
        }
        self.executed.push(packet.to_vec());
        [[0x90, 0x41, 0xFF], [0x90, 0x51, 0xFF]].map(|said| answer([0x01, 0x11], &said)).to_vec()
    }

    fn count(&self, packet: &[u8]) -> usize {
        self.executed.iter().filter(|executed| *executed == packet).count()
    }
}

/// What becomes of one datagram: the delays of its copies.
type Fate = Vec<Millis>;

struct Net {
    driver: Visca,
    camera: Camera,
    now: Millis,
    /// When it arrives, whether at the camera, what it is.
    air: Vec<(Millis, bool, Vec<u8>)>,
    fates: VecDeque<Fate>,
    failures: usize,
}

impl Net {
    /// At rest; from now on the network is bad.
    fn new(fates: Vec<Fate>) -> Self {
        let driver = Visca::new(Wire::Numbered { last: 0 });
        let camera = Camera { last: 90, ..Camera::default() };
        let (air, none) = (Vec::new(), VecDeque::new());
        let mut net = Self { driver, camera, now: 1, air, fates: none, failures: 0 };
        net.tell(Event::Up(crate::clock::TEST));
        net.pass(3_000);
        net.fates = fates.into();
        net
    }

    fn tell(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::Write { bytes, .. } => self.send(true, bytes),
                Action::Report(Report::Failed(_)) => self.failures += 1,
                Action::Report(Report::Status(Status::Ready)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn send(&mut self, to_camera: bool, bytes: Vec<u8>) {
        let fate = self.fates.pop_front().unwrap_or(vec![1]);
        let copies = fate.into_iter().map(|delay| (self.now + delay, to_camera, bytes.clone()));
        self.air.extend(copies);
    }

    fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        loop {
            let arrives = self.air.iter().map(|(at, ..)| *at).min();
            let deadline = self.driver.deadline().map(|at| at.max(self.now));
            let Some(next) = arrives.into_iter().chain(deadline).min().filter(|at| *at <= end)
            else {
                break;
            };
            self.now = next;
            match self.air.iter().position(|(at, ..)| *at <= next) {
                Some(place) => self.arrive(place),
                None => self.tell(Event::Timer),
            }
        }
        self.now = end;
    }

    fn arrive(&mut self, place: usize) {
        let (_, to_camera, bytes) = self.air.remove(place);
        if !to_camera {
            return self.tell(Event::Bytes { channel: Channel::Datagram, bytes: &bytes });
        }
        for said in self.camera.hear(&bytes) {
            self.send(false, said);
        }
    }

    fn ask(&mut self, wish: Ptz) {
        self.tell(Event::Command(Command::Ptz(wish)));
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    let delay = || 1u64..150;
    prop_oneof![
        3 => Just(vec![1]),
        2 => Just(Vec::new()),
        2 => delay().prop_map(|delay| vec![delay]),
        2 => (delay(), delay()).prop_map(|(one, other)| vec![one, other]),
    ]
}

fn bad_network() -> impl Strategy<Value = Vec<Fate>> {
    proptest::collection::vec(fate(), 0..120)
}

proptest! {
    #[test]
    fn every_stop_arrives_or_is_told_to_have_failed(
        fates in bad_network(),
        asked in proptest::collection::vec((any::<bool>(), -1.0f32..1.0, 0u64..400), 1..12),
    ) {
        let mut net = Net::new(fates);
        for (stops, pan, wait) in asked {
            net.ask(if stops { Ptz::Stop } else { Ptz::Move { pan, tilt: 0.0, zoom: -pan } });
            net.pass(wait);
        }
        net.ask(Ptz::Stop);
        let before = net.camera.executed.len();
        net.pass(5_000);
        let after = &net.camera.executed[before..];
        for stop in [packet::pan_tilt(0.0, 0.0), packet::zoom(0.0)] {
            // Or it was under way already, and nothing has moved this motor since.
            let of_lane = |packet: &&Vec<u8>| packet[..4] == stop[..4];
            let arrived = after.contains(&stop)
                || net.camera.executed.iter().rfind(of_lane) == Some(&stop);
            prop_assert!(arrived || net.failures > 0, "{:x?}", net.camera.executed);
        }
    }

    #[test]
    fn a_memory_is_saved_once_or_told_to_have_failed(
        fates in bad_network(),
        waits in proptest::collection::vec((any::<bool>(), 0u64..900), 1..8),
    ) {
        let mut net = Net::new(fates);
        for (number, (stops, wait)) in waits.iter().enumerate() {
            net.ask(Ptz::Save(number as u8));
            if *stops {
                net.ask(Ptz::Stop);
            }
            net.pass(*wait);
        }
        net.pass(5_000);
        let counts: Vec<usize> = (0..waits.len())
            .map(|number| net.camera.count(&[0x81, 0x01, 0x04, 0x3F, 0x01, number as u8, 0xFF]))
            .collect();
        prop_assert!(counts.iter().all(|count| *count <= 1), "{counts:?}");
        prop_assert!(counts.iter().all(|count| *count == 1) || net.failures > 0, "{counts:?}");
    }
}
