//! Glucose Measurement Context (0x2A34; Bluetooth Glucose Service 1.0.1, 3.2): what the patient told
//! the meter about a record.

use clinical::Meal;

use crate::{Fields, Number, Wrong, gatt::Reader};

mod flag {
    pub(super) const CARBOHYDRATE: u8 = 0x01;
    pub(super) const MEAL: u8 = 0x02;
    pub(super) const TESTER_AND_HEALTH: u8 = 0x04;
    pub(super) const EXERCISE: u8 = 0x08;
    pub(super) const MEDICATION: u8 = 0x10;
    pub(super) const LITRES: u8 = 0x20;
    pub(super) const HBA1C: u8 = 0x40;
    pub(super) const EXTENDED: u8 = 0x80;
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Context {
    /// That of the record it belongs to.
    pub(super) sequence: u16,
    extended: Option<u8>,
    /// What kind of meal, and kilograms.
    carbohydrate: Option<(u8, Number)>,
    meal: Option<u8>,
    tester_and_health: Option<u8>,
    /// Seconds, and per cent.
    exercise: Option<(u16, u8)>,
    /// Which, and kilograms or litres.
    medication: Option<(u8, Number)>,
    litres: bool,
    /// Per cent.
    hba1c: Option<Number>,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Context, Wrong> {
    let mut bytes = Reader::new(bytes);
    let flags = bytes.u8()?;
    let has = |flag| flags & flag != 0;
    let context = Context {
        sequence: bytes.u16()?,
        extended: bytes.when(has(flag::EXTENDED), Reader::u8)?,
        carbohydrate: bytes.when(has(flag::CARBOHYDRATE), |it| Ok((it.u8()?, it.sfloat()?)))?,
        meal: bytes.when(has(flag::MEAL), Reader::u8)?,
        tester_and_health: bytes.when(has(flag::TESTER_AND_HEALTH), Reader::u8)?,
        exercise: bytes.when(has(flag::EXERCISE), |it| Ok((it.u16()?, it.u8()?)))?,
        medication: bytes.when(has(flag::MEDICATION), |it| Ok((it.u8()?, it.sfloat()?)))?,
        litres: has(flag::LITRES),
        hba1c: bytes.when(has(flag::HBA1C), Reader::sfloat)?,
    };
    bytes.end()?;
    Ok(context)
}

impl Context {
    pub(super) fn meal(&self) -> Option<Meal> {
        Some(match self.meal? {
            1 => Meal::BeforeMeal,
            2 => Meal::AfterMeal,
            3 => Meal::Fasting,
            4 => Meal::Casual,
            5 => Meal::Bedtime,
            _ => return None,
        })
    }
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    let context = decode(bytes)?;
    Ok(Fields::default()
        .with("sequence", context.sequence)
        .with("ext_flags", context.extended)
        .with("carb_id", context.carbohydrate.map(|(id, _)| id))
        .with("carb_kg", context.carbohydrate.map(|(_, kilograms)| kilograms))
        .with("meal", context.meal)
        .with("tester", context.tester_and_health.map(|both| both & 0x0F))
        .with("health", context.tester_and_health.map(|both| both >> 4))
        .with("exercise_s", context.exercise.map(|(seconds, _)| seconds))
        .with("exercise_pct", context.exercise.map(|(_, percent)| percent))
        .with("medication_id", context.medication.map(|(id, _)| id))
        .with("medication", context.medication.map(|(_, amount)| amount))
        .with("unit", context.medication.map(|_| if context.litres { "L" } else { "kg" }))
        .with("hba1c_pct", context.hba1c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::hex;

    #[test]
    fn every_field_stands_where_its_flag_says() {
        let bytes = hex("ff 0000 b3 03 64d0 04 12 3c00 32 04 7bf0 59f1");
        let said = format!("{:?}", fields(&bytes).unwrap());
        for part in [
            "(\"ext_flags\", Whole(179))",
            "(\"carb_id\", Whole(3))",
            "(\"carb_kg\", Number(0.100))",
            "(\"meal\", Whole(4))",
            "(\"tester\", Whole(2))",
            "(\"health\", Whole(1))",
            "(\"exercise_s\", Whole(60))",
            "(\"exercise_pct\", Whole(50))",
            "(\"medication_id\", Whole(4))",
            "(\"medication\", Number(12.3))",
            "(\"unit\", Text(\"L\"))",
            "(\"hba1c_pct\", Number(34.5))",
        ] {
            assert!(said.contains(part), "{part} is not in {said}");
        }
        for length in 0..bytes.len() {
            assert_eq!(decode(&bytes[..length]), Err(Wrong::Length), "{length}");
        }
    }

    #[test]
    fn a_meal_that_the_service_does_not_know_is_none() {
        let meal = |number| decode(&[flag::MEAL, 1, 0, number]).unwrap().meal();
        assert_eq!(meal(1), Some(Meal::BeforeMeal));
        assert_eq!(meal(5), Some(Meal::Bedtime));
        assert_eq!(meal(0), None);
        assert_eq!(meal(6), None);
    }
}
