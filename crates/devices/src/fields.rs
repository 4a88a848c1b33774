//! What a frame says, field by field, for a person who looks at bytes.
//!
//! Drivers use the codecs themselves; this is the one form in which all codecs can be printed and
//! compared with published examples.

use clinical::{Decimal, Timestamp};

use crate::{Number, Special};

/// One field's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// The frame has no such field, or says that there is no value.
    Absent,
    Flag(bool),
    Whole(i64),
    Number(Decimal),
    Text(String),
    List(Vec<Field>),
    Fields(Fields),
}

/// Names and values, in the order of the frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Vec<(&'static str, Field)>);

impl Fields {
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Field>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    pub fn get(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

impl From<bool> for Field {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

macro_rules! whole {
    ($($number:ty),+) => {$(
        impl From<$number> for Field {
            fn from(number: $number) -> Self {
                Self::Whole(number.into())
            }
        }
    )+};
}
whole!(u8, u16, u32, i8, i16, i32, i64);

impl From<Decimal> for Field {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Number> for Field {
    fn from(number: Number) -> Self {
        match number {
            Number::Value(value) => Self::Number(value),
            Number::Special(special) => Self::Text(word(special).to_owned()),
        }
    }
}

/// As IEEE 11073-20601 writes them.
fn word(special: Special) -> &'static str {
    match special {
        Special::NotANumber => "NaN",
        Special::NotAtThisResolution => "NRes",
        Special::PlusInfinity => "+INF",
        Special::MinusInfinity => "-INF",
        Special::Reserved => "RFU",
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A device's time has no zone, so none is written: `2026-11-22T07:42:00`.
impl From<Timestamp> for Field {
    fn from(time: Timestamp) -> Self {
        let text = time.to_string();
        Self::Text(text.split('.').next().unwrap_or(&text).to_owned())
    }
}

impl From<Fields> for Field {
    fn from(fields: Fields) -> Self {
        Self::Fields(fields)
    }
}

impl<T: Into<Field>> From<Vec<T>> for Field {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Field>> From<Option<T>> for Field {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

/// Bytes in hexadecimal, as published examples write them.
pub(crate) fn hex(bytes: &[u8]) -> Field {
    Field::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
