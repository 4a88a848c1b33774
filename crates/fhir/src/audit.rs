//! A row of the audit as an AuditEvent (FHIR R4, section 6.3), by the patterns of IHE's Basic Audit Log
//! Patterns (BALP 1.1): RESTful create, read and update for what was done to the record, DICOM's events
//! (PS3.15, A.5) for sign-in, export and alerts.
//!
//! No profile is claimed: those of BALP about a patient want a reference to the Patient, and the audit names
//! none. The encounter leads to it.

use clinical::{Act, Actor, ActorRole, AuditRow, Subject, Timestamp};
use serde::Serialize;

use crate::{
    Identifier, codes,
    types::{CodeableConcept, Coding, Reference},
};

/// As JSON on one line. `observer`: the machine whose audit it is.
pub fn audit_event(row: &AuditRow, observer: &str) -> String {
    let event = &row.event;
    let kind = Kind::of(event.what);
    let own = Coding { system: codes::AUDIT_ACTS, code: event.what.word(), display: kind.words };
    let entities = event.about.iter().map(Entity::of).chain([Entity::row(row)]);
    let content = AuditEvent {
        resource_type: "AuditEvent",
        id: format!("row-{}", row.position),
        r#type: kind.r#type,
        subtype: kind.subtype.into_iter().chain([own]).collect(),
        action: kind.action,
        recorded: event.at,
        outcome: kind.outcome,
        agent: [Agent::of(&event.who), Agent::observer(observer)],
        source: Source {
            observer: Reference::named(observer),
            r#type: [codes::APPLICATION_SERVER],
        },
        entity: entities.collect(),
    };
    serde_json::to_string(&content).expect("these types have only text as keys")
}

struct Kind {
    r#type: Coding,
    subtype: Option<Coding>,
    action: &'static str,
    /// 0 success, 4 minor failure, 8 serious failure.
    outcome: &'static str,
    words: &'static str,
}

const SUCCESS: &str = "0";
const MINOR_FAILURE: &str = "4";
const SERIOUS_FAILURE: &str = "8";

