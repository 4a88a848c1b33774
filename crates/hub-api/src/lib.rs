//! What carts, hub and physicians' browsers say to each other. Data only; versioned by [`VERSION`].
//!
//! Durable things (entries, blobs, notes) go over HTTP with an id and are acknowledged after commit.
//! Everything here that goes over a WebSocket is of the moment: lost with the connection, told anew after it.
//! The portal's TypeScript is generated from these types (`cargo xtask codegen`).

mod cart;
mod channel;
mod chart;
mod consult;
mod http;
mod portal;
mod relay;
mod signal;
mod torso;
mod typescript;
mod view;

pub use cart::{CartToHub, HubToCart};
pub use channel::{CartOnChannel, HeardRate, PhysicianOnChannel};
pub use chart::{
    Allergy, AllergyStatement, ChartDocument, ChartPart, ChartProblem, ChartValue, ChartVital,
    Criticality, Medication, PatientChart,
};
pub use consult::{
    CallEnd, CartSummary, ConsultContext, Delivery, EncounterSummary, Prescription, RecordedEntry,
    WorklistEntry,
};
pub use http::{
    CartChallenge, CartProof, CartToken, ChallengeRequest, NoteDraft, Problem, Receipt, SignIn,
    SignedIn, proof_text,
};
pub use portal::{HubToPortal, PortalToHub};
pub use relay::{IceServer, Relays};
pub use signal::Signal;
pub use torso::{SPOTS, Spot, nearest_site};
pub use typescript::typescript;
pub use view::View;

/// Raised whenever an old peer could misread a message. Sent in the first message of every connection.
pub const VERSION: u32 = 1;

/// No WebSocket message is longer: an SDP offer of four tracks takes about 12 KiB.
pub const MAX_MESSAGE_BYTES: usize = 256 * 1024;

/// No entry is longer: a note of 64 KiB in JSON with every character escaped.
pub const MAX_ENTRY_BYTES: usize = 512 * 1024;

/// No blob is longer: a 4K still as JPEG takes 2–4 MiB.
pub const MAX_BLOB_BYTES: usize = 16 * 1024 * 1024;
