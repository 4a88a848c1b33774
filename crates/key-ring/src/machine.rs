//! What of the machine itself opens a ring, so that a cart starts with nobody beside it.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use zeroize::Zeroizing;

use crate::{
    DataKey, RingError, Tpm,
    body::MachineWrap,
    tpm::Object,
    wraps::{open_by_passphrase, wrap_to_passphrase},
};

/// A passphrase is looked for in a file, not remembered: nothing speaks for a short one.
const SHORTEST_PASSPHRASE: usize = 16;

#[derive(Debug)]
pub enum Machine {
    Tpm(Tpm),
    /// For a machine without TPM. Who takes the disk has the passphrase too, unless it is kept elsewhere.
    Passphrase(Passphrase),
}

/// The content of a passphrase file.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Without the end of its line.
    ///
    /// # Errors
    /// It is short, or more than a line.
    pub fn new(content: &[u8]) -> Result<Self, RingError> {
        let weak = RingError::WeakPassphrase { at_least: SHORTEST_PASSPHRASE };
        let Ok(text) = str::from_utf8(content) else { return Err(weak) };
        let line = text.strip_suffix('\n').unwrap_or(text);
        if line.chars().count() < SHORTEST_PASSPHRASE || line.contains('\n') {
            return Err(weak);
        }
        Ok(Self(Zeroizing::new(line.to_owned())))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

impl Machine {
    /// Tried before it is given back: what does not open again is no wrap.
    pub(crate) fn wrap(&self, key: &DataKey) -> Result<MachineWrap, RingError> {
        let wrap = match self {
            Self::Tpm(tpm) => {
                let Object { public, private } = tpm.seal(key)?;
                let pcrs = tpm.pcrs().to_vec();
                let (public, private) = (BASE64.encode(public), BASE64.encode(private));
                MachineWrap::Tpm2 { pcrs, public, private }
            }
            Self::Passphrase(passphrase) => {
                let sealed = BASE64.encode(wrap_to_passphrase(passphrase, key)?);
                MachineWrap::Passphrase { sealed }
            }
        };
        if self.open(&wrap)? == *key { Ok(wrap) } else { Err(RingError::WrapNotOpening) }
    }

    pub(crate) fn open(&self, wrap: &MachineWrap) -> Result<DataKey, RingError> {
        match (self, wrap) {
            (Self::Tpm(tpm), MachineWrap::Tpm2 { pcrs, public, private }) => {
                let object = Object { public: bytes(public)?, private: bytes(private)? };
                Ok(tpm.unseal(&object, pcrs)?)
            }
            (Self::Passphrase(passphrase), MachineWrap::Passphrase { sealed }) => {
                open_by_passphrase(passphrase, &bytes(sealed)?)
            }
            (Self::Tpm(_), MachineWrap::Passphrase { .. }) => {
                Err(not_for_this("the TPM", "a passphrase file"))
            }
            (Self::Passphrase(_), MachineWrap::Tpm2 { .. }) => {
                Err(not_for_this("a passphrase file", "a TPM"))
            }
        }
    }
}

fn not_for_this(wanted: &'static str, found: &str) -> RingError {
    RingError::NotForThisMachine { wanted, found: found.to_owned() }
}

pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, RingError> {
    BASE64.decode(text).map_err(|_| RingError::Damaged { what: "a wrap is not base64" })
}
