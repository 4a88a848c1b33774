//! Who is examined. `Debug` says nothing, so that no log ever holds a name.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Timestamp;

/// As the EHR knows the patient. Two of number, name and birth date identify.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Patient {
    /// FHIR identifier system of `number`, such as the hospital's medical record numbers.
    pub system: String,
    /// Medical record number.
    pub number: String,
    pub family: String,
    pub given: String,
    /// ISO 8601, to the day.
    pub birth_date: String,
    pub sex: Sex,
}

/// FHIR administrative-gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Female,
    Male,
    Other,
    Unknown,
}

impl Patient {
    /// "Family, Given", as wristbands print it.
    pub fn name(&self) -> String {
        format!("{}, {}", self.family, self.given)
    }

    /// Completed years in UTC. `None`: the birth date cannot be read, or lies in the future.
    pub fn age_years(&self, now: Timestamp) -> Option<u16> {
        let born: jiff::civil::Date = self.birth_date.parse().ok()?;
        let today = jiff::Timestamp::from_millisecond(now.millis()).ok()?;
        let today = today.to_zoned(jiff::tz::TimeZone::UTC).date();
        let birthday_is_over = (today.month(), today.day()) >= (born.month(), born.day());
        let years = today.year() - born.year() - i16::from(!birthday_is_over);
        u16::try_from(years).ok()
    }
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Patient(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_cannot_be_logged() {
        let patient = Patient {
            system: "urn:hospital".into(),
            number: "100234".into(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        };
        let logged = format!("{patient:?}");
        assert!(!logged.contains("Okafor") && !logged.contains("100234"), "{logged}");
    }
}
