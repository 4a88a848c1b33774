//! The key of a cart's record, as it lies on the cart's disk: never in the clear, wrapped at least twice.
//!
//! One wrap belongs to the machine, its TPM or a passphrase file; the other to the hospital's recovery key, of which a cart
//! has the public half only. [`LockedRing`] is the file as it was read, [`OpenRing`] one whose keys are known, and only
//! that can be changed or written. While the record is encrypted anew a ring holds two keys, so that a power cut at
//! any moment leaves one that opens the record.
//!
//! Knows nothing of the record itself. All calls block: a TPM takes its time.

mod body;
mod data_key;
mod error;
mod file;
mod locked;
mod machine;
mod opened;
mod tpm;
mod wraps;

pub use body::Wrapped;
pub use data_key::DataKey;
pub use error::{RingError, TpmError};
pub use locked::LockedRing;
pub use machine::{Machine, Passphrase};
pub use opened::OpenRing;
pub use tpm::Tpm;
pub use wraps::{RecoveryIdentity, RecoveryRecipient};
