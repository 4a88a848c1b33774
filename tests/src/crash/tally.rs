//! What was found after the kills, counted.

use anyhow::Result;
use vault::AuditChain;

use crate::figures::Figure;

/// The first findings are told in words; more of the same say nothing new.
const TOLD: usize = 20;

#[derive(Debug, Default)]
pub struct Tally {
    /// SIGKILLs that met a running program.
    pub kills: usize,
    /// What was seen as saved: readings, visits, notes.
    pub acked: usize,
    /// Of these, what is neither in the EHR nor before a person.
    pub lost: usize,
    pub doubled: usize,
    pub altered: usize,
    /// In the EHR in another order than they were saved.
    pub disordered: usize,
    /// Left to a person, in `hubd outbox list`: it may be in the EHR, once.
    pub unknown: usize,
    pub set_aside: usize,
    /// Audits that are not whole.
    pub broken_chains: usize,
    pub findings: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.acked += other.acked;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.altered += other.altered;
        self.disordered += other.disordered;
        self.unknown += other.unknown;
        self.set_aside += other.set_aside;
        self.broken_chains += other.broken_chains;
        self.findings.extend(other.findings);
        self.findings.truncate(TOLD);
    }

    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.altered + self.disordered + self.broken_chains == 0
    }

    pub fn loses(&mut self, what: String) {
        self.lost += 1;
        self.findings.push(format!("lost: {what}"));
    }

    pub fn doubles(&mut self, what: String) {
        self.doubled += 1;
        self.findings.push(format!("doubled: {what}"));
    }

    pub fn alters(&mut self, what: String) {
        self.altered += 1;
        self.findings.push(format!("altered: {what}"));
    }

    /// # Errors
    /// It cannot be read.
    pub fn audit(&mut self, whose: &str, chain: &AuditChain) -> Result<()> {
        let report = chain.verify(None)?;
        if !report.is_whole() || report.rows == 0 {
            self.broken_chains += 1;
            self.findings.push(format!("the audit of the {whose}: {report:?}"));
        }
        Ok(())
    }

    /// How often it is where it has to be once. `may_miss`: a person has it on the list.
    pub fn counts(&mut self, found: usize, may_miss: bool, what: &str) {
        match found {
            0 if !may_miss => self.loses(what.to_owned()),
            0 | 1 => {}
            _ => self.doubles(format!("{found} × {what}")),
        }
    }

    pub fn figures(&self, asked: usize) -> Vec<Figure> {
        let none = |name, count: usize| Figure::exactly(name, count as f64, "entries", 0.);
        vec![
            Figure::at_least("crash_kills", self.kills as f64, "kills", asked as f64),
            Figure::told("crash_acked", self.acked as f64, "entries"),
            none("crash_lost", self.lost),
            none("crash_doubled", self.doubled),
            none("crash_altered", self.altered),
            none("crash_out_of_order", self.disordered),
            Figure::told("crash_unknown", self.unknown as f64, "entries"),
            Figure::told("crash_set_aside", self.set_aside as f64, "entries"),
            Figure::exactly("crash_broken_audits", self.broken_chains as f64, "audits", 0.),
        ]
    }
}
