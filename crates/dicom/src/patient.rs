//! The Patient module (PS3.3 section C.7.1.1).

use clinical::{Patient, Sex};
use dicom_dictionary_std::tags;

use crate::{
    Unfit,
    dataset::{Dataset, LONG, clean},
};

impl Dataset {
    /// # Errors
    /// [`Unfit::PatientNumber`]: what identifies is written whole or not at all.
    pub fn patient(self, patient: &Patient, issuer: Option<&str>) -> Result<Self, Unfit> {
        let number = patient.number.trim();
        if clean(number).as_deref() != Some(number) || number.chars().count() > LONG {
            return Err(Unfit::PatientNumber);
        }
        let issuer = issuer.or_else(|| Some(&*patient.system).filter(|name| !is_uri(name)));
        let issuer = issuer.and_then(clean).filter(|name| name.chars().count() <= LONG);
        let set = self
            .text_or_empty(tags::PATIENT_NAME, name(patient).as_deref())
            .text(tags::PATIENT_ID, number)
            .text_if(tags::ISSUER_OF_PATIENT_ID, issuer.as_deref())
            .text_or_empty(tags::PATIENT_BIRTH_DATE, day(&patient.birth_date).as_deref())
            .text_or_empty(tags::PATIENT_SEX, letter(patient.sex));
        Ok(set.qualifiers(&patient.system))
    }

    /// Who gave the number, by a name that is unique in the world (PS3.3 section 10.14, "Universal Entity ID Type").
    fn qualifiers(self, system: &str) -> Self {
        let (id, kind) = if let Some(id) = system.strip_prefix("urn:oid:") {
            (id, "ISO")
        } else if let Some(id) = system.strip_prefix("urn:uuid:") {
            (id, "UUID")
        } else if is_uri(system) {
            (system, "URI")
        } else {
            return self;
        };
        let item = Self::new()
            .text(tags::UNIVERSAL_ENTITY_ID, id)
            .text(tags::UNIVERSAL_ENTITY_ID_TYPE, kind);
        self.items(tags::ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE, vec![item])
    }
}

fn is_uri(system: &str) -> bool {
    system.contains(':') && clean(system).as_deref() == Some(system)
}

/// PN: family and given name; `^` parts them and `=` parts their scripts. A name of more than 64 characters loses its
/// end, as on every wristband: the number identifies.
fn name(patient: &Patient) -> Option<String> {
    let part = |text: &str| clean(&text.replace(['^', '='], " ")).unwrap_or_default();
    let whole = format!("{}^{}", part(&patient.family), part(&patient.given));
    let whole: String = whole.chars().take(LONG).collect();
    let whole = whole.trim_end_matches(['^', ' ']);
    (!whole.is_empty()).then(|| whole.to_owned())
}

/// DA; a birth date that is not known to the day is none.
fn day(birth_date: &str) -> Option<String> {
    let date: jiff::civil::Date = birth_date.parse().ok()?;
    (date.year() >= 0).then(|| date.strftime("%Y%m%d").to_string())
}

fn letter(sex: Sex) -> Option<&'static str> {
    match sex {
        Sex::Female => Some("F"),
        Sex::Male => Some("M"),
        Sex::Other => Some("O"),
        Sex::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::Tag;

    use super::*;

    fn patient(number: &str, family: &str, given: &str, system: &str) -> Patient {
        Patient {
            system: system.into(),
            number: number.into(),
            family: family.into(),
            given: given.into(),
            birth_date: "1958-03".into(),
            sex: Sex::Unknown,
        }
    }

    fn written(patient: &Patient, issuer: Option<&str>, tag: Tag) -> Option<String> {
        let set = Dataset::new().patient(patient, issuer).unwrap().finish();
        let element = set.element_opt(tag).unwrap()?;
        Some(element.to_str().unwrap().into_owned())
    }

    #[test]
    fn a_name_is_its_parts_without_delimiters() {
        let long = "a".repeat(70);
        for (family, given, expected) in [
            ("Okafor", "Grace", "Okafor^Grace"),
            ("Müller", "", "Müller"),
            ("", "Grace", "^Grace"),
            ("O^K", "G=r\\a", "O K^G r a"),
            (&long, "Grace", &long[..64]),
            ("", "", ""),
        ] {
            let of = patient("1", family, given, "");
            assert_eq!(written(&of, None, tags::PATIENT_NAME).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_never_cut() {
        for number in ["", " ", "1\\2", "1\n2", &"1".repeat(65)] {
            let of = patient(number, "A", "B", "");
            assert!(
                matches!(Dataset::new().patient(&of, None), Err(Unfit::PatientNumber)),
                "{number}"
            );
        }
    }

    #[test]
    fn what_is_not_known_is_there_without_a_value() {
        let of = patient("1", "A", "B", "");
        for tag in [tags::PATIENT_BIRTH_DATE, tags::PATIENT_SEX] {
            assert_eq!(written(&of, None, tag).as_deref(), Some(""));
        }
        assert_eq!(written(&of, None, tags::ISSUER_OF_PATIENT_ID), None);
    }

    #[test]
    fn who_gave_the_number_is_told_by_the_sites_name_and_by_its_uri() {
        let uri = patient("1", "A", "B", "urn:oid:1.2.3");
        assert_eq!(written(&uri, None, tags::ISSUER_OF_PATIENT_ID), None);
        assert_eq!(written(&uri, Some("MRN"), tags::ISSUER_OF_PATIENT_ID).as_deref(), Some("MRN"));
        let bare = patient("1", "A", "B", "GENERAL");
        assert_eq!(written(&bare, None, tags::ISSUER_OF_PATIENT_ID).as_deref(), Some("GENERAL"));
        let set = Dataset::new().patient(&uri, None).unwrap().finish();
        let items = set.element(tags::ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE).unwrap();
        let item = &items.items().unwrap()[0];
        assert_eq!(item.element(tags::UNIVERSAL_ENTITY_ID).unwrap().to_str().unwrap(), "1.2.3");
    }
}
