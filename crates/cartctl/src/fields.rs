//! The fields of a frame as JSON, with every decimal as exact as the device sent it.

use clinical::Decimal;
use devices::{Field, Fields};
use serde::{
    Serialize, Serializer,
    ser::{Error as _, SerializeMap as _},
};
use serde_json::value::RawValue;

/// Serialises as an object, in the order of the frame.
pub struct Printed<'a>(pub &'a Fields);

impl Serialize for Printed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fields(fields) = self.0;
        let mut object = serializer.serialize_map(Some(fields.len()))?;
        for (name, field) in fields {
            object.serialize_entry(name, &PrintedField(field))?;
        }
        object.end()
    }
}

struct PrintedField<'a>(&'a Field);

impl Serialize for PrintedField<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Field::Absent => serializer.serialize_unit(),
            Field::Flag(flag) => serializer.serialize_bool(*flag),
            Field::Whole(number) => serializer.serialize_i64(*number),
            Field::Number(number) => RawValue::from_string(digits(*number))
                .map_err(S::Error::custom)?
                .serialize(serializer),
            Field::Text(text) => serializer.serialize_str(text),
            Field::List(list) => serializer.collect_seq(list.iter().map(PrintedField)),
            Field::Fields(fields) => Printed(fields).serialize(serializer),
        }
    }
}

/// A decimal is written like a JSON number already; a binary fraction would change it. Far beyond any
/// measured value it is written with its exponent: 130 digits are no help to a person, and programs
/// that read whole numbers into binary ones would not take them for what they are.
fn digits(number: Decimal) -> String {
    match number.exponent() {
        -18..=8 => number.to_string(),
        _ if number.mantissa() == 0 => "0".to_owned(),
        exponent => format!("{}e{exponent}", number.mantissa()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: Field, expected: &str) {
        assert_eq!(serde_json::to_string(&PrintedField(&field)).unwrap(), expected);
    }

    #[test]
    fn a_decimal_is_a_number_with_the_places_of_the_device() {
        check(Field::Number(Decimal::new(3660, -2)), "36.60");
        check(Field::Number(Decimal::new(-5, -1)), "-0.5");
        check(Field::Number(Decimal::new(9_007_199_254_740_993, 0)), "9007199254740993");
        check(Field::Number(Decimal::new(8_388_605, -10)), "0.0008388605");
        check(Field::Number(Decimal::new(2, 3)), "2000");
        check(Field::Number(Decimal::new(-8_388_607, 8)), "-838860700000000");
        check(Field::Number(Decimal::new(3_700_000, 123)), "3700000e123");
        check(Field::Number(Decimal::new(-1, -128)), "-1e-128");
        check(Field::Number(Decimal::new(0, -128)), "0");
    }

    #[test]
    fn what_is_absent_is_null_and_the_rest_is_what_it_is() {
        check(Field::Absent, "null");
        check(Field::Flag(true), "true");
        check(Field::Whole(-7), "-7");
        check(Field::Text("say \"NaN\"".to_owned()), r#""say \"NaN\"""#);
        check(Field::List(vec![Field::Whole(1), Field::Absent]), "[1,null]");
        let inner = Fields(vec![("b", Field::Whole(2)), ("a", Field::Absent)]);
        check(Field::Fields(inner), r#"{"b":2,"a":null}"#);
    }
}
