//! Reads a server's CapabilityStatement (FHIR R4 section 5.1), and chooses from it how a resource is stored
//! there once.
//!
//! No two EHRs offer the same, and the large ones offer neither transactions nor conditional creates.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::schedule::{ReadError, read};

/// What a server says it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    transaction: bool,
    kinds: BTreeMap<String, Kind>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Kind {
    interactions: BTreeSet<String>,
    conditional_create: bool,
    conditional_update: bool,
    update_create: bool,
    search: BTreeSet<String>,
}

/// How a new resource is stored, so that it is there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// All resources of one thing in a transaction of conditional creates (3.1.0.11.2).
    Transaction,
    /// Each by a conditional create (3.1.0.8.1).
    ConditionalCreate,
    /// Each by an update under our own id, which creates it (3.1.0.7.1).
    Put,
    /// Each by a create. What may be there is searched for before it is created again.
    CreateAndLook(LookBy),
    /// Each by a create that is never repeated: not finding it proves nothing, or nothing can be
    /// searched for. A second note in a chart is worse than a question to a person.
    CreateOnce(Option<LookBy>),
}

/// By what a resource is found that the server stored under an id of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookBy {
    Identifier,
    /// Patient and time, and what is found is compared here.
    PatientAndDate,
}

/// How the end of an encounter is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By a conditional update (3.1.0.7.2).
    ConditionalUpdate,
    /// By an update under our own id.
    Put,
    /// The server takes no word of it: whoever keeps the encounters there ends them.
    NotTaken,
}

