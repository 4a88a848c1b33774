//! Unique identifiers: how a study, a series and an instance are recognised when they arrive twice.

use uuid::Uuid;

/// `2.25.` and the UUID as one decimal number (PS3.5 section B.2): 44 of the 64 characters that a UID may have.
pub fn uid(id: Uuid) -> String {
    format!("2.25.{}", id.as_u128())
}

/// Of one modality and one device within a study, as UUID version 5 of the study's: no table is needed to repeat it.
///
/// A series has one modality and one equipment (PS3.3 section A.1.2.3), so two devices make two.
pub fn series_uid(study: Uuid, modality: &str, equipment: &str) -> String {
    uid(Uuid::new_v5(&study, format!("dicom-series/{modality}/{equipment}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// PS3.5 section 9.1.
    fn is_valid(uid: &str) -> bool {
        let component = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits && (part == "0" || !part.starts_with('0'))
        };
        uid.len() <= 64 && uid.split('.').all(component)
    }

    #[test]
    fn an_id_is_its_decimal_number() {
        // The example of PS3.5 section B.2.
        let id = Uuid::parse_str("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").unwrap();
        assert_eq!(uid(id), "2.25.329800735698586629295641978511506172918");
        assert_eq!(uid(Uuid::nil()), "2.25.0");
        assert_eq!(uid(Uuid::max()).len(), 44);
    }

    proptest! {
        #[test]
        fn every_id_is_a_valid_uid_and_its_series_differ(id: u128, equipment: String) {
            let id = Uuid::from_u128(id);
            let all = [uid(id), series_uid(id, "XC", &equipment), series_uid(id, "ECG", &equipment)];
            for uid in &all {
                prop_assert!(is_valid(uid), "{}", uid);
            }
            prop_assert!(all[0] != all[1] && all[1] != all[2]);
            prop_assert_eq!(&all[1], &series_uid(id, "XC", &equipment));
        }
    }
}
