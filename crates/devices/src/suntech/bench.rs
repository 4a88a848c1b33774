//! For tests: a module on the other end of the line.

use super::*;

/// A module that answers what it is asked, as a test tells it to.
pub(super) struct Bench {
    pub(super) driver: Suntech,
    pub(super) now: Millis,
    pub(super) pressure: u16,
    pub(super) result: Vec<u8>,
    pub(super) answers: bool,
    pub(super) written: Vec<Vec<u8>>,
    pub(super) reports: Vec<Report>,
}

pub(super) const GOOD: &str = "3e1873004a001e01000000000000310755005800000000e9";
pub(super) const FINISHED: &str = "3e044b73";

impl Bench {
    pub(super) fn up() -> Self {
        let mut bench = Self {
            driver: Suntech::new(),
            now: 1_000_000,
            pressure: 0,
            result: empty_result(),
            answers: true,
            written: Vec::new(),
            reports: Vec::new(),
        };
        bench.event(Event::Up(crate::clock::TEST));
        bench
    }

    pub(super) fn event(&mut self, event: Event<'_>) {
        for action in self.driver.handle(self.now, event) {
            match action {
                Action::Write { bytes, .. } => {
                    self.written.push(bytes.clone());
                    self.answer(&bytes);
                }
                Action::Report(report) => self.reports.push(report),
                other => panic!("{other:?}"),
            }
        }
    }

    pub(super) fn answer(&mut self, question: &[u8]) {
        if !self.answers {
            return;
        }
        let reply = match question {
            [0x3A, 0x79, 5, 0, _] => {
                let [low, high] = self.pressure.to_le_bytes();
                framed(&[low, high])
            }
            [0x3A, 0x79, 3, 0, _] => self.result.clone(),
            _ => framed(b"O"),
        };
        self.bytes(&reply);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.event(Event::Bytes { channel: Channel::Stream, bytes });
    }

    pub(super) fn pass(&mut self, time: Millis) {
        let end = self.now + time;
        while let Some(deadline) = self.driver.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            self.event(Event::Timer);
        }
        self.now = end;
    }

    pub(super) fn measure(&mut self) {
        self.event(Event::Command(Command::Measure));
    }

    /// Up and down again, in steps that a polling driver sees.
    pub(super) fn inflate_and_deflate(&mut self) {
        for pressure in [20, 90, 170, 120, 70, 30, 3] {
            self.pressure = pressure;
            self.pass(500);
        }
    }

    pub(super) fn failures(&self) -> Vec<Failure> {
        let failures = self.reports.iter().filter_map(|report| match report {
            Report::Failed(failure) => Some(*failure),
            _ => None,
        });
        failures.collect()
    }

    pub(super) fn values(&self) -> Vec<String> {
        let values = self.reports.iter().filter_map(|report| match report {
            Report::Measured(measured) => match &measured.measurement {
                clinical::Measurement::BloodPressure(bp) => {
                    Some(format!("{}/{} ({:?}) {:?}", bp.systolic, bp.diastolic, bp.mean, bp.pulse))
                }
                other => panic!("{other:?}"),
            },
            _ => None,
        });
        values.collect()
    }

    pub(super) fn aborts(&self) -> usize {
        self.written.iter().filter(|bytes| **bytes == ABORT).count()
    }
}

pub(super) fn framed(data: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x3E, u8::try_from(data.len() + 3).unwrap()];
    frame.extend(data);
    let sum = frame.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    frame.push(sum.wrapping_neg());
    frame
}

pub(super) fn empty_result() -> Vec<u8> {
    framed(&[0; 21])
}

pub(super) fn failed_result(error: u8) -> Vec<u8> {
    let mut data = [0; 21];
    data[18] = error;
    framed(&data)
}
