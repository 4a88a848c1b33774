//! The codes of what is audited: DICOM PS3.16 (CID 400, 401, 402), FHIR's RESTful interactions, and the
//! types and roles of what it was about (FHIR R4, section 6.3).

use crate::Coding;

/// Of ours: the word of each act, because no published code says as much.
pub const AUDIT_ACTS: &str = "urn:bedside:audit";

pub const APPLICATION_ACTIVITY: Coding = dicom("110100", "Application Activity");
pub const AUDIT_LOG_USED: Coding = dicom("110101", "Audit Log Used");
pub const EXPORT: Coding = dicom("110106", "Export");
pub const SECURITY_ALERT: Coding = dicom("110113", "Security Alert");
pub const USER_AUTHENTICATION: Coding = dicom("110114", "User Authentication");
pub const APPLICATION_START: Coding = dicom("110120", "Application Start");
pub const LOGIN: Coding = dicom("110122", "Login");
pub const LOGOUT: Coding = dicom("110123", "Logout");
pub const NODE_AUTHENTICATION: Coding = dicom("110126", "Node Authentication");
pub const SECURITY_CONFIGURATION: Coding = dicom("110129", "Security Configuration");
pub const USER_ATTRIBUTES_CHANGED: Coding = dicom("110137", "User Security Attributes Changed");
pub const DESTINATION_ROLE: Coding = dicom("110152", "Destination Role ID");
pub const SOURCE_ROLE: Coding = dicom("110153", "Source Role ID");

pub const RESTFUL_OPERATION: Coding = Coding {
    system: "http://terminology.hl7.org/CodeSystem/audit-event-type",
    code: "rest",
    display: "Restful Operation",
};
pub const CREATE: Coding = interaction("create");
pub const READ: Coding = interaction("read");
pub const UPDATE: Coding = interaction("update");
pub const DELETE: Coding = interaction("delete");

pub const APPLICATION_SERVER: Coding = Coding {
    system: "http://terminology.hl7.org/CodeSystem/security-source-type",
    code: "4",
    display: "Application Server",
};

pub const PERSON: Coding = entity_type("1", "Person");
pub const SYSTEM_OBJECT: Coding = entity_type("2", "System Object");

pub const DOMAIN_RESOURCE: Coding = entity_role("4", "Domain Resource");
pub const SECURITY_RESOURCE: Coding = entity_role("13", "Security Resource");
pub const PRACTITIONER: Coding = entity_role("15", "Practitioner");

const fn dicom(code: &'static str, display: &'static str) -> Coding {
    Coding { system: "http://dicom.nema.org/resources/ontology/DCM", code, display }
}

const fn interaction(code: &'static str) -> Coding {
    Coding { system: "http://hl7.org/fhir/restful-interaction", code, display: code }
}

const fn entity_type(code: &'static str, display: &'static str) -> Coding {
    Coding { system: "http://terminology.hl7.org/CodeSystem/audit-entity-type", code, display }
}

const fn entity_role(code: &'static str, display: &'static str) -> Coding {
    Coding { system: "http://terminology.hl7.org/CodeSystem/object-role", code, display }
}
