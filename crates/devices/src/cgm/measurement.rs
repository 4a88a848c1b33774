//! CGM Measurement (0x2AA7; Bluetooth CGM Service 1.0.2, 3.1): one or several records, each with its
//! own size and, where the sensor has it, its own CRC.

use clinical::Quality;

use super::{crc::checked, session::Crc};
use crate::{Fields, Number, Wrong, fields::Field, gatt::Reader};

mod flag {
    pub(super) const TREND: u8 = 0x01;
    pub(super) const QUALITY: u8 = 0x02;
    pub(super) const WARNING: u8 = 0x20;
    pub(super) const CAL_TEMP: u8 = 0x40;
    pub(super) const STATUS: u8 = 0x80;
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Record<'a> {
    /// mg/dL.
    pub(super) glucose: Number,
    /// Since the session began.
    pub(super) minutes: u16,
    pub(super) annunciation: Annunciation,
    /// mg/dL per minute.
    trend: Option<Number>,
    /// Per cent.
    quality: Option<Number>,
    /// `None`: the record has no CRC.
    pub(super) crc_ok: Option<bool>,
    pub(super) raw: &'a [u8],
}

/// What the sensor remarks, in three octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Annunciation {
    pub(super) status: Option<u8>,
    pub(super) cal_temp: Option<u8>,
    pub(super) warning: Option<u8>,
}

impl Annunciation {
    /// Sensor of a wrong type, malfunction, device specific alert, general fault.
    const FAULT: u8 = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5;
    /// The session has ended.
    const STOPPED: u8 = 1 << 0;
    /// The sensor's time has to be set again.
    const TIME: u8 = 1 << 0;
    /// Calibration required, sensor too hot or too cold.
    const CAL_TEMP_DOUBT: u8 = 1 << 3 | 1 << 4 | 1 << 5;
    /// Lower or higher than the sensor can process. The other warnings are about the patient.
    const RANGE: u8 = 1 << 6 | 1 << 7;

    pub(super) fn remarks(self) -> Vec<Quality> {
        let has = |octet: Option<u8>, bits| octet.is_some_and(|octet| octet & bits != 0);
        let doubt = has(self.status, Self::STOPPED)
            || has(self.cal_temp, Self::CAL_TEMP_DOUBT)
            || has(self.warning, Self::RANGE);
        [
            has(self.status, Self::FAULT).then_some(Quality::DeviceFault),
            doubt.then_some(Quality::Questionable),
            has(self.cal_temp, Self::TIME).then_some(Quality::ClockOff),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    pub(super) fn fields(self, fields: Fields) -> Fields {
        fields
            .with("status", self.status)
            .with("cal_temp", self.cal_temp)
            .with("warning", self.warning)
    }
}

/// All records of one notification. One that is cut short spoils all: where the next one begins is
/// known by its size only.
pub(super) fn decode(bytes: &[u8], crc: Crc) -> Result<Vec<Record<'_>>, Wrong> {
    let mut records = Vec::new();
    let mut rest = bytes;
    while let [size, ..] = *rest {
        let (raw, later) = rest.split_at_checked(size.into()).ok_or(Wrong::Length)?;
        records.push(record(raw, crc)?);
        rest = later;
    }
    if records.is_empty() { Err(Wrong::Length) } else { Ok(records) }
}

fn record(raw: &[u8], crc: Crc) -> Result<Record<'_>, Wrong> {
    let flags = *raw.get(1).ok_or(Wrong::Length)?;
    let has = |flag| flags & flag != 0;
    let length = 6
        + [flag::STATUS, flag::CAL_TEMP, flag::WARNING].iter().filter(|&&flag| has(flag)).count()
        + 2 * [flag::TREND, flag::QUALITY].iter().filter(|&&flag| has(flag)).count();
    let (value, crc_ok) = checked(raw, length)?;
    crc.allows(crc_ok)?;
    let mut bytes = Reader::new(&value[2..]);
    Ok(Record {
        glucose: bytes.sfloat()?,
        minutes: bytes.u16()?,
        annunciation: Annunciation {
            status: bytes.when(has(flag::STATUS), Reader::u8)?,
            cal_temp: bytes.when(has(flag::CAL_TEMP), Reader::u8)?,
            warning: bytes.when(has(flag::WARNING), Reader::u8)?,
        },
        trend: bytes.when(has(flag::TREND), Reader::sfloat)?,
        quality: bytes.when(has(flag::QUALITY), Reader::sfloat)?,
        crc_ok,
        raw,
    })
}

