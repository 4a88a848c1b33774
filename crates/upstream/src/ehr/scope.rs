//! What the EHR granted, against what was asked: SMART App Launch 2.2 section "Scopes for requesting FHIR resources".
//!
//! A server may answer in the other spelling (`.read` for `.rs`), letter by letter, or with a wildcard. It may also
//! answer 200 and grant nothing, so nobody believes a token before its scopes are compared.

/// The letters of version 2 in their order: create, read, update, delete, search.
const LETTERS: [char; 5] = ['c', 'r', 'u', 'd', 's'];

/// What of `asked` no scope of `granted` (separated by spaces) covers, as scopes; what lacks a letter is named with the
/// missing letters only.
pub fn missing<'a>(asked: impl IntoIterator<Item = &'a str>, granted: &str) -> Vec<String> {
    let granted: Vec<&str> = granted.split_ascii_whitespace().collect();
    asked.into_iter().filter_map(|asked| missing_of(asked, &granted)).collect()
}

fn missing_of(asked: &str, granted: &[&str]) -> Option<String> {
    if granted.contains(&asked) {
        return None;
    }
    let Some(wanted) = ResourceScope::parse(asked) else { return Some(asked.to_owned()) };
    let covered = granted
        .iter()
        .filter_map(|scope| ResourceScope::parse(scope))
        .filter(|scope| scope.reaches(&wanted))
        .fold(0, |letters, scope| letters | scope.letters);
    let left = wanted.letters & !covered;
    (left != 0).then(|| ResourceScope { letters: left, ..wanted }.to_string())
}

/// `context/Resource.letters?filter`, such as `system/Observation.crus`.
struct ResourceScope<'a> {
    context: &'a str,
    resource: &'a str,
    /// One bit for each of [`LETTERS`].
    letters: u8,
    filter: Option<&'a str>,
}

impl<'a> ResourceScope<'a> {
    /// `None`: not about a resource, such as `openid`.
    fn parse(scope: &'a str) -> Option<Self> {
        let (scope, filter) = match scope.split_once('?') {
            Some((scope, filter)) => (scope, Some(filter)),
            None => (scope, None),
        };
        let (context, rest) = scope.split_once('/')?;
        let (resource, permission) = rest.split_once('.')?;
        if !matches!(context, "system" | "user" | "patient") || resource.is_empty() {
            return None;
        }
        Some(Self { context, resource, letters: letters(permission)?, filter })
    }

    /// Whether its letters count for `wanted`: a scope with a filter only opens a part.
    fn reaches(&self, wanted: &Self) -> bool {
        self.context == wanted.context
            && (self.resource == "*" || self.resource == wanted.resource)
            && (self.filter.is_none() || self.filter == wanted.filter)
    }
}

fn letters(permission: &str) -> Option<u8> {
    let permission = match permission {
        // Version 1, with the meaning that version 2 gives it.
        "read" => "rs",
        "write" => "cud",
        "*" => "cruds",
        letters => letters,
    };
    if permission.is_empty() {
        return None;
    }
    permission.chars().try_fold(0, |bits, letter| {
        let place = LETTERS.iter().position(|known| *known == letter)?;
        Some(bits | 1 << place)
    })
}

impl std::fmt::Display for ResourceScope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}.", self.context, self.resource)?;
        for (place, letter) in LETTERS.iter().enumerate() {
            if self.letters & 1 << place != 0 {
                write!(f, "{letter}")?;
            }
        }
        self.filter.map_or(Ok(()), |filter| write!(f, "?{filter}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_asked_and_not_granted_is_named() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("system/Observation.crus", "system/Observation.crus", &[]),
            ("system/Observation.crus", "system/Observation.cruds openid", &[]),
            ("system/Observation.crus", "system/Observation.rs", &["system/Observation.cu"]),
            (
                "system/Observation.crus",
                "system/Observation.c system/Observation.r system/Observation.us",
                &[],
            ),
            ("system/Patient.rs", "system/Patient.read", &[]),
            ("system/Patient.read", "system/Patient.rs", &[]),
            ("system/Patient.rs", "system/*.rs", &[]),
            ("system/*.rs", "system/Patient.rs", &["system/*.rs"]),
            ("system/Patient.rs", "user/Patient.rs", &["system/Patient.rs"]),
            ("system/Patient.rs", "", &["system/Patient.rs"]),
            ("system/Observation.write", "system/Observation.write", &[]),
            ("system/Observation.write", "system/Observation.cu", &["system/Observation.d"]),
            (
                "system/Observation.rs",
                "system/Observation.rs?category=vital-signs",
                &["system/Observation.rs"],
            ),
            ("system/Observation.rs?category=vital-signs", "system/Observation.rs", &[]),
            ("openid fhirUser", "openid", &["fhirUser"]),
            ("system/Patient.rx", "system/Patient.rs", &["system/Patient.rx"]),
        ];
        for (asked, granted, expected) in cases {
            assert_eq!(missing(asked.split(' '), granted), *expected, "{asked} of {granted}");
        }
    }

    proptest! {
        #[test]
        fn any_scopes_are_compared_and_everything_granted_lacks_nothing(asked in "[ -~]{0,60}") {
            prop_assert!(missing(asked.split_ascii_whitespace(), &asked).is_empty());
            for lacking in missing(asked.split_ascii_whitespace(), "") {
                prop_assert!(!lacking.is_empty());
            }
        }
    }
}
