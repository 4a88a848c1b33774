//! The hub's own audit: signed as it grows, verified and exported from the command line, also while the hub
//! runs. What carts anchor here comes by their sockets (`live`).

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Result, ensure};
use clinical::{Act, AuditBreak, AuditReport, ChainHead, HeadCheck, Subject};
use tokio::time::{MissedTickBehavior, interval};
use vault::{AuditChain, HubVault};

use crate::{
    admin,
    cli::{Audit, Record},
    hub::ask,
};

/// What could be cut off unseen is never older. Only this machine reads the signature, so that a busy hub
/// need not sign oftener.
const SIGN_EVERY: Duration = Duration::from_secs(60);
/// Rows that are in memory at once.
const PIECE: u32 = 1_000;

/// Until the hub stops.
pub async fn keep_signed(vault: HubVault) {
    let mut turns = interval(SIGN_EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if let Err(error) = ask(&vault, |vault| vault.audit().sign()).await {
            tracing::error!(error = &error as &dyn std::error::Error, "Could not sign the audit");
        }
    }
}

pub fn run(command: Audit) -> Result<ExitCode> {
    match command {
        Audit::Verify { holds, record } => verify(&record, holds),
        Audit::Export { from, record } => export(&record, from),
    }
}

fn verify(record: &Record, holds: Option<ChainHead>) -> Result<ExitCode> {
    let vault = admin::open(record)?;
    let report = vault.audit().verify(holds)?;
    let anchors = vault.anchors()?;
    // The words of a row that was altered may be none.
    let contradicted = match report.broken {
        None => contradicted(&vault.audit())?,
        Some(_) => Vec::new(),
    };
    let mut out = io::stdout().lock();
    say(&mut out, &report)?;
    for anchor in &anchors {
        let words = if anchor.signature_is_right { "" } else { ", AND ITS SIGNATURE IS WRONG" };
        writeln!(out, "cart {}: anchored at {}{words}", anchor.cart, anchor.head)?;
    }
    for (position, cart) in &contradicted {
        writeln!(out, "row {position}: THE AUDIT OF CART {cart} CONTRADICTED ITS ANCHOR")?;
    }
    let are_right = anchors.iter().all(|anchor| anchor.signature_is_right);
    let is_whole = report.is_whole() && are_right && contradicted.is_empty();
    writeln!(out, "{}", if is_whole { "whole" } else { "NOT WHOLE: see docs/field/audit.md" })?;
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(out: &mut impl Write, report: &AuditReport) -> io::Result<()> {
    let since = report.since.map(|since| format!(" since {since}")).unwrap_or_default();
    writeln!(out, "{} rows{since}", report.rows)?;
    if let Some(head) = report.head {
        writeln!(out, "head {head}")?;
    }
    match report.broken {
        None => {}
        Some(AuditBreak::Altered { position }) => writeln!(out, "ROW {position} WAS ALTERED")?,
        Some(AuditBreak::Misplaced { expected, found }) => {
            writeln!(out, "ROW {found} STANDS WHERE ROW {expected} BELONGS")?;
        }
    }
    for (name, check) in [("signed", &report.signed), ("asked for", &report.asked)] {
        if let Some(check) = check {
            writeln!(out, "{name} {}: {}", check.head, words(check))?;
        }
    }
    Ok(())
}

fn words(check: &HeadCheck) -> &'static str {
    match (check.contained, check.signature_is_right) {
        (_, Some(false)) => "ITS SIGNATURE IS WRONG",
        (false, _) => "NOT IN THE CHAIN: rows were cut off or written anew",
        (true, _) => "in the chain",
    }
}

/// Where in the hub's chain it says so, and of which cart. An enrolment of the cart settles what was before.
fn contradicted(chain: &AuditChain) -> Result<Vec<(i64, String)>> {
    let mut found: Vec<(i64, String)> = Vec::new();
    let mut after = 0;
    loop {
        let rows = chain.rows(after, PIECE)?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.position;
        for row in rows {
            let carts = row.event.about.into_iter().filter_map(|subject| match subject {
                Subject::Cart(cart) => Some(cart),
                _ => None,
            });
            for cart in carts {
                match row.event.what {
                    Act::AuditContradicted => found.push((row.position, cart)),
                    Act::CartEnrolled => found.retain(|(_, known)| *known != cart),
                    _ => {}
                }
            }
        }
    }
}

/// The row that tells of the export is written first, and is the last that is printed.
fn export(record: &Record, from: i64) -> Result<ExitCode> {
    ensure!(from > 0, "rows are numbered from 1");
    let chain = admin::open(record)?.audit();
    chain.note(&[admin::done_here(Act::AuditExported)?.about(Subject::Row(from))])?;
    let mut out = io::stdout().lock();
    let mut after = from - 1;
    loop {
        let rows = chain.rows(after, PIECE)?;
        let Some(last) = rows.last() else { return Ok(ExitCode::SUCCESS) };
        let is_export = last.event.what == Act::AuditExported;
        let is_short = rows.len() < PIECE as usize;
        after = last.position;
        for row in &rows {
            writeln!(out, "{}", fhir::audit_event(row, "Bedside hub"))?;
        }
        if is_export && is_short {
            return Ok(ExitCode::SUCCESS);
        }
    }
}
