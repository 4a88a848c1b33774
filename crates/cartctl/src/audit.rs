//! `cartctl audit verify`: is every row of the cart's audit as it was written, and does the hub's anchor hold?
//!
//! Shows numbers, times and hashes. What stands in the rows is for who may see the record.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use clinical::{AuditBreak, AuditReport, ChainHead, HeadCheck};

use crate::{REFUSED, bench::Connection, cart::Cart, print};

#[derive(Subcommand)]
pub enum Command {
    /// Compare every row with its hash, and the chain with the heads that were signed and anchored. Ends
    /// with 1 if anything is wrong.
    Verify(VerifyArguments),
}

#[derive(Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    connection: Connection,
    /// The head that `hubd audit verify` prints for this cart: the chain must still have it.
    #[arg(long, value_name = "POSITION:HASH")]
    holds: Option<ChainHead>,
    /// Print all that was found, as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(Command::Verify(arguments): &Command) -> anyhow::Result<ExitCode> {
    let mut cart = Cart::connect(&arguments.connection.socket)?;
    let report = cart.verify_audit(arguments.holds)?;
    if arguments.json {
        print(&report)?;
    } else {
        let mut out = io::stdout();
        lines(&report).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(if report.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(REFUSED) })
}

fn lines(report: &AuditReport) -> Vec<String> {
    let since = report.since.map(|since| format!(", since {since}")).unwrap_or_default();
    let mut lines = vec![format!("rows      {}{since}", report.rows)];
    if let Some(head) = report.head {
        lines.push(format!("head      {head}"));
    }
    lines.push(format!("signed    {}", head(report.signed.as_ref(), "nothing yet")));
    lines.push(format!("anchored  {}", head(report.anchored.as_ref(), "the hub has none yet")));
    if report.asked.is_some() {
        lines.push(format!("asked     {}", head(report.asked.as_ref(), "")));
    }
    match report.broken {
        None => {}
        Some(AuditBreak::Altered { position }) => {
            lines.push(format!("BROKEN    row {position} is not what was written"));
        }
        Some(AuditBreak::Misplaced { expected, found }) => {
            lines.push(format!("BROKEN    row {found} stands where row {expected} belongs"));
        }
    }
    lines.push(match report.is_whole() {
        true => "The audit is whole.".to_owned(),
        false => "THE AUDIT IS NOT WHOLE. Change nothing on this cart, and tell whoever is \
                  responsible for data protection: docs/field/audit.md"
            .to_owned(),
    });
    lines
}

fn head(check: Option<&HeadCheck>, none: &str) -> String {
    let Some(check) = check else { return none.to_owned() };
    let verdict = match (check.contained, check.signature_is_right) {
        (_, Some(false)) => "THE SIGNATURE IS WRONG",
        (false, _) => "NOT IN THE CHAIN: rows were cut off or written anew",
        (true, _) => "in the chain",
    };
    format!("{}: {verdict}", check.head)
}

#[cfg(test)]
mod tests {
    use clinical::Hex;

    use super::*;

    fn report(contained: bool) -> AuditReport {
        let head = ChainHead { position: 70, hash: Hex([0xab; 32]) };
        let good = HeadCheck { head, contained: true, signature_is_right: Some(true) };
        AuditReport {
            rows: 71,
            since: Some(clinical::Timestamp::from_millis(0)),
            head: Some(ChainHead { position: 71, ..head }),
            broken: None,
            signed: Some(good),
            anchored: Some(HeadCheck { contained, ..good }),
            asked: None,
        }
    }

    #[test]
    fn a_whole_audit_is_told_with_what_to_compare_it_with() {
        let digits = "ab".repeat(32);
        let told = lines(&report(true));
        assert_eq!(told[0], "rows      71, since 1970-01-01T00:00:00.000Z");
        assert_eq!(told[1], format!("head      71:{digits}"));
        assert_eq!(told[3], format!("anchored  70:{digits}: in the chain"));
        assert_eq!(told.last().unwrap(), "The audit is whole.");
    }

    #[test]
    fn what_is_wrong_is_told_with_what_to_do() {
        let cut = lines(&report(false));
        assert!(cut[3].contains("cut off"), "{cut:?}");
        assert!(cut.last().unwrap().starts_with("THE AUDIT IS NOT WHOLE"), "{cut:?}");
        let broken = Some(AuditBreak::Misplaced { expected: 9, found: 12 });
        let told = lines(&AuditReport { broken, ..report(true) });
        assert_eq!(told[4], "BROKEN    row 12 stands where row 9 belongs");
    }
}
