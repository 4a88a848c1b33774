//! Body Composition Measurement (0x2A9C) and Feature (0x2A9B; Bluetooth Body Composition Service 1.0,
//! 3.1 and 3.2).

use clinical::{BodyComposition, Weight};

use super::{
    units::{UNSUCCESSFUL, Units, tenths},
    weight::{height_step, mass_step},
};
use crate::{
    Fields, Wrong,
    date_time::DateTime,
    gatt::{Reader, Shown},
};

mod flag {
    pub(super) const TIME: u16 = 1 << 1;
    pub(super) const USER: u16 = 1 << 2;
    pub(super) const BASAL_METABOLISM: u16 = 1 << 3;
    pub(super) const MUSCLE_PERCENT: u16 = 1 << 4;
    pub(super) const MUSCLE_MASS: u16 = 1 << 5;
    pub(super) const FAT_FREE_MASS: u16 = 1 << 6;
    pub(super) const SOFT_LEAN_MASS: u16 = 1 << 7;
    pub(super) const WATER_MASS: u16 = 1 << 8;
    pub(super) const IMPEDANCE: u16 = 1 << 9;
    pub(super) const WEIGHT: u16 = 1 << 10;
    pub(super) const HEIGHT: u16 = 1 << 11;
    pub(super) const MORE_PACKETS: u16 = 1 << 12;
}

/// Raw numbers, in the units of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Composition {
    units: Units,
    /// `None`: the scale did not succeed.
    fat: Option<u16>,
    dated: bool,
    /// What the scale's clock showed, of which a part may be unknown.
    time: Option<DateTime>,
    user: Option<u8>,
    /// Kilojoules.
    basal_metabolism: Option<u16>,
    muscle_percent: Option<u16>,
    muscle_mass: Option<u16>,
    fat_free_mass: Option<u16>,
    soft_lean_mass: Option<u16>,
    water_mass: Option<u16>,
    impedance: Option<u16>,
    weight: Option<u16>,
    height: Option<u16>,
    /// It did not fit into one indication: this is one of two parts.
    pub(super) is_part: bool,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Composition, Wrong> {
    let mut bytes = Reader::new(bytes);
    let flags = bytes.u16()?;
    let has = |flag| flags & flag != 0;
    let composition = Composition {
        units: Units::of(flags),
        fat: Some(bytes.u16()?).filter(|&fat| fat != UNSUCCESSFUL),
        dated: has(flag::TIME),
        time: bytes.when(has(flag::TIME), Reader::date_time)?.flatten(),
        user: bytes.when(has(flag::USER), Reader::u8)?,
        basal_metabolism: bytes.when(has(flag::BASAL_METABOLISM), Reader::u16)?,
        muscle_percent: bytes.when(has(flag::MUSCLE_PERCENT), Reader::u16)?,
        muscle_mass: bytes.when(has(flag::MUSCLE_MASS), Reader::u16)?,
        fat_free_mass: bytes.when(has(flag::FAT_FREE_MASS), Reader::u16)?,
        soft_lean_mass: bytes.when(has(flag::SOFT_LEAN_MASS), Reader::u16)?,
        water_mass: bytes.when(has(flag::WATER_MASS), Reader::u16)?,
        impedance: bytes.when(has(flag::IMPEDANCE), Reader::u16)?,
        weight: bytes.when(has(flag::WEIGHT), Reader::u16)?,
        height: bytes.when(has(flag::HEIGHT), Reader::u16)?,
        is_part: has(flag::MORE_PACKETS),
    };
    bytes.end()?;
    Ok(composition)
}

impl Composition {
    pub(super) fn shown(&self) -> Shown {
        Shown::in_field(self.dated, self.time)
    }

    /// Both parts as one.
    pub(super) fn joined(self, second: Self) -> Self {
        Self {
            units: self.units,
            fat: self.fat,
            dated: self.dated,
            time: self.time,
            user: self.user,
            basal_metabolism: self.basal_metabolism.or(second.basal_metabolism),
            muscle_percent: self.muscle_percent.or(second.muscle_percent),
            muscle_mass: self.muscle_mass.or(second.muscle_mass),
            fat_free_mass: self.fat_free_mass.or(second.fat_free_mass),
            soft_lean_mass: self.soft_lean_mass.or(second.soft_lean_mass),
            water_mass: self.water_mass.or(second.water_mass),
            impedance: self.impedance.or(second.impedance),
            weight: self.weight.or(second.weight),
            height: self.height.or(second.height),
            is_part: false,
        }
    }

    /// Whether `second` can be the other part: it repeats the fat, and has no time and no person
    /// of its own. Anything else is of another measurement.
    pub(super) fn goes_with(&self, second: &Self) -> bool {
        self.units == second.units
            && self.fat == second.fat
            && !second.dated
            && second.user.is_none()
    }

    /// `None`: a bare foot lost its contact. Scales say so by zeros where no body has any.
    pub(super) fn body(&self) -> Option<BodyComposition> {
        let fat = self.fat.filter(|&fat| fat != 0)?;
        if self.impedance == Some(0) || self.impedance == Some(UNSUCCESSFUL) {
            return None;
        }
        let known = |raw: &u16| *raw != 0 && *raw != UNSUCCESSFUL;
        Some(BodyComposition {
            fat_percent: tenths(fat),
            muscle_percent: self.muscle_percent.filter(known).map(tenths),
            water_kg: self.water_mass.filter(known).map(|raw| self.units.kilograms(raw)),
            impedance_ohm: self.impedance.map(tenths),
        })
    }