/// One record by itself, several as a list.
pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let records: Vec<Fields> = decode(bytes, Crc::Unknown)?.iter().map(one).collect();
    match <[Fields; 1]>::try_from(records) {
        Ok([record]) => Ok(record),
        Err(records) => Ok(Fields::default().with("records", Field::from(records))),
    }
}

fn one(record: &Record<'_>) -> Fields {
    let fields =
        Fields::default().with("glucose", record.glucose).with("time_offset_min", record.minutes);
    let fields = record.annunciation.fields(fields);
    fields.with("trend", record.trend).with("quality", record.quality).with("crc_ok", record.crc_ok)
}

#[cfg(test)]
mod tests {
    use clinical::Decimal;

    use super::*;
    use crate::testdata::hex;

    fn check(bytes: &str, expected: &str) {
        let said = match decode(&hex(bytes), Crc::Unknown) {
            Err(wrong) => wrong.to_string(),
            Ok(records) => records
                .iter()
                .map(|record| {
                    let Record { glucose, minutes, crc_ok, .. } = record;
                    format!("{glucose:?} {minutes} {:?} {crc_ok:?}", record.annunciation.remarks())
                })
                .collect::<Vec<_>>()
                .join("; "),
        };
        assert_eq!(said, expected, "{bytes}");
    }

    #[test]
    fn records_are_told_apart_by_their_sizes() {
        check("06000c100500", "Value(120) 5 [] None");
        let both = "Value(120) 5 [] None; Value(120) 6 [] None";
        check("06000c10050006000c100600", both);
        check("06000c10050006000c1006", "length");
        check("06000c100500 00", "length");
        check("", "length");
        check("00", "length");
        check("01", "length");
    }

    #[test]
    fn a_record_of_a_real_sensor_says_what_its_maker_says() {
        // Reported by the maker as read wrongly (nordicsemi/Android-nRF-Connect, issue 174).
        let record = fields(&hex("0d4373002c01032400 1a003e04")).unwrap();
        let number = |mantissa| Some(Field::Number(Decimal::new(mantissa, 0)));
        assert_eq!(record.get("glucose").cloned(), number(115));
        assert_eq!(record.get("time_offset_min"), Some(&Field::Whole(300)));
        assert_eq!(record.get("cal_temp"), Some(&Field::Whole(3)));
        assert_eq!(record.get("status"), Some(&Field::Absent));
        assert_eq!(record.get("trend").cloned(), number(36));
        assert_eq!(record.get("quality").cloned(), number(26));
        assert_eq!(record.get("crc_ok"), Some(&Field::Flag(true)));
    }

    #[test]
    fn a_size_that_its_flags_do_not_announce_is_refused() {
        check("06e30c100600", "length");
        check("07e30c10060000", "length");
        check("07000c10060000", "length");
        check("09000c100600000000", "length");
    }

    #[test]
    fn a_wrong_crc_is_told() {
        check("08000c100600596f", "Value(120) 6 [] Some(true)");
        check("08000c100600586f", "Value(120) 6 [] Some(false)");
    }

    #[test]
    fn what_the_sensor_remarks_on_itself_stays_with_the_value() {
        check("09e00c100600 02 00 3f", "Value(120) 6 [] None");
        check("09e00c100600 08 01 00", "Value(120) 6 [DeviceFault, ClockOff] None");
        check("09e00c100600 01 00 00", "Value(120) 6 [Questionable] None");
        check("08c00c100600 00 10", "Value(120) 6 [Questionable] None");
        check("07200c100600 80", "Value(120) 6 [Questionable] None");
    }
}
