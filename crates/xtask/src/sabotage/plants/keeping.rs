//! Bugs in what is kept: the vault, its disk, its audit and its purge.

use super::{Plant, Suite};

const VAULT: &[Suite] = &[Suite { package: "vault", arguments: &["--lib", "--test", "it"] }];
const AUDIT: &[Suite] =
    &[Suite { package: "vault", arguments: &["--lib", "--test", "it", "audit"] }];
/// A few hundred images of a disk after a power cut.
const CUTS: Suite = Suite { package: "power-cut", arguments: &["--test", "it", "cuts"] };
const DISK: &[Suite] = &[CUTS];
const FAULTS: &[Suite] = &[Suite { package: "power-cut", arguments: &["--test", "it", "faults"] }];
const FULL_DISK: &[Suite] =
    &[Suite { package: "power-cut", arguments: &["--test", "it", "ballast"] }];

const SETTINGS: &str = "crates/vault/src/settings.rs";
const OPEN: &str = "crates/vault/src/open.rs";

pub const PLANTS: &[Plant] = &[
    Plant {
        name: "synchronous FULL is NORMAL: a power cut loses what was acknowledged",
        file: SETTINGS,
        find: "(\"synchronous\", \"2\"),",
        replace: "(\"synchronous\", \"1\"),",
        tests: &[VAULT[0], CUTS],
    },
    Plant {
        name: "the vault runs without its write-ahead log",
        file: SETTINGS,
        find: "(\"journal_mode\", \"wal\"),",
        replace: "(\"journal_mode\", \"delete\"),",
        tests: VAULT,
    },
    Plant {
        name: "a setting that SQLite did not take counts as taken",
        file: SETTINGS,
        find: "if found != expected {",
        replace: "if found.is_empty() && !expected.is_empty() {",
        tests: VAULT,
    },
    Plant {
        name: "the settings are not read back when a vault opens",
        file: OPEN,
        find: "    settings::verify(&connection)?;\n",
        replace: "",
        tests: FAULTS,
    },
    Plant {
        name: "the name of a new vault's folder is not synced",
        file: OPEN,
        find: "sync_folder(parent.unwrap_or(Path::new(\".\")))?;",
        replace: "let _ = parent;",
        tests: DISK,
    },
    Plant {
        name: "the names of a new vault's files are not synced",
        file: OPEN,
        find: "sync_folder(folder).map_err(|source| OpenVaultError::Folder { path: folder.into(), source })?;",
        replace: "",
        tests: DISK,
    },
    Plant {
        name: "no ballast: on a full disk nothing is given up for a reading",
        file: "crates/vault/src/room.rs",
        find: "error.is_no_room() && self.ballast().free()",
        replace: "error.is_no_room() && self.ballast().was_full()",
        tests: FULL_DISK,
    },
    Plant {
        name: "pictures use up the ballast",
        file: "crates/vault/src/commit.rs",
        find: "Some(_) => self.without_ballast(write)?,",
        replace: "Some(_) => self.with_ballast(write)?,",
        tests: FULL_DISK,
    },
    Plant {
        name: "another entry under a known id counts as saved",
        file: "crates/vault/src/commit.rs",
        find: "if known == sealed.sha256() {",
        replace: "if !known.is_empty() {",
        tests: VAULT,
    },
    Plant {
        name: "the hash of an entry is not compared when it is read",
        file: "crates/vault/src/row.rs",
        find: "if sealed.sha256() != self.sha256 {",
        replace: "if self.sha256.is_empty() {",
        tests: VAULT,
    },
    Plant {
        name: "the hash of a picture is not compared when it is read",
        file: "crates/vault/src/blob.rs",
        find: "if blob.sha256 != sha256 {",
        replace: "if blob.sha256.is_empty() {",
        tests: VAULT,
    },
    Plant {
        name: "a sender that was replaced still changes the outbox",
        file: "crates/vault/src/outbox_store.rs",
        find: "newest_claim(&tx, destination).map_err(&failed)? != self.claim",
        replace: "newest_claim(&tx, destination).map_err(&failed)?.is_none()",
        tests: VAULT,
    },
    Plant {
        name: "what only the hub has is purged from the cart",
        file: "crates/vault/src/cart/purge.rs",
        find: "*outbox == State::Done && *onward == Onward::InEhr &&",
        replace: "*outbox == State::Done && *onward != Onward::SetAside &&",
        tests: VAULT,
    },
    Plant {
        name: "an audit row does not hang on the one before",
        file: "crates/vault/src/audit/link.rs",
        find: "hash.update(&before.0);",
        replace: "let _ = before;",
        tests: AUDIT,
    },
    Plant {
        name: "verifying the audit compares no hash",
        file: "crates/vault/src/audit/verify.rs",
        find: "if bytes(row, 5)? != hash.0 {",
        replace: "if bytes(row, 5)?.len() != hash.0.len() {",
        tests: AUDIT,
    },
    Plant {
        name: "the words of a receipt leave before they are kept",
        file: "crates/vault/src/outbox_store.rs",
        find: "alongside.write(&tx).map_err(&failed)?;",
        replace: "",
        tests: VAULT,
    },
    Plant {
        name: "a receipt that is sent again tells what happened since",
        file: "crates/vault/src/hub/receipts.rs",
        find: "ON CONFLICT (encounter) DO NOTHING",
        replace: "ON CONFLICT (encounter) DO UPDATE SET text = excluded.text",
        tests: VAULT,
    },
];
