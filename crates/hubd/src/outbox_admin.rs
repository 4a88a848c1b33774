//! What an administrator sees of what the EHR did not take, and decides about it, also while the hub runs.

use anyhow::{Result, ensure};
use clinical::Actor;
use outbox::{Decision, Item, State};

use crate::{
    admin,
    cli::{Decide, OutboxCommand},
    clock,
};

/// More than anybody reads; the rest comes when these are decided.
const MOST_LISTED: u32 = 200;

pub fn obey(command: OutboxCommand) -> Result<()> {
    match command {
        OutboxCommand::List { record } => {
            let waiting = admin::open(&record)?.waiting_for_a_person(MOST_LISTED)?;
            if waiting.is_empty() {
                println!("Nothing waits for a person.");
            }
            waiting.iter().filter_map(line).for_each(|line| println!("{line}"));
            Ok(())
        }
        OutboxCommand::IsThere(decide) => carry_out(&decide, Decision::IsThere),
        OutboxCommand::SendAgain(decide) => carry_out(&decide, Decision::SendAgain),
    }
}

fn carry_out(decide: &Decide, decision: Decision) -> Result<()> {
    let who = Actor::administrator(&decide.by);
    let vault = admin::open(&decide.record)?;
    let decided = vault.decide(decide.entry, decision, &who, clock::now())?;
    ensure!(decided, "entry {} does not wait for a decision: see `hubd outbox list`", decide.entry);
    println!("Kept. The hub goes on with it within half a minute.");
    Ok(())
}

fn line(item: &Item) -> Option<String> {
    let (state, reason, next) = match &item.state {
        State::Held { reason, .. } => ("held", reason, "It is tried again by itself."),
        State::SetAside { reason } => (
            "set aside",
            reason,
            "Mend it in the EHR, then `send-again`; or enter it there, then `is-there`.",
        ),
        State::Unknown { reason } => (
            "unknown",
            reason,
            "Look in the EHR: if it is there, `is-there`; if not, `send-again`.",
        ),
        State::Pending
        | State::InFlight { .. }
        | State::Retry { .. }
        | State::Unsettled { .. }
        | State::Done => return None,
    };
    Some(format!("{}  encounter {}  {state}: {reason}. {next}", item.id, item.encounter))
}