    /// For a scale that has no other way to tell it.
    pub(super) fn weight(&self) -> Option<Weight> {
        let known = |raw: &u16| *raw != 0 && *raw != UNSUCCESSFUL;
        Some(Weight {
            kilograms: self.units.kilograms(self.weight.filter(known)?),
            height_m: self.height.filter(known).map(|raw| self.units.metres(raw)),
            bmi: None,
        })
    }
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let body = decode(bytes)?;
    let mass = |raw: Option<u16>| raw.map(|raw| body.units.mass(raw));
    Ok(Fields::default()
        .with("unit", body.units.mass_name())
        .with("body_fat_pct", body.fat.map(tenths))
        .with("timestamp", body.time)
        .with("user_id", body.user)
        .with("basal_metabolism_kj", body.basal_metabolism)
        .with("muscle_pct", body.muscle_percent.map(tenths))
        .with("muscle_mass", mass(body.muscle_mass))
        .with("fat_free_mass", mass(body.fat_free_mass))
        .with("soft_lean_mass", mass(body.soft_lean_mass))
        .with("body_water_mass", mass(body.water_mass))
        .with("impedance_ohm", body.impedance.map(tenths))
        .with("weight", mass(body.weight))
        .with("height", body.height.map(|raw| body.units.length(raw)))
        .with("multi_packet", body.is_part))
}

/// What the scale can do, and in which steps it measures.
pub(super) fn feature_fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    const NAMES: [&str; 11] = [
        "timestamp",
        "multi_user",
        "basal_metabolism",
        "muscle_pct",
        "muscle_mass",
        "fat_free_mass",
        "soft_lean_mass",
        "body_water_mass",
        "impedance",
        "weight",
        "height",
    ];
    let bits = bytes.try_into().map(u32::from_le_bytes).map_err(|_| Wrong::Length)?;
    let numbered = NAMES.into_iter().zip(0_u32..);
    let fields = numbered
        .fold(Fields::default(), |fields, (name, place)| fields.with(name, bits >> place & 1));
    let (mass, height) = (bits >> 11 & 0x0F, bits >> 15 & 0x07);
    Ok(fields
        .with("mass_res", mass)
        .with("height_res", height)
        .with("mass_res_kg", mass_step(mass).map(|(kilograms, _)| kilograms))
        .with("mass_res_lb", mass_step(mass).map(|(_, pounds)| pounds))
        .with("height_res_m", height_step(height).map(|(metres, _)| metres))
        .with("height_res_in", height_step(height).map(|(_, inches)| inches)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, expected: Option<&str>) {
        let body = decode(&hex(bytes)).unwrap().body();
        let said = body.map(|body| {
            let BodyComposition { fat_percent, muscle_percent, water_kg, impedance_ohm } = body;
            format!("{fat_percent} {muscle_percent:?} {water_kg:?} {impedance_ohm:?}")
        });
        assert_eq!(said.as_deref(), expected, "{bytes}");
    }

    #[test]
    fn a_body_has_fat_and_what_else_the_scale_found() {
        let whole = "19.4 Some(40.7) Some(43.25) Some(452.0)";
        check("9803c200df1a9701cc2fca21a811", Some(whole));
        check("0000c200", Some("19.4 None None None"));
        check("0101c200 1027", Some("19.4 None Some(45.36) None"));
    }

    #[test]
    fn a_foot_without_contact_gives_no_number() {
        check("9803000096230000000000000000", None);
        check("0002c200 0000", None);
        check("0002c200 ffff", None);
        check("0000 0000", None);
        check("0000 ffff", None);
    }

    #[test]
    fn a_zero_beside_good_numbers_is_not_known() {
        check("1002c200 0000 8813", Some("19.4 None None Some(500.0)"));
    }

    #[test]
    fn a_date_is_printed_as_the_scale_shows_it() {
        let printed = fields(&hex("0604 fa00 00000000000000 01 803e")).unwrap();
        assert_eq!(printed.get("timestamp"), Some(&"0000-00-00T00:00:00".into()));
    }

    #[test]
    fn a_composition_cut_short_is_refused() {
        let whole = hex("9803c200df1a9701cc2fca21a811");
        for length in 0..whole.len() {
            assert_eq!(decode(&whole[..length]), Err(Wrong::Length), "{length}");
        }
        assert_eq!(decode(&hex("9803c200")), Err(Wrong::Length));
    }

    #[test]
    fn a_scale_tells_what_it_can_and_in_which_steps() {
        let steps = feature_fields(&hex("00200100")).unwrap();
        assert_eq!(steps.get("mass_res"), Some(&Field::Whole(4)));
        assert_eq!(steps.get("height_res"), Some(&Field::Whole(2)));
        assert_eq!(steps.get("height"), Some(&Field::Whole(0)));
        let all = feature_fields(&hex("ff0f0000")).unwrap();
        assert_eq!(all.get("height"), Some(&Field::Whole(1)));
        assert_eq!(all.get("mass_res"), Some(&Field::Whole(1)));
    }
}
