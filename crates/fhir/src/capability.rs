//! Reads a server's CapabilityStatement (FHIR R4 section 5.1): what it is, and how a resource is stored
//! there once.
//!
//! No two EHRs offer the same, and the large ones offer neither transactions nor conditional creates.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::schedule::{ReadError, read};

/// What a server says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Such as "4.0.1".
    pub fhir_version: String,
    /// Name and version of the software; empty where it says none.
    pub software: String,
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
    operations: BTreeSet<String>,
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
    /// It is no CapabilityStatement, or one that names no version of FHIR.
    pub fn read(json: &[u8]) -> Result<Self, ReadError> {
        let raw: RawStatement = read(json, "CapabilityStatement")?;
        // A statement may describe a client too (mode "client").
        let server = raw.rest.into_iter().find(|rest| rest.mode == "server").unwrap_or_default();
        let transaction = server.interaction.iter().any(|each| each.code == "transaction");
        let kinds = server.resource.into_iter().map(|raw| (raw.r#type.clone(), raw.kind()));
        Ok(Self {
            fhir_version: raw.fhir_version,
            software: raw.software.unwrap_or_default().name(),
            transaction,
            kinds: kinds.collect(),
        })
    }

    /// R4 is the one version whose resources are written here.
    pub fn is_r4(&self) -> bool {
        self.fhir_version.starts_with("4.0")
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

    /// Whether resources of this kind are found by this search parameter.
    pub fn searches(&self, name: &str, parameter: &str) -> bool {
        let kind = self.kinds.get(name);
        kind.is_some_and(|kind| kind.does("search-type") && kind.search.contains(parameter))
    }

    /// Whether Patient/$match is offered (Patient-operation-match of FHIR R4).
    pub fn matches_patients(&self) -> bool {
        self.kinds.get("Patient").is_some_and(|kind| kind.operations.contains("match"))
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
#[serde(rename_all = "camelCase")]
struct RawStatement {
    #[serde(rename = "resourceType")]
    _kind: StatementKind,
    fhir_version: String,
    software: Option<RawSoftware>,
    #[serde(default)]
    rest: Vec<RawRest>,
}

/// Nothing else is read as a statement.
#[derive(Deserialize)]
enum StatementKind {
    CapabilityStatement,
}

#[derive(Default, Deserialize)]
struct RawSoftware {
    name: Option<String>,
    version: Option<String>,
}

impl RawSoftware {
    fn name(self) -> String {
        [self.name, self.version].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
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
    search_param: Vec<RawNamed>,
    #[serde(default)]
    operation: Vec<RawNamed>,
}

#[derive(Deserialize)]
struct RawNamed {
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
            operations: self.operation.into_iter().map(|each| each.name).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