impl Kind {
    fn of(act: Act) -> Self {
        let dicom = Self::dicom;
        match act {
            Act::Started => {
                dicom(codes::APPLICATION_ACTIVITY, "E", "Started").with(codes::APPLICATION_START)
            }
            Act::KeyByTpm => dicom(codes::APPLICATION_ACTIVITY, "E", "Record opened by the TPM"),
            Act::KeyByPassphrase => {
                dicom(codes::APPLICATION_ACTIVITY, "E", "Record opened by a passphrase file")
            }
            Act::KeyByFile => {
                dicom(codes::APPLICATION_ACTIVITY, "E", "Record opened by a key file")
            }
            Act::KeyRingCreated => Self::security("C", "Key ring created"),
            Act::KeyRingRecovered => Self::security("U", "Key ring opened by the recovery key"),
            Act::RecoveryKeyChanged => Self::security("U", "Recovery key changed"),
            Act::RecordKeyRotated => Self::security("U", "Record encrypted with a new key"),
            Act::SignedIn => dicom(codes::USER_AUTHENTICATION, "E", "Signed in").with(codes::LOGIN),
            Act::SignInFailed => dicom(codes::USER_AUTHENTICATION, "E", "Sign-in failed")
                .with(codes::LOGIN)
                .ended(MINOR_FAILURE),
            Act::SignedOut => {
                dicom(codes::USER_AUTHENTICATION, "E", "Signed out").with(codes::LOGOUT)
            }
            Act::AccountChanged => dicom(codes::SECURITY_ALERT, "U", "Account changed")
                .with(codes::USER_ATTRIBUTES_CHANGED),
            Act::CartEnrolled => Self::security("U", "Cart enrolled"),
            Act::CartConnected => {
                dicom(codes::SECURITY_ALERT, "E", "Cart connected").with(codes::NODE_AUTHENTICATION)
            }
            Act::PatientOpened => Self::create("Patient opened"),
            Act::VisitClosed => Self::update("Visit closed"),
            Act::ReadingBound => Self::create("Reading bound to a patient"),
            Act::ReadingClaimed => Self::create("Reading of the tray bound to a patient"),
            Act::ReadingDiscarded => Self::update("Reading of the tray discarded"),
            Act::Observed => Self::create("Observed"),
            Act::StillTaken => Self::create("Still picture taken"),
            Act::AuscultationKept => Self::create("Auscultation kept"),
            Act::NoteWritten => Self::create("Note written"),
            Act::LimitsSet => Self::update("Limits set"),
            Act::CallStarted => dicom(codes::APPLICATION_ACTIVITY, "E", "Call started"),
            Act::CallAnswered => dicom(codes::APPLICATION_ACTIVITY, "E", "Call answered"),
            Act::CallEnded => dicom(codes::APPLICATION_ACTIVITY, "E", "Call ended"),
            Act::CameraMoved => dicom(codes::APPLICATION_ACTIVITY, "E", "Camera moved"),
            Act::ConsultShown => Self::read("Consult shown"),
            Act::PictureSeen => Self::read("Picture seen"),
            Act::SoundHeard => Self::read("Sound heard again"),
            Act::ChartRead => Self::read("Chart read"),
            Act::WorklistTold => dicom(codes::EXPORT, "R", "Worklist told"),
            Act::PatientsMerged => Self::update("Patients merged by the EHR"),
            Act::MergeFollowed => Self::read("Surviving chart of a merge used"),
            Act::EntryKept => Self::create("Entry kept"),
            Act::EntryDelivered => dicom(codes::EXPORT, "R", "Entry delivered"),
            Act::EntrySetAside => {
                dicom(codes::EXPORT, "R", "Entry set aside").ended(SERIOUS_FAILURE)
            }
            Act::EntryUnproven => {
                dicom(codes::EXPORT, "R", "Entry not proven to have arrived").ended(SERIOUS_FAILURE)
            }
            Act::EntryDecided => Self::update("Delivery of an entry decided by a person"),
            Act::EncounterPurged => {
                Self::dicom(codes::RESTFUL_OPERATION, "D", "Encounter purged").with(codes::DELETE)
            }
            Act::AuditContradicted => {
                dicom(codes::SECURITY_ALERT, "E", "Audit contradicted").ended(SERIOUS_FAILURE)
            }
            Act::AuditExported => dicom(codes::AUDIT_LOG_USED, "R", "Audit exported"),
        }
    }

