//! Whatever a server sends: read, counted or refused, and never a panic.

use proptest::prelude::*;

use super::*;

/// What may stand in a resource, in any place.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "Patient/1|active|final|urn:x|.{0,8}".prop_map(Value::from),
    ];
    let names = "resourceType|code|coding|text|value|valueQuantity|component|subject|reference|reaction|content|attachment|onsetAge|status|medicationReference|contained|[a-z]{1,3}";
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn read_as_everything(bytes: &[u8]) -> [Option<(usize, u32, u32)>; 5] {
    fn counts<T>(listing: Result<Listing<T>, Refused>) -> Option<(usize, u32, u32)> {
        let listing = listing.ok()?;
        Some((listing.entries.len(), listing.unreadable, listing.of_others))
    }
    [
        counts(allergies(bytes, OF)),
        counts(problems(bytes, OF)),
        counts(medications(bytes, OF, "MedicationRequest")),
        counts(vitals(bytes, OF)),
        counts(documents(bytes, OF)),
    ]
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_as_everything(&bytes);
    }

    #[test]
    fn any_content_of_a_resource_is_shown_counted_or_left_out_once(
        content in prop::collection::btree_map("code|component|valueQuantity|reaction|status|content|onsetAge|[a-z]{2}", anything(), 0..6)
    ) {
        let kinds = ["AllergyIntolerance", "Condition", "MedicationRequest", "Observation", "DocumentReference"];
        for (place, kind) in kinds.into_iter().enumerate() {
            let resource = Value::Object(content.clone().into_iter().collect());
            let read = read_as_everything(&bundle(&[of_patient(kind, resource)]))[place];
            let (shown, unreadable, of_others) = read.unwrap();
            prop_assert!(shown as u32 + unreadable + of_others <= 1);
        }
    }
}
