//! Weight Measurement (0x2A9D) and Weight Scale Feature (0x2A9E; Bluetooth Weight Scale Service 1.0,
//! 3.1 and 3.2).

use clinical::{Decimal, Weight};

use super::units::{UNSUCCESSFUL, Units, tenths};
use crate::{
    Fields, Wrong,
    date_time::DateTime,
    gatt::{Reader, Shown},
};

mod flag {
    pub(super) const TIME: u8 = 0x02;
    pub(super) const USER: u8 = 0x04;
    pub(super) const BMI_AND_HEIGHT: u8 = 0x08;
}

/// In which steps a scale counts the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    /// 0.005 kg or 0.01 lb.
    Standard,
    /// 0.1 kg or 0.1 lb: A&D's own characteristic, which is the standard's in all else (the maker's
    /// sample program for Android).
    Tenths,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weighed {
    units: Units,
    steps: Steps,
    /// `None`: the scale did not succeed.
    mass: Option<u16>,
    dated: bool,
    /// What the scale's clock showed, of which a part may be unknown.
    time: Option<DateTime>,
    /// The scale's own number for a person, which says nothing about who that is here; 255 is nobody.
    user: Option<u8>,
    bmi_and_height: Option<(u16, u16)>,
}

pub(super) fn decode(bytes: &[u8], steps: Steps) -> Result<Weighed, Wrong> {
    let mut bytes = Reader::new(bytes);
    let flags = bytes.u8()?;
    let has = |flag| flags & flag != 0;
    let weighed = Weighed {
        units: Units::of(flags.into()),
        steps,
        mass: Some(bytes.u16()?).filter(|&mass| mass != UNSUCCESSFUL),
        dated: has(flag::TIME),
        time: bytes.when(has(flag::TIME), Reader::date_time)?.flatten(),
        user: bytes.when(has(flag::USER), Reader::u8)?,
        bmi_and_height: bytes.when(has(flag::BMI_AND_HEIGHT), |it| Ok((it.u16()?, it.u16()?)))?,
    };
    bytes.end()?;
    Ok(weighed)
}

impl Weighed {
    pub(super) fn shown(&self) -> Shown {
        Shown::in_field(self.dated, self.time)
    }

    /// A scale that does not know the person's height says zero for it and for the index.
    pub(super) fn weight(&self) -> Option<Weight> {
        let known = |raw: &u16| *raw != 0 && *raw != UNSUCCESSFUL;
        let bmi = self.bmi_and_height.map(|(bmi, _)| bmi).filter(known);
        let height = self.bmi_and_height.map(|(_, height)| height).filter(known);
        let mass = self.mass?;
        Some(Weight {
            kilograms: match self.steps {
                Steps::Standard => self.units.kilograms(mass),
                Steps::Tenths => self.units.kilograms_of_tenths(mass),
            },
            height_m: height.map(|raw| self.units.metres(raw)),
            bmi: bmi.map(tenths),
        })
    }
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let weighed = decode(bytes, Steps::Standard)?;
    let units = weighed.units;
    Ok(Fields::default()
        .with("unit", units.mass_name())
        .with("weight", weighed.mass.map(|raw| units.mass(raw)))
        .with("timestamp", weighed.time)
        .with("user_id", weighed.user)
        .with("bmi", weighed.bmi_and_height.map(|(bmi, _)| tenths(bmi)))
        .with("height", weighed.bmi_and_height.map(|(_, height)| units.length(height))))
}

/// What the scale can do, and in which steps it measures.
pub(super) fn feature_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let bits = bytes.try_into().map(u32::from_le_bytes).map_err(|_| Wrong::Length)?;
    let bit = |place: u32| bits >> place & 1;
    let (mass, height) = (bits >> 3 & 0x0F, bits >> 7 & 0x07);
    Ok(Fields::default()
        .with("timestamp", bit(0))
        .with("multi_user", bit(1))
        .with("bmi", bit(2))
        .with("weight_res", mass)
        .with("height_res", height)
        .with("weight_res_kg", mass_step(mass).map(|(kilograms, _)| kilograms))
        .with("weight_res_lb", mass_step(mass).map(|(_, pounds)| pounds))
        .with("height_res_m", height_step(height).map(|(metres, _)| metres))
        .with("height_res_in", height_step(height).map(|(_, inches)| inches)))
}

