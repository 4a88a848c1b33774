//! What an administrator does on the command line, also while the hub runs.

use std::{io::Read as _, os::unix::fs::MetadataExt as _};

use anyhow::{Context as _, Result, ensure};
use clinical::{Act, Actor, AuditEvent, Subject};
use vault::{EnrolledCart, HubVault, PhysicianAccount, VaultKey};

use crate::{
    auth::{password, secret::from_hexadecimal},
    cli::{Cart, Key, Physician, Record},
    clock,
};

/// NIST SP 800-63B section 5.1.1.1: at least eight characters where a person chose them.
const SHORTEST_PASSWORD: usize = 8;
const LONGEST_PASSWORD: usize = 1024;
const LONGEST_NAME: usize = 64;

pub fn open(record: &Record) -> Result<HubVault> {
    let key = VaultKey::from_file(&record.key_file)?;
    Ok(HubVault::open(&record.data, &key)?)
}

pub fn physician(command: Physician) -> Result<()> {
    let Physician::Add { name, display_name, record } = command;
    check_name(&name)?;
    ensure!(!display_name.trim().is_empty(), "nurses read the display name: it cannot be empty");
    let password_hash = password::hash(&read_password()?)?;
    let event = done_here(Act::AccountChanged)?.about(Subject::Physician(name.clone()));
    let account = PhysicianAccount { name, display_name, password_hash };
    open(&record)?.put_physician(&account, &event)?;
    Ok(())
}

pub fn cart(command: Cart) -> Result<()> {
    let Cart::Enrol { name, public_key, record } = command;
    check_name(&name)?;
    let public_key = from_hexadecimal(&public_key)
        .context("a cart's public key is 64 hexadecimal digits, as the cart shows it")?;
    let event = done_here(Act::CartEnrolled)?.about(Subject::Cart(name.clone()));
    let cart = EnrolledCart { name, public_key, enrolled_at: event.at };
    open(&record)?.enrol_cart(&cart, &event)?;
    Ok(())
}

pub fn key(command: &Key) -> Result<()> {
    let Key::Create { file } = command;
    VaultKey::create_file(file)?;
    Ok(())
}

/// By whoever runs this program: the kernel says who that is, and no variable of the environment.
pub fn done_here(what: Act) -> Result<AuditEvent> {
    let user = std::fs::metadata("/proc/self").context("could not see who runs this")?.uid();
    Ok(AuditEvent::new(clock::now(), Actor::administrator(&format!("uid {user}")), what))
}

fn check_name(name: &str) -> Result<()> {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    ensure!(
        !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(is_plain),
        "a name has at most {LONGEST_NAME} letters, digits, and the signs - _ ."
    );
    Ok(())
}

fn read_password() -> Result<String> {
    let mut text = String::new();
    let mut input = std::io::stdin().take(LONGEST_PASSWORD as u64 + 2);
    input.read_to_string(&mut text).context("could not read the password from standard input")?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    let length = password.chars().count();
    ensure!(length >= SHORTEST_PASSWORD, "a password has at least {SHORTEST_PASSWORD} characters");
    ensure!(length <= LONGEST_PASSWORD, "a password has at most {LONGEST_PASSWORD} characters");
    Ok(password.to_owned())
}
