//! Glucose Measurement (0x2A18; Bluetooth Glucose Service 1.0.1, 3.1): one record of a meter.

use clinical::{Decimal, GlucoseSample, GlucoseUnit, Quality, Timestamp};

use crate::{Fields, Number, Wrong, date_time::DateTime, gatt::Reader};

mod flag {
    pub(super) const TIME_OFFSET: u8 = 0x01;
    pub(super) const CONCENTRATION: u8 = 0x02;
    pub(super) const MOL_PER_L: u8 = 0x04;
    pub(super) const STATUS: u8 = 0x08;
    pub(super) const CONTEXT_FOLLOWS: u8 = 0x10;
}

/// Bits of the sensor status annunciation.
mod status {
    /// Malfunction, too small a sample, strip badly put in, wrong strip, strip pulled too early,
    /// general fault.
    pub(super) const FAULT: u16 = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 9 | 1 << 10;
    /// Result above or below what the meter can process; sensor too hot or too cold.
    pub(super) const DOUBT: u16 = 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8;
    /// The time of the record may be wrong.
    pub(super) const TIME_FAULT: u16 = 1 << 11;
}

const CONTROL_SOLUTION_TYPE: u8 = 10;
const CONTROL_SOLUTION_LOCATION: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Record {
    pub(super) sequence: u16,
    /// What the meter's clock showed, without what its user has changed since.
    base_time: Option<DateTime>,
    offset_minutes: Option<i16>,
    sample: Option<Sample>,
    mol_per_l: bool,
    status: Option<u16>,
    pub(super) context_follows: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Sample {
    /// kg/L or mol/L.
    concentration: Number,
    kind: u8,
    location: u8,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Record, Wrong> {
    let mut bytes = Reader::new(bytes);
    let flags = bytes.u8()?;
    let has = |flag| flags & flag != 0;
    let record = Record {
        sequence: bytes.u16()?,
        base_time: bytes.date_time()?,
        offset_minutes: bytes.when(has(flag::TIME_OFFSET), minutes)?,
        sample: bytes.when(has(flag::CONCENTRATION), sample)?,
        mol_per_l: has(flag::MOL_PER_L),
        status: bytes.when(has(flag::STATUS), Reader::u16)?,
        context_follows: has(flag::CONTEXT_FOLLOWS),
    };
    bytes.end()?;
    Ok(record)
}

fn minutes(bytes: &mut Reader<'_>) -> Result<i16, Wrong> {
    bytes.take().map(i16::from_le_bytes)
}

fn sample(bytes: &mut Reader<'_>) -> Result<Sample, Wrong> {
    let concentration = bytes.sfloat()?;
    let both = bytes.u8()?;
    Ok(Sample { concentration, kind: both & 0x0F, location: both >> 4 })
}

impl Record {
    /// What the meter showed its user; `None` when a part of the date is unknown.
    pub(super) fn device_time(&self) -> Option<Timestamp> {
        let minutes = i64::from(self.offset_minutes.unwrap_or(0));
        self.base_time.and_then(DateTime::timestamp).map(|time| time.plus_millis(minutes * 60_000))
    }

    /// In the unit that the meter's user sees; `None`: it has no result.
    pub(super) fn concentration(&self) -> Option<(Decimal, GlucoseUnit)> {
        let Number::Value(value) = self.sample?.concentration else { return None };
        // 1 kg/L is 10⁵ mg/dL, and 1 mol/L is 10³ mmol/L: only the exponent changes. That of an
        // SFLOAT lies in -8 to 7.
        let (unit, power) = match self.mol_per_l {
            false => (GlucoseUnit::MgPerDl, 5),
            true => (GlucoseUnit::MmolPerL, 3),
        };
        Some((Decimal::new(value.mantissa(), value.exponent().saturating_add(power)), unit))
    }

    pub(super) fn sample(&self) -> Option<GlucoseSample> {
        sample_of(self.sample?.kind)
    }

    pub(super) fn quality(&self) -> Vec<Quality> {
        let has = |bits| self.status.is_some_and(|status| status & bits != 0);
        let control = self.sample.is_some_and(|Sample { kind, location, .. }| {
            kind == CONTROL_SOLUTION_TYPE || location == CONTROL_SOLUTION_LOCATION
        });
        [
            control.then_some(Quality::ControlSolution),
            has(status::FAULT).then_some(Quality::DeviceFault),
            has(status::DOUBT).then_some(Quality::Questionable),
            has(status::TIME_FAULT).then_some(Quality::ClockOff),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The type of fluid; control solution is none, and other numbers are reserved.
pub(crate) fn sample_of(kind: u8) -> Option<GlucoseSample> {
    Some(match kind {
        1 => GlucoseSample::CapillaryWholeBlood,
        2 => GlucoseSample::CapillaryPlasma,
        3 => GlucoseSample::VenousWholeBlood,
        4 => GlucoseSample::VenousPlasma,
        5 => GlucoseSample::ArterialWholeBlood,
        6 => GlucoseSample::ArterialPlasma,
        7 => GlucoseSample::UndeterminedWholeBlood,
        8 => GlucoseSample::UndeterminedPlasma,
        9 => GlucoseSample::InterstitialFluid,
        _ => return None,
    })
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let record = decode(bytes)?;
    let sample = record.sample;
    Ok(Fields::default()
        .with("sequence", record.sequence)
        .with("base_time", record.base_time)
        .with("time_offset_min", record.offset_minutes)
        .with("concentration", sample.map(|sample| sample.concentration))
        .with("unit", sample.map(|_| if record.mol_per_l { "mol/L" } else { "kg/L" }))
        .with("type", sample.map(|sample| sample.kind))
        .with("location", sample.map(|sample| sample.location))
        .with("status", record.status)
        .with("context_follows", record.context_follows)
        .with("time", record.device_time()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    const HEAD: &str = "2a00 e807030f0e1e2d";

    fn check(flags: &str, rest: &str, expected: Option<&str>, quality: &[Quality]) {
        let record = decode(&hex(&format!("{flags}{HEAD}{rest}"))).unwrap();
        let said = record.concentration().map(|(value, unit)| format!("{value} {unit:?}"));
        assert_eq!(said.as_deref(), expected, "{rest}");
        assert_eq!(record.quality(), quality, "{rest}");
    }

    #[test]
    fn concentrations_become_the_numbers_that_a_meter_shows() {
        check("02", "5fb011", Some("95 MgPerDl"), &[]);
        check("02", "b6a3 11", Some("95.0 MgPerDl"), &[]);
        check("06", "34c011", Some("5.2 MmolPerL"), &[]);
        check("06", "0ab2 11", Some("5.22 MmolPerL"), &[]);
    }

    #[test]
    fn a_record_without_result_has_no_number() {
        check("00", "", None, &[]);
        check("02", "ff0711", None, &[]);
        check("02", "000811", None, &[]);
        check("0a", "fe0711 2000", None, &[Quality::Questionable]);
    }

    #[test]
    fn control_solution_is_told_by_type_or_by_place() {
        check("02", "5fb00a", Some("95 MgPerDl"), &[Quality::ControlSolution]);
        check("02", "5fb041", Some("95 MgPerDl"), &[Quality::ControlSolution]);
    }

    #[test]
    fn what_the_sensor_remarks_stays_with_the_value() {
        check("0a", "5fb011 0100", Some("95 MgPerDl"), &[]);
        check("0a", "5fb011 0200", Some("95 MgPerDl"), &[Quality::DeviceFault]);
        check("0a", "5fb011 8001", Some("95 MgPerDl"), &[Quality::Questionable]);
        check("0a", "5fb011 0008", Some("95 MgPerDl"), &[Quality::ClockOff]);
    }

    #[test]
    fn the_time_is_what_the_user_saw() {
        let time =
            |bytes: &str| decode(&hex(bytes)).unwrap().device_time().map(|at| at.to_string());
        let shown = time("01 0100 e307021b0b0a1e fbff");
        assert_eq!(shown.as_deref(), Some("2019-02-27T11:05:30.000Z"));
        assert_eq!(time("01 0100 0000021b0b0a1e fbff"), None);
        let printed = fields(&hex("01 0100 0000021b0b0a1e fbff")).unwrap();
        assert_eq!(printed.get("base_time"), Some(&"0000-02-27T11:10:30".into()));
        assert_eq!(printed.get("time"), Some(&Field::Absent));
    }

    #[test]
    fn a_record_cut_short_or_too_long_is_refused() {
        let whole = hex("1b0100e307021b0b0a1efbff1e00120501");
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length]), Err(Wrong::Length), "{length}");
        }
        assert_eq!(decode(&[&whole[..], &[0]].concat()), Err(Wrong::Length));
    }
}
