//! Bugs in the key ring: who opens the record, and who must not.

use super::{Plant, Suite};

const RING: &[Suite] = &[Suite { package: "key-ring", arguments: &["--test", "it"] }];

const FILE: &str = "crates/key-ring/src/file.rs";
const OPENED: &str = "crates/key-ring/src/opened.rs";
const TPM: &str = "crates/key-ring/src/tpm.rs";

pub const PLANTS: &[Plant] = &[
    Plant {
        name: "the key ring's seals are counted and not compared: a stranger's recovery key is taken",
        file: FILE,
        find: "if seals.eq(self.seals.iter().cloned()) {",
        replace: "if seals.count() == self.seals.len() {",
        tests: RING,
    },
    Plant {
        name: "the key ring's checksum is not compared: a bad disk looks like another TPM",
        file: FILE,
        find: "if checksum(written.ring.get(), &written.seals) != written.checksum {",
        replace: "if written.checksum.is_empty() {",
        tests: RING,
    },
    Plant {
        name: "a key ring is written in place: a power cut leaves half of it, and no key",
        file: FILE,
        find: "fs::rename(aside, path).map_err(failed)?;",
        replace: "fs::copy(&aside, path).and_then(|_| fs::remove_file(aside)).map_err(failed)?;",
        tests: RING,
    },
    Plant {
        name: "a new key ring overwrites the one that opens the record",
        file: FILE,
        find: "let linked = fs::hard_link(&aside, path);",
        replace: "let linked = fs::copy(&aside, path).map(drop);",
        tests: RING,
    },
    Plant {
        name: "a rotation forgets the recovery key: the next key is wrapped to the machine alone",
        file: OPENED,
        find: "recovery: recovery_wrap(recovery, &key)? };",
        replace: "recovery: recovery_wrap(recovery, self.keys.first().unwrap_or(&key))? };",
        tests: RING,
    },
    Plant {
        name: "the old key stays in the ring after a rotation",
        file: OPENED,
        find: "let newest = self.keys.len().saturating_sub(1);",
        replace: "let newest = self.keys.len().saturating_sub(2);",
        tests: RING,
    },
    Plant {
        name: "another recovery key leaves the first one in the ring",
        file: OPENED,
        find: ".for_each(|(slot, wrap)| slot.recovery = wrap);",
        replace: ".for_each(|(slot, wrap)| slot.recovery.recipient = wrap.recipient);",
        tests: RING,
    },
    Plant {
        name: "the TPM gives the key whatever was started: it is sealed without its policy",
        file: TPM,
        find: "[\"-Q\", \"-C\", \"primary\", \"-g\", \"sha256\", \"-L\", \"policy\", \"-i\", \"-\"];",
        replace: "[\"-Q\", \"-C\", \"primary\", \"-g\", \"sha256\", \"-i\", \"-\"];",
        tests: RING,
    },
    Plant {
        name: "any line counts as a passphrase",
        file: "crates/key-ring/src/machine.rs",
        find: "line.chars().count() < SHORTEST_PASSPHRASE",
        replace: "line.is_empty()",
        tests: RING,
    },
];
