//! Who may sign in at this cart: added and unlocked by a technician, also while `cartd` runs.

use std::{
    io::{BufRead, Read, stdin},
    path::Path,
};

use anyhow::{Context, bail, ensure};
use cart_api::Nurse;
use clinical::{Act, AuditEvent, Subject};
use encounter::SignIn;
use vault::{CartVault, NurseAccount};

use crate::{administrator, config::Config, pin, record};

/// A PIN is 4 to 8 digits; a line of this length is something else.
const LONGEST_LINE: u64 = 64;

pub fn add(config: &Path, id: String, name: String) -> anyhow::Result<()> {
    ensure!(!id.trim().is_empty() && !name.trim().is_empty(), "give a staff number and a name");
    let mut line = String::new();
    stdin().lock().take(LONGEST_LINE).read_line(&mut line).context("could not read the PIN")?;
    let pin_hash = pin::hash(line.trim_end_matches(['\r', '\n']))?;
    let account = NurseAccount { nurse: Nurse { id, name }, pin_hash, sign_in: unlocked()? };
    let event = changed(&account.nurse.id)?;
    open(config)?.put_nurse(&account, &event)?;
    println!("{} ({}) may sign in.", account.nurse.name, account.nurse.id);
    Ok(())
}

pub fn unlock(config: &Path, id: &str) -> anyhow::Result<()> {
    if !open(config)?.set_sign_in(id, &unlocked()?, &[changed(id)?])? {
        bail!("no nurse at this cart has the staff number {id}");
    }
    println!("{id} may try again.");
    Ok(())
}

/// The record of this cart, also while `cartd` has it open.
pub fn open(config: &Path) -> anyhow::Result<CartVault> {
    Ok(record::open(&Config::load(config)?)?.vault)
}

fn changed(nurse: &str) -> anyhow::Result<AuditEvent> {
    let event = administrator::does(Act::AccountChanged)?;
    Ok(event.about(Subject::Nurse(nurse.to_owned())))
}

/// Counters that have counted nothing.
fn unlocked() -> anyhow::Result<String> {
    Ok(serde_json::to_string(&SignIn::default())?)
}
