//! How unevenly pictures arrive that were sent evenly.

use std::time::Duration;

use crate::arrivals::Report;

/// Packets of one picture leave together; after so long it is another one.
const ANOTHER_PICTURE: Duration = Duration::from_millis(10);
/// Of each difference so much goes into the mean (RFC 3550, section 6.4.1).
const SHARE: u64 = 16;
/// Less is not seen.
const UNSEEN: Duration = Duration::from_millis(8);
/// Of the mean: seldom is a picture later than that.
const TIMES: u32 = 3;
/// A physician who turns the camera waits for the picture; more is worse than a picture that stutters.
const MOST: Duration = Duration::from_millis(200);
/// The header that asks a browser for it counts in these.
const STEP: u64 = 10;

/// The mean difference between the ways of pictures that follow each other, as of RFC 3550.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Jitter {
    micros: u64,
    last: Option<Report>,
}

impl Jitter {
    pub(crate) fn add(&mut self, report: Report) {
        let Some(received) = report.received else { return };
        let Some(last) = self.last else {
            self.last = Some(report);
            return;
        };
        let sent_apart = report.sent.saturating_sub(last.sent);
        if sent_apart < ANOTHER_PICTURE {
            return;
        }
        let arrived_apart = received.saturating_sub(last.received.unwrap_or(received));
        let difference = sent_apart.abs_diff(arrived_apart);
        let difference = u64::try_from(difference.as_micros()).unwrap_or(u64::MAX);
        self.micros = self.micros - self.micros / SHARE + difference / SHARE;
        self.last = Some(report);
    }

    pub(crate) fn mean(self) -> Duration {
        Duration::from_micros(self.micros)
    }

    /// How long a browser is to hold each picture so that they are shown evenly; in steps of 10 ms.
    pub(crate) fn hold(self) -> Duration {
        let mean = self.mean();
        if mean < UNSEEN {
            return Duration::ZERO;
        }
        let steps = (mean * TIMES).min(MOST).as_millis().div_ceil(u128::from(STEP));
        Duration::from_millis(u64::try_from(steps).unwrap_or(0) * STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures of two packets every 33 ms; the ways of the pictures come in turns, in ms.
    fn after(ways: &[u64]) -> Jitter {
        let mut jitter = Jitter::default();
        for (number, way) in (0..300).zip(ways.iter().cycle()) {
            for own in [0, 2] {
                let sent = Duration::from_millis(number * 33 + own);
                let received = Some(sent + Duration::from_millis(5_000 + way));
                jitter.add(Report { sent, received, size: 1_000 });
            }
        }
        jitter
    }

    #[test]
    fn a_browser_holds_pictures_only_where_they_come_unevenly() {
        let ms = Duration::from_millis;
        for (ways, hold) in [
            (&[20][..], 0),
            (&[20, 24], 0),
            (&[0, 30], 90),
            (&[0, 20, 10, 30], 60),
            (&[0, 500], 200),
            // A queue that fills and empties slowly is the rate's business.
            (&[0, 5, 10, 15, 20, 25, 30, 25, 20, 15, 10, 5], 0),
        ] {
            assert_eq!(after(ways).hold(), ms(hold), "{ways:?}");
        }
    }
}
