//! The image archive, Orthanc, and a picture for it.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::Result;
use clinical::{EncounterId, Entry, EntryBody, EntryId, Still, Timestamp};
use sim_ehr::Orthanc;
use uuid::Uuid;
use vault::{Blob, Commit, HubVault, SealedEntry};

/// 64 × 48 pixels.
pub const JPEG: &[u8] = include_bytes!("../../../crates/dicom/testdata/still.jpg");

pub struct Archive {
    server: Orthanc,
    password: PathBuf,
}

impl Archive {
    /// With the file of its password in `folder`.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        let password = folder.join("archive-password");
        fs::write(&password, Orthanc::PASSWORD)?;
        fs::set_permissions(&password, fs::Permissions::from_mode(0o600))?;
        Ok(Self { server: Orthanc::start()?, password })
    }

    /// The section of the hub's configuration, by which this gets all pictures.
    pub fn config(&self) -> String {
        format!(
            "[dicom]\narchive = \"{}\"\nentries = [\"stills\"]\nuser = \"hub\"\n\
             password_file = \"{}\"\n",
            self.server.base(),
            self.password.display()
        )
    }

    /// # Errors
    /// It does not answer.
    pub fn instances(&self) -> Result<usize> {
        Ok(usize::try_from(self.server.instances()?)?)
    }
}

/// Puts a picture into the hub's record, as if a cart had brought it.
///
/// # Errors
/// The record does not take it.
pub fn keep_still(vault: &HubVault, encounter: EncounterId, at: Timestamp) -> Result<Entry> {
    let (id, body) = (EntryId::new(Uuid::now_v7()), EntryBody::Still(still(at)));
    let entry = Entry { id, encounter, recorded: at, body };
    let entries = vec![SealedEntry::seal(entry.clone())];
    vault.commit(Commit { entries, blob: Some(Blob::new(JPEG.to_vec())) })?;
    Ok(entry)
}

/// Of [`JPEG`].
pub fn still(taken: Timestamp) -> Still {
    Still {
        sha256: Blob::new(JPEG.to_vec()).sha256().to_owned(),
        media_type: "image/jpeg".into(),
        bytes: u32::try_from(JPEG.len()).expect("it is small"),
        width: 64,
        height: 48,
        taken,
        examined: None,
    }
}
