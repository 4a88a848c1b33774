//! Bugs in what is understood of a receiver's answer: FHIR, HL7 version 2, DICOMweb and the hub.

use super::{Plant, Suite};

const FHIR: &[Suite] = &[Suite { package: "fhir", arguments: &["--lib"] }];
const HL7: &[Suite] = &[Suite { package: "hl7", arguments: &["--test", "it", "acknowledgements"] }];
const CLIENTS: &[Suite] = &[Suite { package: "upstream", arguments: &["--lib"] }];
/// Starts an Orthanc, which `cargo xtask test` installs.
const ARCHIVE: &[Suite] = &[Suite { package: "upstream", arguments: &["--test", "it", "archive"] }];

const LOOK: &str = "crates/fhir/src/look.rs";

pub const PLANTS: &[Plant] = &[
    Plant {
        name: "a reading is recognised in the EHR without its instant",
        file: LOOK,
        find: "instant(self).is_some() && instant(self) == instant(other) &&",
        replace: "instant(self).is_some() && instant(other).is_some() &&",
        tests: FHIR,
    },
    Plant {
        name: "another reading of ours with the same value is taken for this one",
        file: LOOK,
        find: "(!other.has_ours() && self.says_what(other))",
        replace: "self.says_what(other)",
        tests: FHIR,
    },
    Plant {
        name: "what is not on the first page of a search counts as missing",
        file: LOOK,
        find: "if more { Presence::Unclear } else { Presence::Missing }",
        replace: "if more { Presence::Missing } else { Presence::Missing }",
        tests: FHIR,
    },
    Plant {
        name: "any refusal counts as a duplicate, and so as an arrival",
        file: "crates/fhir/src/outcome.rs",
        find: "!outcome.issue.is_empty() && outcome.issue.iter().all(details)",
        replace: "!outcome.issue.is_empty() && (outcome.issue.iter().all(details) || true)",
        tests: FHIR,
    },
    Plant {
        name: "the acknowledgement of another message counts for this one",
        file: "crates/hl7/src/acknowledge.rs",
        find: "if self.of != control_id {",
        replace: "if self.of.is_empty() && !control_id.is_empty() {",
        tests: HL7,
    },
    Plant {
        name: "an interface engine's own trouble is taken for a refusal",
        file: "crates/hl7/src/acknowledge.rs",
        find: "Some(\"206\" | \"207\")",
        replace: "Some(\"206\")",
        tests: HL7,
    },
    Plant {
        name: "an interface engine that hangs up is taken for one that got nothing",
        file: "crates/upstream/src/mllp.rs",
        find: "MllpError::InDoubt { what: what.to_owned() }",
        replace: "MllpError::Later { what: what.to_owned() }",
        tests: CLIENTS,
    },
    Plant {
        name: "an EHR that does not answer in time is taken for one that got nothing",
        file: "crates/upstream/src/ehr/trouble.rs",
        find: "if error.is_connect() { trouble }",
        replace: "if error.is_connect() || error.is_timeout() { trouble }",
        tests: CLIENTS,
    },
    Plant {
        name: "a gateway that gave up is taken for an EHR that got nothing",
        file: "crates/upstream/src/ehr/answer.rs",
        find: "status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE",
        replace: "status.is_server_error() && status == StatusCode::INTERNAL_SERVER_ERROR",
        tests: CLIENTS,
    },
    Plant {
        name: "a receipt of the hub for other bytes counts for ours",
        file: "crates/upstream/src/hub/put.rs",
        find: "Ok(receipt) if receipt.sha256 == sha256 =>",
        replace: "Ok(receipt) if !receipt.sha256.is_empty() && !sha256.is_empty() =>",
        tests: CLIENTS,
    },
    Plant {
        name: "what an image archive gives back is not compared",
        file: "crates/upstream/src/stow.rs",
        find: "Ok(theirs) if ours.is_ok_and(|ours| ours == theirs) =>",
        replace: "Ok(theirs) if ours.is_ok_and(|ours| ours.sop_instance_uid == theirs.sop_instance_uid) =>",
        tests: ARCHIVE,
    },
];
