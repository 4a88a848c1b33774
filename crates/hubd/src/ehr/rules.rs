//! What a site sets about delivery, section `[delivery]` of the EHR's configuration: how long its server
//! may take something late, and where its CapabilityStatement says the wrong thing.

use std::{collections::BTreeMap, time::Duration};

use fhir::{Capabilities, LookBy, Strategy};
use outbox::Repeat;
use serde::Deserialize;

/// Twice the time that a request may take, and again as much.
const SETTLE_SECONDS: u32 = 120;
/// Longer than a day would be a way of never sending.
const LONGEST_SETTLE_SECONDS: u32 = 24 * 60 * 60;

#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryRules {
    /// For so long after a doubtful end nothing is searched for or sent again: longer than the server
    /// takes to show what it was sent.
    settle_seconds: u32,
    /// By resource type, such as "Observation"; overrules the CapabilityStatement.
    strategy: BTreeMap<String, Named>,
}

impl Default for DeliveryRules {
    fn default() -> Self {
        Self { settle_seconds: SETTLE_SECONDS, strategy: BTreeMap::new() }
    }
}

/// A strategy by its name in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Named {
    Transaction,
    ConditionalCreate,
    Put,
    CreateAndLook,
    CreateAndLookByDate,
    CreateOnce,
    NotTaken,
}

impl DeliveryRules {
    /// `None`: the server takes no resource of this kind from us.
    pub fn strategy(&self, offered: &Capabilities, kind: &str) -> Option<Strategy> {
        match self.strategy.get(kind) {
            Some(named) => named.strategy(),
            None => offered.strategy(kind),
        }
    }

    /// `is_changed_later`: a write of it that comes in late would undo the change.
    pub fn repeat(&self, strategy: Strategy, is_changed_later: bool) -> Repeat {
        let settle_ms = self.settle().as_millis().try_into().unwrap_or(u32::MAX);
        match strategy {
            Strategy::Put if !is_changed_later => Repeat::Harmless,
            // The server looks itself; but two at once, one of them late, make two on some servers.
            Strategy::Put
            | Strategy::Transaction
            | Strategy::ConditionalCreate
            | Strategy::CreateAndLook(_) => Repeat::AfterLook { settle_ms },
            Strategy::CreateOnce(_) => Repeat::Never { settle_ms },
        }
    }

    fn settle(&self) -> Duration {
        Duration::from_secs(self.settle_seconds.min(LONGEST_SETTLE_SECONDS).into())
    }
}

impl Named {
    fn strategy(self) -> Option<Strategy> {
        match self {
            Self::Transaction => Some(Strategy::Transaction),
            Self::ConditionalCreate => Some(Strategy::ConditionalCreate),
            Self::Put => Some(Strategy::Put),
            Self::CreateAndLook => Some(Strategy::CreateAndLook(LookBy::Identifier)),
            Self::CreateAndLookByDate => Some(Strategy::CreateAndLook(LookBy::PatientAndDate)),
            Self::CreateOnce => Some(Strategy::CreateOnce(Some(LookBy::Identifier))),
            Self::NotTaken => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_overrules_what_its_server_says() {
        let rules: DeliveryRules = toml::from_str(
            "settle_seconds = 5\n[strategy]\nObservation = \"create-and-look-by-date\"\nEncounter = \"not-taken\"",
        )
        .unwrap();
        let offered = Capabilities::default();
        let by_date = Strategy::CreateAndLook(LookBy::PatientAndDate);
        assert_eq!(rules.strategy(&offered, "Observation"), Some(by_date));
        assert_eq!(rules.strategy(&offered, "Encounter"), None);
        assert_eq!(rules.repeat(by_date, false), Repeat::AfterLook { settle_ms: 5_000 });
        assert_eq!(rules.repeat(Strategy::Put, false), Repeat::Harmless);
    }

    #[test]
    fn an_update_settles_only_where_a_late_one_would_undo_a_change() {
        let rules = DeliveryRules::default();
        assert_eq!(rules.repeat(Strategy::Put, false), Repeat::Harmless);
        assert_eq!(rules.repeat(Strategy::Put, true), Repeat::AfterLook { settle_ms: 120_000 });
    }

    #[test]
    fn what_is_misspelt_is_refused() {
        for text in ["settle = 5", "[strategy]\nObservation = \"often\"", "settle_seconds = -1"] {
            assert!(toml::from_str::<DeliveryRules>(text).is_err(), "{text}");
        }
    }
}
