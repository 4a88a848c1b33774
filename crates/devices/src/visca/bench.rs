//! For tests: a camera on the other end of the link.

use super::*;
use crate::{Ptz, testdata::hex};

pub(super) const STOPS: &str = "8101060118140303ff 8101040700ff";
pub(super) const LEFT: Ptz = Ptz::Move { pan: -1.0, tilt: 0.0, zoom: 0.0 };
pub(super) const RIGHT: Ptz = Ptz::Move { pan: 1.0, tilt: 0.0, zoom: 0.0 };
pub(super) const NEARER: Ptz = Ptz::Move { pan: 0.0, tilt: 0.0, zoom: 1.0 };
pub(super) const LEFT_BYTES: &str = "8101060118140103ff";
pub(super) const RIGHT_BYTES: &str = "8101060118140203ff";

pub(super) struct Bench {
    pub(super) driver: Visca,
    pub(super) now: Millis,
    /// In hexadecimal, since the last look.
    pub(super) written: Vec<String>,
    pub(super) reports: Vec<Report>,
}

impl Bench {
    pub(super) fn up() -> Self {
        Self::on(Wire::Plain(Channel::Stream))
    }

    pub(super) fn on(wire: Wire) -> Self {
        let now = 50_000;
        let mut bench =
            Self { driver: Visca::new(wire), now, written: Vec::new(), reports: Vec::new() };
        bench.event(Event::Up(crate::clock::TEST));
        bench
    }

    /// Set up, and at rest.
    pub(super) fn ready() -> Self {
        let mut bench = Self::up();
        bench.says("883002ff 88010001ff 9041ff 9051ff 9041ff 9051ff");
        bench.written.clear();
        bench.reports.clear();
        bench
    }

    pub(super) fn event(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::Write { bytes, .. } => self.written.push(text(&bytes)),
                Action::Report(report) => self.reports.push(report),
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) fn says(&mut self, bytes: &str) {
        let channel = self.driver.commands.wire.channel();
        self.event(Event::Bytes { channel, bytes: &hex(bytes) });
    }

    pub(super) fn asks(&mut self, wish: Ptz) {
        self.event(Event::Command(Command::Ptz(wish)));
    }

    pub(super) fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        while let Some(deadline) = self.driver.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            self.event(Event::Timer);
        }
        self.now = end;
    }

    pub(super) fn written(&mut self) -> String {
        std::mem::take(&mut self.written).join(" ")
    }
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
