//! What a server says about a refusal: an OperationOutcome (section 2.36) in a few words.

use serde::Deserialize;

/// So long that every real reason fits, so short that no resource does that a server echoes.
const LONGEST_REASON: usize = 300;

/// The texts of all issues with where they point, or nothing where the body is no OperationOutcome.
///
/// A server may quote the resource in here: for people who may see the record, never for a log.
pub fn outcome_words(body: &[u8]) -> Option<String> {
    let outcome: OperationOutcome = serde_json::from_slice(body).ok()?;
    let words: Vec<_> = outcome.issue.iter().map(Issue::words).collect();
    let words = words.join("; ");
    (!words.is_empty()).then(|| words.chars().take(LONGEST_REASON).collect())
}

/// Whether a refusal says that the very thing is stored already: then it has arrived.
///
/// Epic's codes, second-hand (FHIRBridge, sandbox of September 2026): 59189 "Reading already exists" of a
/// vital sign, 59141 of another resource.
pub fn says_it_is_there(body: &[u8]) -> bool {
    let Ok(outcome) = serde_json::from_slice::<OperationOutcome>(body) else { return false };
    let duplicate = |coding: &Coding| matches!(coding.code.as_str(), "59141" | "59189");
    let details = |issue: &Issue| {
        issue.details.as_ref().is_some_and(|details| details.coding.iter().any(duplicate))
    };
    // With another issue beside it, something else is wrong too.
    !outcome.issue.is_empty() && outcome.issue.iter().all(details)
}

#[derive(Deserialize)]
struct OperationOutcome {
    issue: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    code: String,
    diagnostics: Option<String>,
    details: Option<Details>,
    #[serde(default)]
    expression: Vec<String>,
}

#[derive(Deserialize)]
struct Details {
    text: Option<String>,
    #[serde(default)]
    coding: Vec<Coding>,
}

#[derive(Deserialize)]
struct Coding {
    #[serde(default)]
    code: String,
}

impl Issue {
    fn words(&self) -> String {
        let text = self.details.as_ref().and_then(|details| details.text.as_deref());
        let text = text.or(self.diagnostics.as_deref()).unwrap_or(&self.code);
        match self.expression.as_slice() {
            [] => text.to_owned(),
            places => format!("{text} ({})", places.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Option<&str>) {
        assert_eq!(outcome_words(body.as_bytes()).as_deref(), expected);
    }

    #[test]
    fn a_missing_status_is_named() {
        check(
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"structure",
            "details":{"text":"Missing required property"},"expression":["Observation.status"]}]}"#,
            Some("Missing required property (Observation.status)"),
        );
    }

    #[test]
    fn a_bare_code_is_better_than_nothing() {
        check(r#"{"issue":[{"severity":"error","code":"forbidden"}]}"#, Some("forbidden"));
    }

    #[test]
    fn a_page_of_a_proxy_says_nothing() {
        check("<html>502</html>", None);
        check(r#"{"issue":[]}"#, None);
    }

    #[test]
    fn a_duplicate_is_an_arrival_and_nothing_else_is() {
        let check = |body: &str, expected| {
            assert_eq!(says_it_is_there(body.as_bytes()), expected, "{body}");
        };
        let issue =
            |code| format!(r#"{{"code":"invalid","details":{{"coding":[{{"code":"{code}"}}]}}}}"#);
        check(&format!(r#"{{"issue":[{}]}}"#, issue("59189")), true);
        check(&format!(r#"{{"issue":[{}]}}"#, issue("59141")), true);
        check(&format!(r#"{{"issue":[{}]}}"#, issue("59100")), false);
        check(&format!(r#"{{"issue":[{},{}]}}"#, issue("59189"), issue("59100")), false);
        check(r#"{"issue":[{"code":"duplicate"}]}"#, false);
        check(r#"{"issue":[]}"#, false);
        check("59189", false);
    }
}