/// Kilograms and pounds; 0 is not specified, from 8 on reserved.
pub(super) fn mass_step(code: u32) -> Option<(Decimal, Decimal)> {
    let (kilograms, pounds) = match code {
        1 => ((5, -1), (1, 0)),
        2 => ((2, -1), (5, -1)),
        3 => ((1, -1), (2, -1)),
        4 => ((5, -2), (1, -1)),
        5 => ((2, -2), (5, -2)),
        6 => ((1, -2), (2, -2)),
        7 => ((5, -3), (1, -2)),
        _ => return None,
    };
    Some((Decimal::new(kilograms.0, kilograms.1), Decimal::new(pounds.0, pounds.1)))
}

/// Metres and inches; 0 is not specified, from 4 on reserved.
pub(super) fn height_step(code: u32) -> Option<(Decimal, Decimal)> {
    let (metres, inches) = match code {
        1 => ((1, -2), (1, 0)),
        2 => ((5, -3), (5, -1)),
        3 => ((1, -3), (1, -1)),
        _ => return None,
    };
    Some((Decimal::new(metres.0, metres.1), Decimal::new(inches.0, inches.1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, expected: Option<(&str, Option<&str>, Option<&str>)>) {
        let weight = decode(&hex(bytes), Steps::Standard).unwrap().weight();
        let text = |number: Option<Decimal>| number.map(|number| number.to_string());
        let said = weight.map(|it| (it.kilograms.to_string(), text(it.height_m), text(it.bmi)));
        let expected = expected.map(|(kilograms, height, bmi)| {
            (kilograms.to_owned(), height.map(str::to_owned), bmi.map(str::to_owned))
        });
        assert_eq!(said, expected, "{bytes}");
    }

    #[test]
    fn a_weight_keeps_the_height_and_the_index_that_the_scale_knows() {
        check("0e783eea07050c12353601ee002607", Some(("79.96", Some("1.830"), Some("23.8"))));
        check("0f543de7070c190e1e2d03f500a802", Some(("71.21", Some("1.727"), Some("24.5"))));
        check("08b03600000000", Some(("70.00", None, None)));
        check("00b036", Some(("70.00", None, None)));
    }

    #[test]
    fn a_weighing_that_did_not_succeed_has_no_number() {
        check("00ffff", None);
        check("01ffff", None);
        check("02ffffea07050c123536", None);
    }

    #[test]
    fn a_weighing_cut_short_or_too_long_is_refused() {
        let whole = hex("0e783eea07050c12353601ee002607");
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length], Steps::Standard), Err(Wrong::Length), "{length}");
        }
        assert_eq!(decode(&[&whole[..], &[0]].concat(), Steps::Standard), Err(Wrong::Length));
    }

    #[test]
    fn a_date_is_printed_as_the_scale_shows_it() {
        let time = |bytes: &str| fields(&hex(bytes)).unwrap().get("timestamp").cloned();
        // Hours, minutes and seconds only, as in the tests of StanfordSpezi/SpeziBluetooth.
        assert_eq!(time("02 7b00 00000000 0d0c0c"), Some("0000-00-00T13:12:12".into()));
        assert_eq!(time("02 7b00 ea07021e 0d0c0c"), Some(Field::Absent));
        assert_eq!(time("00 7b00"), Some(Field::Absent));
    }

    #[test]
    fn a_scale_tells_the_steps_that_it_measures_in() {
        let fields = feature_fields(&hex("ba010000")).unwrap();
        assert_eq!(fields.get("weight_res"), Some(&Field::Whole(7)));
        assert_eq!(fields.get("height_res"), Some(&Field::Whole(3)));
        assert_eq!(fields.get("weight_res_kg"), Some(&Field::Number(Decimal::new(5, -3))));
        assert_eq!(fields.get("height_res_in"), Some(&Field::Number(Decimal::new(1, -1))));
        let unspecified = feature_fields(&hex("00000000")).unwrap();
        assert_eq!(unspecified.get("weight_res_kg"), Some(&Field::Absent));
        assert_eq!(feature_fields(&hex("000000")), Err(Wrong::Length));
    }
}
