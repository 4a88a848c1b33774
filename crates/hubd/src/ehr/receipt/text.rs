//! The words of a receipt: plain text in lines, for a person who reads the chart.

use std::fmt::Write as _;

use clinical::{Auscultation, Entry, EntryBody, Finding, Observed, Opened, Still, Timestamp};
use hub_api::Delivery;

use super::{Fate, values};

/// A visit of hours has some hundred entries. More lines are no receipt any more, and EHRs limit a note.
const MOST_LINES: usize = 300;

pub struct Call {
    pub physician: String,
    pub answered: Timestamp,
    pub ended: Option<Timestamp>,
}

/// All that a receipt tells of.
pub struct Story<'a> {
    pub opened: &'a Opened,
    pub from: Timestamp,
    pub until: Timestamp,
    pub calls: &'a [Call],
    /// In the order in which they were recorded, with how far each has come.
    pub entries: &'a [(&'a Entry, Delivery, Fate)],
    /// Under which an image archive has what it was given of this visit: its Study Instance UID.
    pub study: &'a str,
    pub made: Timestamp,
}

pub fn text(story: &Story<'_>) -> String {
    let recorded: Vec<_> = story.entries.iter().filter_map(Line::of).collect();
    let mut lines = vec!["Receipt of a telemedicine consult".to_owned(), String::new()];
    lines.extend(who(story));
    lines.push(String::new());
    lines.push(sum(&recorded));
    lines.extend(recorded.iter().take(MOST_LINES).map(Line::words));
    lines.extend(rest(recorded.get(MOST_LINES..).unwrap_or_default()));
    lines.extend(archived(story.study, &recorded));
    lines.push(String::new());
    lines.push(format!(
        "Made by the hub on {}. What is recorded or delivered later is not in it.",
        time(story.made)
    ));
    lines.join("\n")
}

fn who(story: &Story<'_>) -> Vec<String> {
    let Opened { nurse, cart, .. } = story.opened;
    let opened = format!("Opened: {} by nurse {nurse} at cart {cart}", time(story.from));
    let calls = story.calls.iter().map(|call| {
        let ended = call.ended.map_or("still going on".to_owned(), |at| format!("to {}", time(at)));
        format!("Call with {}: {} {ended}", call.physician, time(call.answered))
    });
    let nobody = story.calls.is_empty().then(|| "Call: none was answered".to_owned());
    let closed = format!("Closed: {}", time(story.until));
    [opened].into_iter().chain(calls).chain(nobody).chain([closed]).collect()
}

/// What was recorded, when, and what became of it.
struct Line {
    at: Timestamp,
    what: String,
    delivery: Delivery,
    fate: Fate,
    remarks: Vec<&'static str>,
}

impl Line {
    /// `None`: it is said above.
    fn of((entry, delivery, fate): &(&Entry, Delivery, Fate)) -> Option<Self> {
        let (at, what, remarks) = match &entry.body {
            EntryBody::Opened(_) | EntryBody::Closed => return None,
            EntryBody::Reading(reading) => {
                (reading.measured_at(), values::reading(reading), values::remarks(reading))
            }
            EntryBody::Observed(observed) => (entry.recorded, by_person(observed), Vec::new()),
            EntryBody::Still(still) => (still.taken, pictured(still), Vec::new()),
            EntryBody::Auscultation(sound) => (sound.began, heard(sound), Vec::new()),
            EntryBody::Note(note) => {
                (entry.recorded, format!("Note by {}", note.author), Vec::new())
            }
        };
        Some(Self { at, what, delivery: *delivery, fate: *fate, remarks })
    }

    fn is_delivered(&self) -> bool {
        self.delivery == Delivery::InEhr
    }

    fn words(&self) -> String {
        let became = became(self.delivery, self.fate);
        let remarks: String = self.remarks.iter().map(|remark| format!(" {remark}")).collect();
        format!("- {} {}: {became}.{remarks}", time(self.at), self.what)
    }
}

fn pictured(still: &Still) -> String {
    match still.examined {
        None => "Still picture".to_owned(),
        Some(examined) => format!("Still picture, {}", examined.words()),
    }
}

fn heard(sound: &Auscultation) -> String {
    let place = format!("Auscultation, {}", sound.site.words());
    match sound.remark() {
        Some(remark) => format!("{place} ({remark})"),
        None => place,
    }
}

fn by_person(observed: &Observed) -> String {
    let word = match observed.what {
        Finding::OxygenScale { .. } => "set by",
        Finding::RespiratoryRate { .. }
        | Finding::Consciousness { .. }
        | Finding::Breathing { .. }
        | Finding::Pregnancy { .. } => "observed by",
    };
    format!("{}, {word} {}", values::finding(observed.what), observed.by)
}

fn became(delivery: Delivery, fate: Fate) -> &'static str {
    match (delivery, fate) {
        (Delivery::InEhr, Fate::Chart) => "in the chart",
        (Delivery::InEhr, Fate::Engine) => "taken by the interface engine",
        (Delivery::InEhr, Fate::Archive) => "in the image archive",
        (Delivery::SetAside, _) => "NOT in the chart, it was refused",
        (Delivery::Unknown, _) => "MAY NOT be in the chart, look for it",
        (Delivery::AtHub, _) => "not yet in the chart",
    }
}

fn sum(recorded: &[Line]) -> String {
    let all = recorded.len();
    let delivered = recorded.iter().filter(|line| line.is_delivered()).count();
    match all - delivered {
        0 if all == 0 => "Recorded: nothing".to_owned(),
        0 => format!("Recorded: {all}, all delivered"),
        missing => format!("Recorded: {all}, of which {missing} NOT delivered"),
    }
}

/// What has no line of its own.
fn rest(lines: &[Line]) -> Option<String> {
    if lines.is_empty() {
        return None;
    }
    let mut words = format!("- and {} more", lines.len());
    let missing = lines.iter().filter(|line| !line.is_delivered()).count();
    if missing > 0 {
        // Writing to a String does not fail.
        let _ = write!(words, ", of which {missing} NOT delivered");
    }
    Some(words)
}

/// Where to look for what the chart itself does not hold.
fn archived(study: &str, recorded: &[Line]) -> Option<String> {
    let is_there = |line: &Line| line.is_delivered() && line.fate == Fate::Archive;
    recorded.iter().any(is_there).then(|| format!("Study in the image archive: {study}"))
}

/// "2026-11-22 07:42:00 UTC".
fn time(at: Timestamp) -> String {
    let written = at.to_string();
    let (seconds, _) = written.split_once('.').unwrap_or((&written, ""));
    format!("{} UTC", seconds.replacen('T', " ", 1))
}

#[cfg(test)]
mod tests;
