//! The encrypted record: entries, their outbox items and blobs, in one SQLCipher file.
//!
//! A [`CartVault`] and a [`HubVault`] share the record part, [`Vault`]. What is saved is durable when
//! the call returns: WAL with synchronous=FULL, asserted at opening. On a full disk a ballast is given up first. All calls block; an async
//! program makes them from a blocking thread. Clones are cheap and share one connection.
//!
//! Knows nothing of FHIR, devices or the network, and takes decisions on none of them.

mod audit;
mod ballast;
mod blob;
mod cart;
mod commit;
mod error;
mod hub;
mod key;
mod memory;
mod open;
mod outbox_store;
mod private_file;
mod record;
mod rekey;
mod room;
mod row;
mod schema;
mod sealed;
mod settings;

pub use audit::{AuditChain, Links};
pub use blob::Blob;
pub use cart::{
    CartVault, ClaimError, Discard, Malformation, NurseAccount, Purge, Purged, UnassignedReading,
    Worklist,
};
pub use commit::{Commit, CommitError, Saved, SavedEntry};
pub use error::VaultError;
pub use hub::{
    Alongside, Anchor, Anchoring, AnsweredCall, BlobKind, Contradiction, EnrolledCart, HubVault,
    KeptFact, KeptReceipt, KnownChart, PhysicianAccount,
};
pub use key::{VaultKey, VaultKeyError};
pub use memory::keep_memory_private;
pub use open::OpenVaultError;
pub use outbox_store::VaultOutbox;
pub use private_file::{PrivateFileError, read_private_file};
pub use record::{StoredEntry, Vault};
pub use rekey::RekeyError;
pub use sealed::{ReadEntryError, SealedEntry};
