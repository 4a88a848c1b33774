//! When a message was made and which one it is: what puts two of them in their order.

use clinical::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Message, Refused};

/// The later of two has the greater time; of the same time, the greater control id, so that every order
/// of arrival ends the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    pub at: Timestamp,
    /// MSH-10.
    pub control_id: String,
}

/// Clocks and unnamed time zones differ by less. Past it one wrong year would keep every later message out.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;

impl Stamp {
    /// By EVN-2, else MSH-7. A time without a zone counts as UTC: it is compared with others of its sender.
    ///
    /// # Errors
    /// Neither is there, it is no time, or it lies more than a day after `now`.
    pub(crate) fn of(message: &Message, now: Timestamp) -> Result<Self, Refused> {
        let header = message.header();
        let control_id = header.field(10).read("MSH-10")?.ok_or(Refused::Missing("MSH-10"))?;
        let event = message.segment("EVN").map(|evn| evn.field(2).component(1).read("EVN-2"));
        let (field, written) = match event.transpose()?.flatten() {
            Some(written) => ("EVN-2", written),
            None => {
                let made = header.field(7).component(1).read("MSH-7")?;
                ("MSH-7", made.ok_or(Refused::Missing("MSH-7"))?)
            }
        };
        let at = time(&written).ok_or(Refused::Malformed { field, expected: "time" })?;
        if at.millis_since(now) > AHEAD_MS {
            return Err(Refused::Malformed { field, expected: "time of the past" });
        }
        Ok(Self { at, control_id })
    }
}

/// TS and DTM (2.5.1, section 2.A.77): YYYYMMDD[HHMM[SS[.S…]]][+/-ZZZZ].
fn time(written: &str) -> Option<Timestamp> {
    let zone_at = written.find(['+', '-']).unwrap_or(written.len());
    let (local, zone) = written.split_at(zone_at);
    let (digits, fraction) = local.split_once('.').unwrap_or((local, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(digits) || !all_digits(fraction) || fraction.len() > 4 {
        return None;
    }
    let whole = match digits.len() {
        8 | 12 => format!("{digits:0<14}"),
        14 => digits.to_owned(),
        _ => return None,
    };
    let zone = match zone {
        "" => "Z".to_owned(),
        _ if zone.len() == 5 && all_digits(&zone[1..]) => format!("{}:{}", &zone[..3], &zone[3..]),
        _ => return None,
    };
    let (day, clock) = whole.split_at(8);
    let (year, month, date) = (&day[..4], &day[4..6], &day[6..]);
    let (hour, minute, second) = (&clock[..2], &clock[2..4], &clock[4..]);
    let fraction = format!("{fraction:0<3}");
    format!("{year}-{month}-{date}T{hour}:{minute}:{second}.{fraction}{zone}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_and_without_what_may_be_left_out() {
        for (written, read) in [
            ("20261122", Some("2026-11-22T00:00:00Z")),
            ("202611220742", Some("2026-11-22T07:42:00Z")),
            ("20261122074201", Some("2026-11-22T07:42:01Z")),
            ("20261122074201.25+0130", Some("2026-11-22T06:12:01.250Z")),
            ("202611220742-0500", Some("2026-11-22T12:42:00Z")),
            ("2026", None),
            ("20261322", None),
            ("20261122+1", None),
            ("20261122+é12", None),
            ("20261122074201.12345", None),
            ("gestern", None),
        ] {
            let read = read.map(|text| text.parse().unwrap());
            assert_eq!(time(written), read, "{written}");
        }
    }
}