impl Capabilities {
    /// # Errors
    /// It is no CapabilityStatement.
    pub fn read(json: &[u8]) -> Result<Self, ReadError> {
        let raw: RawStatement = read(json, "CapabilityStatement")?;
        // A statement may describe a client too (mode "client").
        let server = raw.rest.into_iter().find(|rest| rest.mode == "server").unwrap_or_default();
        let transaction = server.interaction.iter().any(|each| each.code == "transaction");
        let kinds = server.resource.into_iter().map(|raw| (raw.r#type.clone(), raw.kind()));
        Ok(Self { transaction, kinds: kinds.collect() })
    }

    /// `None`: the server takes no new resource of this kind.
    pub fn strategy(&self, name: &str) -> Option<Strategy> {
        let kind = self.kinds.get(name)?;
        if kind.does("create") && kind.conditional_create {
            let together =
                if self.transaction { Strategy::Transaction } else { Strategy::ConditionalCreate };
            return Some(together);
        }
        if kind.does("update") && kind.update_create {
            return Some(Strategy::Put);
        }
        if !kind.does("create") {
            return None;
        }
        match kind.look_by() {
            // Documents are filed under indexes of their own, and what a server makes of our identifier
            // differs from site to site.
            Some(by) if name != "DocumentReference" => Some(Strategy::CreateAndLook(by)),
            by => Some(Strategy::CreateOnce(by)),
        }
    }

    pub fn ending(&self) -> Ending {
        match self.kinds.get("Encounter") {
            Some(kind) if kind.does("update") && kind.conditional_update => {
                Ending::ConditionalUpdate
            }
            Some(kind) if kind.does("update") && kind.update_create => Ending::Put,
            Some(_) | None => Ending::NotTaken,
        }
    }
}

impl Kind {
    fn does(&self, interaction: &str) -> bool {
        self.interactions.contains(interaction)
    }

    fn look_by(&self) -> Option<LookBy> {
        let by = |name: &str| self.does("search-type") && self.search.contains(name);
        if by("identifier") {
            return Some(LookBy::Identifier);
        }
        (by("patient") && by("date")).then_some(LookBy::PatientAndDate)
    }
}

#[derive(Deserialize)]
struct RawStatement {
    #[serde(default)]
    rest: Vec<RawRest>,
}

#[derive(Default, Deserialize)]
struct RawRest {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    interaction: Vec<RawInteraction>,
    #[serde(default)]
    resource: Vec<RawResource>,
}

#[derive(Deserialize)]
struct RawInteraction {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawResource {
    r#type: String,
    #[serde(default)]
    interaction: Vec<RawInteraction>,
    #[serde(default)]
    conditional_create: bool,
    #[serde(default)]
    conditional_update: bool,
    #[serde(default)]
    update_create: bool,
    #[serde(default)]
    search_param: Vec<RawSearchParam>,
}

#[derive(Deserialize)]
struct RawSearchParam {
    name: String,
}

impl RawResource {
    fn kind(self) -> Kind {
        Kind {
            interactions: self.interaction.into_iter().map(|each| each.code).collect(),
            conditional_create: self.conditional_create,
            conditional_update: self.conditional_update,
            update_create: self.update_create,
            search: self.search_param.into_iter().map(|each| each.name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One resource type as it stands in a statement: name, interactions, the three flags that are set,
    /// search parameters.
    fn server(system: &str, kinds: &[(&str, &str, &str, &str)]) -> Capabilities {
        let codes = |words: &str| {
            let each = words.split_whitespace().map(|code| serde_json::json!({ "code": code }));
            each.collect::<Vec<_>>()
        };
        let resource = |(name, interactions, flags, search): &(&str, &str, &str, &str)| {
            let names = search.split_whitespace().map(|name| serde_json::json!({ "name": name }));
            let mut resource = serde_json::json!({
                "type": name,
                "interaction": codes(interactions),
                "searchParam": names.collect::<Vec<_>>(),
            });
            for flag in flags.split_whitespace() {
                resource[flag] = true.into();
            }
            resource
        };
        let statement = serde_json::json!({
            "resourceType": "CapabilityStatement",
            "rest": [{
                "mode": "server",
                "interaction": codes(system),
                "resource": kinds.iter().map(resource).collect::<Vec<_>>(),
            }],
        });
        Capabilities::read(statement.to_string().as_bytes()).unwrap()
    }

    fn check(
        system: &str,
        interactions: &str,
        flags: &str,
        search: &str,
        expected: Option<Strategy>,
    ) {
        check_kind("Observation", system, interactions, flags, search, expected);
    }

    fn check_kind(
        kind: &str,
        system: &str,
        interactions: &str,
        flags: &str,
        search: &str,
        expected: Option<Strategy>,
    ) {
        let server = server(system, &[(kind, interactions, flags, search)]);
        assert_eq!(server.strategy(kind), expected, "{kind} {interactions} {flags} {search}");
        assert_eq!(server.strategy("Media"), None);
    }

    #[test]
    fn the_safest_way_that_is_offered_is_taken() {
        use Strategy::{ConditionalCreate, CreateAndLook, CreateOnce, Put, Transaction};
        let all = "create update read search-type";
        check(
            "transaction",
            all,
            "conditionalCreate updateCreate",
            "identifier",
            Some(Transaction),
        );
        check(
            "batch",
            all,
            "conditionalCreate updateCreate",
            "identifier",
            Some(ConditionalCreate),
        );
        check("transaction", all, "updateCreate", "identifier", Some(Put));
        let identifier = Some(CreateAndLook(LookBy::Identifier));
        check("", all, "", "patient date identifier", identifier);
        check("", all, "", "patient date", Some(CreateAndLook(LookBy::PatientAndDate)));
        check("", all, "", "patient", Some(CreateOnce(None)));
        check("", "create", "", "identifier", Some(CreateOnce(None)));
        check("", "read search-type update", "", "identifier", None);
    }

    #[test]
    fn a_document_that_may_be_there_is_not_created_again() {
        let check = |flags, search, expected| {
            check_kind(
                "DocumentReference",
                "",
                "create search-type",
                flags,
                search,
                Some(expected),
            );
        };
        check("", "identifier", Strategy::CreateOnce(Some(LookBy::Identifier)));
        check("", "patient date", Strategy::CreateOnce(Some(LookBy::PatientAndDate)));
        check("conditionalCreate", "identifier", Strategy::ConditionalCreate);
    }

    #[test]
    fn an_end_is_told_where_it_is_taken() {
        let check = |interactions, flags, expected| {
            let server = server("", &[("Encounter", interactions, flags, "identifier")]);
            assert_eq!(server.ending(), expected, "{interactions} {flags}");
        };
        check("create update", "conditionalUpdate updateCreate", Ending::ConditionalUpdate);
        check("create update", "updateCreate", Ending::Put);
        check("create patch", "", Ending::NotTaken);
        check("read", "", Ending::NotTaken);
        assert_eq!(server("", &[]).ending(), Ending::NotTaken);
    }

    #[test]
    fn what_is_no_statement_is_refused() {
        assert!(Capabilities::read(b"<html>").is_err());
        assert_eq!(Capabilities::read(b"{}").unwrap(), Capabilities::default());
    }
}
