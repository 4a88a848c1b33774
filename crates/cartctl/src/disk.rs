//! `cartctl disk`: what room the disk under the record has, and what to do when it fills.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use cart_api::{DiskHealth, DiskRoom, Space};
use serde_json::json;

use crate::{bench::ListArguments, cart::Cart, print, record_key};

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

pub fn look(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let mut cart = Cart::connect(&arguments.connection.socket)?;
    let disk = cart.disk()?;
    record_key::warn(&mut cart)?;
    if arguments.json {
        return print(&json!({ "disk": disk }));
    }
    let lines = match disk {
        Some(disk) => words(&disk),
        None => vec!["cartd could not look at the disk. Look at: journalctl -u cartd".to_owned()],
    };
    let mut out = io::stdout();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(ExitCode::SUCCESS)
}

fn words(disk: &DiskHealth) -> Vec<String> {
    let DiskHealth { space, room, times_full, purged } = disk;
    let (state, next) = state(*space);
    let mut lines = vec![
        format!("The disk under the record {state}."),
        next.to_owned(),
        format!("Free: {} of {}.", size(room.available), size(room.total)),
        format!("Free inside the record's file, written over first: {}.", size(room.reusable)),
        ballast(room),
        format!("Entries purged since cartd started: {purged}."),
    ];
    if *times_full > 0 {
        lines.push(format!("It was full {times_full}× since cartd started."));
    }
    lines
}

/// How it is, and what a technician does about it.
fn state(space: Space) -> (&'static str, &'static str) {
    match space {
        Space::Enough => ("has room", "Nothing is to be done."),
        Space::Warn => (
            "is filling",
            "Does the cart reach its hub? What is in the EHR goes by itself after the retention. Look what \
             else is large: sudo du -xh / | sort -h | tail",
        ),
        Space::NoVideo => (
            "is nearly full",
            "Pictures are refused soon. Bring the cart where it reaches its hub, and make room today.",
        ),
        Space::NoMedia => (
            "is full: pictures are refused, readings and notes are still saved",
            "Make room now. Never delete anything in the record's folder: what waits there exists nowhere \
             else.",
        ),
    }
}

fn ballast(room: &DiskRoom) -> String {
    let DiskRoom { ballast, ballast_wanted, .. } = *room;
    let wanted = size(ballast_wanted);
    if ballast >= ballast_wanted {
        return format!("Held back for readings and notes: {}.", size(ballast));
    }
    let there =
        if ballast == 0 { "not there".to_owned() } else { format!("only {}", size(ballast)) };
    format!(
        "Held back for readings and notes: {there}, of {wanted}. It comes back when there is room."
    )
}

fn size(bytes: u64) -> String {
    // For the eye: the JSON has the bytes.
    let (unit, name) = if bytes >= GIB { (GIB, "GiB") } else { (MIB, "MiB") };
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_one_digit_behind_the_point() {
        for (bytes, text) in [(0, "0.0 MiB"), (MIB * 3 / 2, "1.5 MiB"), (GIB - 1, "1023.9 MiB")] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(size(u64::MAX), "17179869183.9 GiB");
    }

    #[test]
    fn a_ballast_says_whether_it_is_there() {
        let ballast = |there, wanted| {
            ballast(&DiskRoom { ballast: there, ballast_wanted: wanted, ..DiskRoom::default() })
        };
        assert!(ballast(8 * MIB, 8 * MIB).ends_with("notes: 8.0 MiB."));
        assert!(ballast(0, 8 * MIB).contains("not there, of 8.0 MiB"));
        assert!(ballast(4 * MIB, 8 * MIB).contains("only 4.0 MiB, of 8.0 MiB"));
    }

    #[test]
    fn how_often_it_was_full_is_told_only_when_it_was() {
        let told = |times_full| {
            let (space, room) = (Space::Enough, DiskRoom::default());
            words(&DiskHealth { space, room, times_full, purged: 0 }).join(" ")
        };
        assert!(!told(0).contains("was full"));
        assert!(told(1).contains("was full 1×"));
    }
}
