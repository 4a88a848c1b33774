//! A TPM 2.0, by Debian's tpm2-tools: seals a key so that only this TPM gives it back, and only to this firmware.
//!
//! Each step is a program of its own. Keys go by standard input and output; what the programs hand on to each other in
//! files is public, or encrypted by the TPM. No resource manager is taken for granted, so objects are flushed by us.

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::{DataKey, TpmError};

/// What a tool prints is a key or nothing; a TPM seals at most 128 bytes (TPM 2.0 Library, part 2, MAX_SYM_DATA).
const LONGEST_OUTPUT: usize = 4096;

/// Response codes that a refused policy ends in (TPM 2.0 Library, part 2, section 6.6): TPM_RC_POLICY_FAIL of
/// session 1, TPM_RC_PCR_CHANGED.
const POLICY_REFUSED: [&str; 2] = ["0x99d", "0x128"];

/// Where the TPM is, and the PCRs of the bank SHA-256 that a key is sealed to.
#[derive(Clone, Debug)]
pub struct Tpm {
    tcti: String,
    pcrs: Vec<u8>,
}

/// A sealed object, as it leaves the TPM: nothing of it opens without that TPM.
#[derive(Debug)]
pub(crate) struct Object {
    pub public: Vec<u8>,
    pub private: Vec<u8>,
}

impl Tpm {
    /// `tcti`: as tpm2-tools take it, `device:/dev/tpmrm0` or `swtpm:host=…,port=…`.
    pub fn new(tcti: String, pcrs: Vec<u8>) -> Self {
        Self { tcti, pcrs }
    }

    pub(crate) fn pcrs(&self) -> &[u8] {
        &self.pcrs
    }

    pub(crate) fn seal(&self, key: &DataKey) -> Result<Object, TpmError> {
        let session = Session::begin(self)?;
        let pcrs = selection(&self.pcrs);
        session.run(
            "tpm2_createpolicy",
            &["-Q", "--policy-pcr", "-l", &pcrs, "-L", "policy"],
            &[],
        )?;
        // Without userwithauth there is no way around the policy; fixedtpm: it is never for another TPM.
        let create = ["-Q", "-C", "primary", "-g", "sha256", "-L", "policy", "-i", "-"];
        let object = ["-a", "fixedtpm|fixedparent|noda", "-u", "public", "-r", "private"];
        session.run("tpm2_create", &[&create[..], &object].concat(), key.bytes())?;
        Ok(Object { public: session.read("public")?, private: session.read("private")? })
    }

    /// `pcrs`: those that the object was sealed to.
    pub(crate) fn unseal(&self, object: &Object, pcrs: &[u8]) -> Result<DataKey, TpmError> {
        let session = Session::begin(self)?;
        session.write("public", &object.public)?;
        session.write("private", &object.private)?;
        let load = ["-Q", "-C", "primary", "-u", "public", "-r", "private", "-c", "sealed"];
        session.run("tpm2_load", &load, &[]).map_err(|error| match error {
            TpmError::Failed { .. } => TpmError::OtherTpm,
            other => other,
        })?;
        let authorised = format!("pcr:{}", selection(pcrs));
        let key = session.run("tpm2_unseal", &["-c", "sealed", "-p", &authorised], &[]);
        let key = key.map_err(|error| as_refused(error, pcrs))?;
        DataKey::from_slice(&key).ok_or(TpmError::NotAKey)
    }
}

/// `sha256:0,7`.
fn selection(pcrs: &[u8]) -> String {
    format!("sha256:{}", listed(pcrs))
}

fn listed(pcrs: &[u8]) -> String {
    pcrs.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}

fn as_refused(error: TpmError, pcrs: &[u8]) -> TpmError {
    match error {
        TpmError::Failed { said, .. }
            if POLICY_REFUSED.iter().any(|code| said.to_lowercase().contains(code)) =>
        {
            TpmError::FirmwareChanged { pcrs: listed(pcrs) }
        }
        other => other,
    }
}

/// One folder for the files of one task, with the TPM's primary key in it.
struct Session<'a> {
    tpm: &'a Tpm,
    folder: TempDir,
}

impl<'a> Session<'a> {
    /// The primary key is made anew from the TPM's own seed each time, always the same one.
    fn begin(tpm: &'a Tpm) -> Result<Self, TpmError> {
        let session = Self { tpm, folder: TempDir::new().map_err(TpmError::Folder)? };
        let make = ["-Q", "-C", "o", "-g", "sha256", "-G", "ecc", "-c", "primary"];
        session.run("tpm2_createprimary", &make, &[]).map_err(|error| match error {
            TpmError::Failed { said, .. } => TpmError::Unreachable { tcti: tpm.tcti.clone(), said },
            other => other,
        })?;
        Ok(session)
    }

    fn run(
        &self,
        program: &'static str,
        arguments: &[&str],
        input: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, TpmError> {
        let output = self.start(program, arguments, input);
        if output.is_err() {
            // A tool that fails leaves its session behind, of which a TPM has three (TPM_RC_SESSION_MEMORY). Nothing more
            // can be done where this fails too, and the first failure is the one that is told.
            let _ = self.start("tpm2_flushcontext", &["-l"], &[]);
        }
        let output = output?;
        // Few objects fit into a TPM: without this the third step is refused (TPM_RC_OBJECT_MEMORY).
        self.start("tpm2_flushcontext", &["-t"], &[])?;
        Ok(output)
    }

    fn start(
        &self,
        program: &'static str,
        arguments: &[&str],
        input: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, TpmError> {
        let failed = |source| TpmError::NoTools { program, source };
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TPM2TOOLS_TCTI", &self.tpm.tcti)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        // A tool that reads nothing may be gone already; its exit says why.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
        // All of it at once: a vector that grows leaves copies behind.
        let mut output = Zeroizing::new(Vec::with_capacity(LONGEST_OUTPUT + 1));
        if let Some(stdout) = child.stdout.take() {
            stdout.take(LONGEST_OUTPUT as u64).read_to_end(&mut output).map_err(failed)?;
        }
        let said = child.wait_with_output().map_err(failed)?;
        if said.status.success() {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&said.stderr);
        // Beside these, the library writes a line with its own source file for each.
        let lines: Vec<&str> =
            said.lines().filter_map(|line| line.trim().strip_prefix("ERROR: ")).collect();
        Err(TpmError::Failed { program, said: lines.join("; ") })
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, TpmError> {
        fs::read(self.path(name)).map_err(TpmError::Folder)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), TpmError> {
        fs::write(self.path(name), bytes).map_err(TpmError::Folder)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}
