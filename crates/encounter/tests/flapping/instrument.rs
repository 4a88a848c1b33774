//! A simulated Bluetooth device with a memory and a clock of its own, and the cart's driver for it.

use std::collections::VecDeque;

use clinical::{DeviceId, Timestamp};
use devices::{
    Action, Channel, Clock, Command, Driver, Event, Measured, Millis, Report, catalogue,
};

use crate::frames;

pub const MORNING: Timestamp = Timestamp::from_millis(1_795_333_320_000);
const ZONE_MINUTES: i16 = 60;

const SERIAL: Channel = Channel::sig(0x180A, 0x2A25);
const CURRENT_TIME: Channel = Channel::sig(0x1805, 0x2A2B);
const GLUCOSE: Channel = Channel::sig(0x1808, 0x2A18);
const CONTEXT: Channel = Channel::sig(0x1808, 0x2A34);
const RECORDS: Channel = Channel::sig(0x1808, 0x2A52);
const PRESSURE: Channel = Channel::sig(0x1810, 0x2A35);
const OXIMETRY: Channel = Channel::sig(0x1822, 0x2A5F);

/// Between two notifications, and from a question to its answer.
const STEP: Millis = 30;
/// What a driver may answer to one event: the records that it holds back, and some words.
const MOST_ACTIONS: usize = 80;

pub struct Instrument {
    pub id: DeviceId,
    driver: Box<dyn Driver>,
    pub up: bool,
    /// How far its clock is ahead of the wall.
    ahead_ms: i64,
    /// Like most meters, it does not let its clock be set.
    pub stubborn: bool,
    memory: Vec<Record>,
    /// What is on its way to the cart, in the order of time.
    under_way: VecDeque<(Millis, Sent)>,
    pub cut_short: u32,
    pub sent_again: u32,
    pub clocks_set: u32,
}

#[derive(Clone)]
struct Record {
    number: u16,
    shown: Timestamp,
    /// The cart has got it; the cuff has not heard so.
    delivered: bool,
}

enum Sent {
    Value(Channel, Vec<u8>),
    Refused(Channel),
    /// An indication; whether the confirmation reaches the cuff.
    Stored {
        number: u16,
        confirmed: bool,
    },
}

pub fn at(now: Millis) -> Timestamp {
    MORNING.plus_millis(i64::try_from(now).unwrap())
}

impl Instrument {
    pub fn new(driver: &str, ahead_ms: i64, stubborn: bool) -> Self {
        let device = catalogue::find(driver).unwrap();
        Self {
            id: DeviceId(driver.into()),
            driver: (device.driver)(),
            up: false,
            ahead_ms,
            stubborn,
            memory: Vec::new(),
            under_way: VecDeque::new(),
            cut_short: 0,
            sent_again: 0,
            clocks_set: 0,
        }
    }

    /// How many bytes its driver has kept: as many as become free when it is gone.
    pub fn held(self) -> (DeviceId, i64) {
        let driver = self.driver;
        let freed = allocation_counter::measure(move || drop(driver)).bytes_current;
        (self.id, -freed)
    }

    pub fn link(&mut self, now: Millis, up: bool) -> Vec<Measured> {
        self.up = up;
        if up {
            let clock = Clock { utc: at(now), ahead_minutes: ZONE_MINUTES };
            return self.give(now, Event::Up(clock));
        }
        self.cut_short += u32::from(!self.under_way.is_empty());
        self.under_way.clear();
        self.give(now, Event::Down)
    }

    pub fn command(&mut self, now: Millis) -> Vec<Measured> {
        self.give(now, Event::Command(Command::Measure))
    }

    /// A measurement that the device keeps, and sends when it is asked or connected.
    pub fn measure(&mut self, now: Millis, number: u16) {
        self.memory.push(Record { number, shown: self.shows(now), delivered: false });
        if self.up && self.id.0 == "ble-blood-pressure" {
            self.send(now, Sent::Stored { number, confirmed: true });
        }
    }

    /// Live values, one a second.
    pub fn finger_is_in(&mut self, now: Millis, seconds: u64) {
        for second in 0..seconds {
            let value = Sent::Value(OXIMETRY, frames::OXIMETRY.to_vec());
            self.under_way.push_back((now + 1000 * second, value));
        }
    }