    fn dicom(r#type: Coding, action: &'static str, words: &'static str) -> Self {
        Self { r#type, subtype: None, action, outcome: SUCCESS, words }
    }

    fn with(self, subtype: Coding) -> Self {
        Self { subtype: Some(subtype), ..self }
    }

    fn ended(self, outcome: &'static str) -> Self {
        Self { outcome, ..self }
    }

    /// A change of who is let in, or of what opens the record.
    fn security(action: &'static str, words: &'static str) -> Self {
        Self::dicom(codes::SECURITY_ALERT, action, words).with(codes::SECURITY_CONFIGURATION)
    }

    fn create(words: &'static str) -> Self {
        Self::dicom(codes::RESTFUL_OPERATION, "C", words).with(codes::CREATE)
    }

    fn read(words: &'static str) -> Self {
        Self::dicom(codes::RESTFUL_OPERATION, "R", words).with(codes::READ)
    }

    fn update(words: &'static str) -> Self {
        Self::dicom(codes::RESTFUL_OPERATION, "U", words).with(codes::UPDATE)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuditEvent {
    resource_type: &'static str,
    id: String,
    r#type: Coding,
    subtype: Vec<Coding>,
    action: &'static str,
    recorded: Timestamp,
    outcome: &'static str,
    agent: [Agent; 2],
    source: Source,
    entity: Vec<Entity>,
}

#[derive(Serialize)]
struct Agent {
    r#type: CodeableConcept,
    who: Who,
    requestor: bool,
}

/// Somebody whom no server has as a resource: the name within this system, and words for people.
#[derive(Serialize)]
struct Who {
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<Name>,
    display: String,
}

#[derive(Serialize)]
struct Name {
    value: String,
}

impl Agent {
    fn of(actor: &Actor) -> Self {
        let r#type = match actor.role() {
            ActorRole::Nurse => CodeableConcept::words("nurse"),
            ActorRole::Physician => CodeableConcept::words("physician"),
            ActorRole::Administrator => CodeableConcept::words("administrator"),
            ActorRole::Somebody => CodeableConcept::words("unknown person"),
            ActorRole::Cart | ActorRole::Hub => CodeableConcept::of(codes::SOURCE_ROLE),
        };
        let display = format!("{} {}", actor.role().word(), actor.name());
        let identifier = Some(Name { value: actor.name().to_owned() });
        Self { r#type, who: Who { identifier, display }, requestor: true }
    }

    fn observer(name: &str) -> Self {
        let r#type = CodeableConcept::of(codes::DESTINATION_ROLE);
        let who = Who { identifier: None, display: name.to_owned() };
        Self { r#type, who, requestor: false }
    }
}

#[derive(Serialize)]
struct Source {
    observer: Reference,
    r#type: [Coding; 1],
}

#[derive(Serialize)]
struct Entity {
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<Logical>,
    r#type: Coding,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    detail: Vec<Detail>,
}

/// A reference by identifier: the same one that the resource itself carries in the EHR.
#[derive(Serialize)]
struct Logical {
    identifier: Identifier,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    r#type: &'static str,
    value_string: String,
}

impl Entity {
    fn of(subject: &Subject) -> Self {
        match subject {
            Subject::Encounter(id) => Self::domain(Identifier::of(id.uuid()), "encounter"),
            Subject::Entry(id) => Self::domain(Identifier::of(id.uuid()), "entry"),
            Subject::Reading(id) => Self::domain(Identifier::of(id.uuid()), "reading"),
            Subject::Call(id) => Self::domain(Identifier::of(id.uuid()), "call"),
            Subject::Nurse(name) => Self::person(format!("nurse {name}")),
            Subject::Physician(name) => Self::person(format!("physician {name}")),
            Subject::Cart(name) => Self::named(None, format!("cart {name}")),
            Subject::Picture(sha256) => {
                Self::named(Some(codes::DOMAIN_RESOURCE), format!("picture {sha256}"))
            }
            Subject::Sound(sha256) => {
                Self::named(Some(codes::DOMAIN_RESOURCE), format!("sound {sha256}"))
            }
            Subject::Row(position) => {
                Self::named(Some(codes::SECURITY_RESOURCE), format!("row {position} of an audit"))
            }
        }
    }

    fn named(role: Option<Coding>, name: String) -> Self {
        let r#type = codes::SYSTEM_OBJECT;
        Self { what: None, r#type, role, name: Some(name), detail: Vec::new() }
    }

    fn domain(identifier: Identifier, name: &str) -> Self {
        let what = Some(Logical { identifier });
        Self { what, ..Self::named(Some(codes::DOMAIN_RESOURCE), name.to_owned()) }
    }

    fn person(name: String) -> Self {
        Self { r#type: codes::PERSON, ..Self::named(Some(codes::PRACTITIONER), name) }
    }

    /// Whoever has the export can compare it with the chain.
    fn row(row: &AuditRow) -> Self {
        let detail = vec![
            Detail { r#type: "position", value_string: row.position.to_string() },
            Detail { r#type: "hash", value_string: row.hash.to_string() },
        ];
        let name = "row of the audit".to_owned();
        Self { detail, ..Self::named(Some(codes::SECURITY_RESOURCE), name) }
    }
}
