//! The operation Patient/$match (FHIR R4 section 8.1.10, Patient-operation-match): the question, and the one answer
//! that is certain enough to file under.

use clinical::Patient;
use serde::Deserialize;
use serde_json::json;

use crate::schedule::{ReadError, read};

const MATCH_GRADE: &str = "http://hl7.org/fhir/StructureDefinition/match-grade";

/// The Parameters resource: number, birth date and family name, certain matches only.
pub fn match_question(patient: &Patient) -> String {
    json!({
        "resourceType": "Parameters",
        "parameter": [
            { "name": "resource", "resource": {
                "resourceType": "Patient",
                "identifier": [{ "system": patient.system, "value": patient.number }],
                "name": [{ "family": patient.family }],
                "birthDate": patient.birth_date,
            } },
            { "name": "onlyCertainMatches", "valueBoolean": true },
        ],
    })
    .to_string()
}

/// The reference to the one patient of the answer, when the birth date is the same and either the number is, or the
/// server grades the match as certain. `None`: nobody, several, or not certain.
pub fn certain_match(bundle: &[u8], patient: &Patient) -> Result<Option<String>, ReadError> {
    let answer: Answer = read(bundle, "Bundle of a match")?;
    // What the server has to say about its answer is no patient.
    let mut found = answer.entry.into_iter().filter(|entry| entry.resource.kind == "Patient");
    let (Some(one), None) = (found.next(), found.next()) else { return Ok(None) };
    let is_same_birth = one.resource.birth_date.as_deref() == Some(&patient.birth_date);
    let is_certain = one.is_certain() || one.resource.carries(patient);
    let id = one.resource.id.filter(|id| is_same_birth && is_certain && !id.is_empty());
    Ok(id.map(|id| format!("Patient/{id}")))
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Found,
    search: Option<Search>,
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    extension: Vec<Extension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    url: String,
    value_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    #[serde(rename = "resourceType")]
    kind: String,
    id: Option<String>,
    birth_date: Option<String>,
    #[serde(default)]
    identifier: Vec<Identifier>,
}

#[derive(Deserialize)]
struct Identifier {
    system: Option<String>,
    value: Option<String>,
}

impl Entry {
    fn is_certain(&self) -> bool {
        let grades = self.search.iter().flat_map(|search| &search.extension);
        let mut grades = grades.filter(|extension| extension.url == MATCH_GRADE);
        grades.any(|grade| grade.value_code.as_deref() == Some("certain"))
    }
}

impl Found {
    fn carries(&self, patient: &Patient) -> bool {
        self.identifier.iter().any(|one| {
            one.system.as_deref() == Some(&patient.system)
                && one.value.as_deref() == Some(&patient.number)
        })
    }
}

#[cfg(test)]
mod tests {
    use clinical::Sex;
    use serde_json::Value;

    use super::*;

    fn patient() -> Patient {
        Patient {
            system: "urn:hospital".into(),
            number: "100234".into(),
            family: "Okafor".into(),
            given: "Grace".into(),
            birth_date: "1958-03-14".into(),
            sex: Sex::Female,
        }
    }

    fn found(number: &str, born: &str, grade: &str) -> Value {
        json!({
            "resource": { "resourceType": "Patient", "id": "p1", "birthDate": born,
                "identifier": [{ "system": "urn:hospital", "value": number }] },
            "search": { "score": 0.99, "extension": [{ "url": MATCH_GRADE, "valueCode": grade }] },
        })
    }

    #[test]
    fn the_question_has_number_birth_date_and_family_name_and_wants_certain_matches() {
        let question: Value = serde_json::from_str(&match_question(&patient())).unwrap();
        let asked = &question["parameter"][0]["resource"];
        assert_eq!(asked["identifier"][0]["value"], "100234");
        assert_eq!(
            (&asked["birthDate"], &asked["name"][0]["family"]),
            (&json!("1958-03-14"), &json!("Okafor"))
        );
        assert_eq!(
            question["parameter"][1],
            json!({ "name": "onlyCertainMatches", "valueBoolean": true })
        );
    }

    #[test]
    fn one_certain_match_of_the_same_birth_date_is_the_patient_and_nothing_else_is() {
        let same = found("100234", "1958-03-14", "probable");
        let certain = found("other", "1958-03-14", "certain");
        let remark = json!({ "resource": { "resourceType": "OperationOutcome" } });
        for (entries, is_the_patient) in [
            (vec![same.clone()], true),
            (vec![certain.clone()], true),
            (vec![remark, certain.clone()], true),
            (vec![found("other", "1958-03-14", "probable")], false),
            (vec![found("100234", "1958-03-15", "certain")], false),
            (vec![same, certain], false),
            (vec![], false),
        ] {
            let bundle = json!({ "resourceType": "Bundle", "entry": entries }).to_string();
            let found = certain_match(bundle.as_bytes(), &patient()).unwrap();
            assert_eq!(found.as_deref(), is_the_patient.then_some("Patient/p1"), "{bundle}");
        }
    }
}