    pub fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }

    /// When something happens next by itself.
    pub fn due(&self) -> Option<Millis> {
        let sent = self.under_way.front().map(|(at, _)| *at);
        sent.into_iter().chain(self.driver.deadline()).min()
    }

    /// What is due happens.
    pub fn play(&mut self, now: Millis) -> Vec<Measured> {
        if self.under_way.front().is_none_or(|(at, _)| *at > now) {
            return self.give(now, Event::Timer);
        }
        match self.under_way.pop_front().unwrap().1 {
            Sent::Value(channel, bytes) => self.give(now, Event::Bytes { channel, bytes: &bytes }),
            Sent::Refused(channel) => self.give(now, Event::Refused(channel)),
            Sent::Stored { number, confirmed } => self.stored(now, number, confirmed),
        }
    }

    fn stored(&mut self, now: Millis, number: u16, confirmed: bool) -> Vec<Measured> {
        let Some(place) = self.memory.iter().position(|record| record.number == number) else {
            return Vec::new();
        };
        self.sent_again += u32::from(self.memory[place].delivered);
        self.memory[place].delivered = true;
        let bytes = frames::blood_pressure(number, self.memory[place].shown);
        if confirmed {
            self.memory.remove(place);
        }
        self.give(now, Event::Bytes { channel: PRESSURE, bytes: &bytes })
    }

    fn give(&mut self, now: Millis, event: Event<'_>) -> Vec<Measured> {
        let actions = self.driver.handle(now, event);
        assert!(actions.len() <= MOST_ACTIONS, "{} actions at once", actions.len());
        let mut values = Vec::new();
        for action in actions {
            match action {
                Action::Report(Report::Measured(measured)) => values.push(measured),
                Action::Read(channel) => self.read(now, channel),
                Action::Write { channel: CURRENT_TIME, bytes } => self.set_clock(now, &bytes),
                Action::Write { bytes, .. } => self.control(now, &bytes),
                Action::Subscribe(PRESSURE) => self.send_memory(now),
                _ => {}
            }
        }
        values
    }

    fn shows(&self, now: Millis) -> Timestamp {
        at(now).plus_millis(i64::from(ZONE_MINUTES) * 60_000 + self.ahead_ms)
    }

    fn send(&mut self, now: Millis, what: Sent) {
        let last = self.under_way.back().map_or(now, |(at, _)| now.max(*at));
        self.under_way.push_back((last + STEP, what));
    }

    fn read(&mut self, now: Millis, channel: Channel) {
        let answer = match channel {
            SERIAL => Sent::Value(channel, b"A-1".to_vec()),
            // It answers at once, so that the time is not old when it comes.
            CURRENT_TIME => Sent::Value(channel, Vec::new()),
            _ => Sent::Refused(channel),
        };
        self.send(now, answer);
        if let Some((at, Sent::Value(CURRENT_TIME, _))) = self.under_way.back() {
            let shown = frames::current_time(self.shows(*at));
            self.under_way.back_mut().unwrap().1 = Sent::Value(CURRENT_TIME, shown);
        }
    }

    fn set_clock(&mut self, now: Millis, bytes: &[u8]) {
        if self.stubborn {
            return self.send(now, Sent::Refused(CURRENT_TIME));
        }
        self.clocks_set += 1;
        self.ahead_ms += frames::shown(bytes).millis_since(self.shows(now));
    }

    /// Oldest first. Every third confirmation is lost with the link that follows.
    fn send_memory(&mut self, now: Millis) {
        for record in self.memory.clone() {
            let confirmed = !(record.number + self.cut_short as u16).is_multiple_of(3);
            self.send(now, Sent::Stored { number: record.number, confirmed });
        }
    }

    /// The Record Access Control Point (0x2A52).
    fn control(&mut self, now: Millis, bytes: &[u8]) {
        let from = match bytes {
            [_, 0x03, 0x01, low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        };
        let asked: Vec<Record> =
            self.memory.iter().filter(|record| record.number >= from).cloned().collect();
        let [low, high] = (asked.len() as u16).to_le_bytes();
        match bytes[0] {
            0x04 => self.send(now, Sent::Value(RECORDS, vec![0x05, 0x00, low, high])),
            0x03 => {
                self.under_way.clear();
                self.send(now, Sent::Value(RECORDS, vec![0x06, 0x00, 0x03, 0x01]));
            }
            0x01 => {
                asked.iter().for_each(|record| self.send_record(now, record));
                self.send(now, Sent::Value(RECORDS, vec![0x06, 0x00, 0x01, 0x01]));
            }
            other => panic!("the meter was told {other}"),
        }
    }

    fn send_record(&mut self, now: Millis, record: &Record) {
        let with_context = record.number.is_multiple_of(2);
        let bytes = frames::glucose(record.number, record.shown, with_context);
        self.send(now, Sent::Value(GLUCOSE, bytes));
        if with_context {
            self.send(now, Sent::Value(CONTEXT, frames::context(record.number)));
        }
    }
}
