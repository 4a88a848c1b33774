//! The audit is written with what it tells of, and whatever is done to its rows shows.

use std::path::Path;

use clinical::{Act, Actor, AuditBreak, AuditEvent, AuditReport, CallId, ChainHead, Hex, Subject};
use rusqlite::{Connection, params, types::Value};
use tempfile::TempDir;
use uuid::Uuid;
use vault::{CartVault, Commit};

use crate::common::{NOW, cart_vault, closed, encounter, event, id, key, opened};

const ROWS: i64 = 8;

/// A row of its own content for each number.
pub fn row(number: i64) -> AuditEvent {
    let call = CallId::new(Uuid::from_u128(number as u128));
    let physician = Actor::physician("Dr. Amara Weiß");
    AuditEvent::new(NOW.plus_millis(number), physician, Act::CallAnswered)
        .about(Subject::Call(call))
        .about(Subject::Encounter(encounter(1)))
}

pub fn with_rows(rows: i64) -> (TempDir, CartVault) {
    let (folder, vault) = cart_vault();
    let events: Vec<_> = (1..=rows).map(row).collect();
    vault.audit().note(&events).unwrap();
    (folder, vault)
}

/// Somebody with the key, whom no trigger, check or rule of the vault stops.
pub fn intruder(folder: &Path) -> Connection {
    let raw = Connection::open(folder.join("vault.db")).unwrap();
    raw.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32))).unwrap();
    raw.execute_batch(
        "PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON;
         DROP TRIGGER audit_rows_stay_as_they_are; DROP TRIGGER audit_rows_stay;
         DROP TRIGGER audit_rows_follow_each_other;",
    )
    .unwrap();
    raw
}

pub fn verify(vault: &CartVault) -> AuditReport {
    vault.audit().verify(None).unwrap()
}

#[test]
fn a_chain_that_nobody_touched_is_whole() {
    let (_folder, vault) = cart_vault();
    let empty = verify(&vault);
    assert!(empty.is_whole() && empty.head.is_none(), "{empty:?}");
    assert_eq!(vault.audit().sign().unwrap(), None, "nothing to sign");
    let (folder, vault) = with_rows(ROWS);
    let signed = vault.audit().sign().unwrap().unwrap();
    drop(vault);
    let vault = CartVault::open(folder.path(), &key()).unwrap();
    let report = verify(&vault);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!((report.rows, report.head), (ROWS, Some(signed.head)));
    assert_eq!(report.since, Some(NOW.plus_millis(1)));
    assert_eq!(vault.audit().sign().unwrap(), Some(signed), "the same head, the same signature");
    let rows = vault.audit().rows(2, 3).unwrap();
    assert_eq!(rows.iter().map(|row| row.position).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(rows[0].event, row(3));
}

#[test]
fn any_flipped_byte_of_any_column_of_any_row_is_found() {
    let (folder, vault) = with_rows(ROWS);
    let raw = intruder(folder.path());
    let mut flips = 0;
    for position in 1..=ROWS {
        for column in ["position", "at", "who", "what", "about", "hash"] {
            let read = format!("SELECT {column} FROM audit WHERE position = ?1");
            let old: Value = raw.query_row(&read, [position], |row| row.get(0)).unwrap();
            for byte in 0..length(&old) {
                let new = flipped(&old, byte);
                // A text with a flipped byte is often none in UTF-8: it is put there as bytes.
                let cast = if matches!(old, Value::Text(_)) { "CAST(?2 AS TEXT)" } else { "?2" };
                let write = |at: i64, value: &Value| {
                    let sql = format!("UPDATE audit SET {column} = {cast} WHERE position = ?1");
                    assert_eq!(raw.execute(&sql, params![at, value]).unwrap(), 1);
                };
                write(position, &new);
                let report = verify(&vault);
                assert!(!report.is_whole(), "{column}, byte {byte} of row {position}");
                assert!(report.rows < position, "it was found later: {report:?}");
                let now_at = match (column, &new) {
                    ("position", Value::Integer(moved)) => *moved,
                    _ => position,
                };
                write(now_at, &bytes_of(&old));
                flips += 1;
            }
        }
    }
    assert!(flips > 8 * 100, "{flips}");
    assert!(verify(&vault).is_whole(), "everything was put back");
}

fn length(value: &Value) -> usize {
    match value {
        Value::Integer(_) => 8,
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Real(_) => panic!("no such column"),
    }
}

/// Its highest bit, so that a position becomes none that is taken.
fn flipped(value: &Value, byte: usize) -> Value {
    match bytes_of(value) {
        Value::Integer(number) => Value::Integer(number ^ (0x80 << (8 * byte))),
        Value::Blob(mut bytes) => {
            bytes[byte] ^= 0x80;
            Value::Blob(bytes)
        }
        other => panic!("{other:?}"),
    }
}

fn bytes_of(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Blob(text.clone().into_bytes()),
        other => other.clone(),
    }
}

#[test]
fn a_row_that_is_taken_out_put_in_or_moved_is_found() {
    let misplaced = |expected, found| Some(AuditBreak::Misplaced { expected, found });
    let altered = |position| Some(AuditBreak::Altered { position });
    let last = "SELECT 9, at, who, what, about, hash FROM audit WHERE position = 8";
    let again = format!("INSERT INTO audit {last}");
    let swapped = "UPDATE audit SET position = -1 WHERE position = 3;
        UPDATE audit SET position = 3 WHERE position = 4;
        UPDATE audit SET position = 4 WHERE position = -1";
    let before = "INSERT INTO audit VALUES (0, 1, 'nurse:1', 'started', '[]', zeroblob(32))";
    let closed_up = "DELETE FROM audit WHERE position = 3;
        UPDATE audit SET position = position - 1 WHERE position > 3";
    for (what, expected) in [
        ("DELETE FROM audit WHERE position = 1", misplaced(1, 2)),
        ("DELETE FROM audit WHERE position = 5", misplaced(5, 6)),
        (closed_up, altered(3)),
        (swapped, altered(3)),
        (before, misplaced(1, 0)),
        (&again, altered(9)),
    ] {
        let (folder, vault) = with_rows(ROWS);
        intruder(folder.path()).execute_batch(what).unwrap();
        let report = verify(&vault);
        assert_eq!(report.broken, expected, "{what}");
        assert!(!report.is_whole());
    }
}

#[test]
fn rows_that_are_cut_off_are_missed_by_the_head_that_was_signed() {
    for left in 0..ROWS {
        let (folder, vault) = with_rows(ROWS);
        vault.audit().sign().unwrap();
        let cut = "DELETE FROM audit WHERE position > ?1";
        intruder(folder.path()).execute(cut, [left]).unwrap();
        let report = verify(&vault);
        assert_eq!((report.rows, report.broken), (left, None), "what is left holds together");
        assert!(!report.signed.unwrap().contained && !report.is_whole());
    }
}

#[test]
fn a_signature_by_another_key_or_of_another_head_is_found() {
    let other = "5a".repeat(32);
    for forged in [
        format!("UPDATE audit_heads SET public_key = x'{other}'"),
        format!("UPDATE audit_heads SET hash = x'{other}'"),
        "UPDATE audit_heads SET position = 7".to_owned(),
        "UPDATE audit_heads SET signature = zeroblob(64)".to_owned(),
    ] {
        let (folder, vault) = with_rows(ROWS);
        vault.audit().sign().unwrap();
        intruder(folder.path()).execute_batch(&forged).unwrap();
        let report = verify(&vault);
        assert_eq!(report.signed.unwrap().signature_is_right, Some(false), "{forged}");
        assert!(!report.is_whole());
    }
}

#[test]
fn no_program_of_ours_can_change_a_row_by_mistake() {
    let (folder, vault) = with_rows(ROWS);
    let raw = Connection::open(folder.path().join("vault.db")).unwrap();
    raw.pragma_update(None, "key", format!("x'{}'", "5a".repeat(32))).unwrap();
    for mistake in [
        "UPDATE audit SET at = 0",
        "DELETE FROM audit WHERE position = 8",
        "INSERT OR REPLACE INTO audit VALUES (8, 1, 'nurse:1', 'started', '[]', zeroblob(32))",
        "INSERT INTO audit VALUES (10, 1, 'nurse:1', 'started', '[]', zeroblob(32))",
        "INSERT INTO audit VALUES (9, 1, '', 'started', '[]', zeroblob(32))",
        "INSERT INTO audit VALUES (9, 1, 'nurse:1', '', '[]', zeroblob(32))",
    ] {
        raw.execute(mistake, []).expect_err(mistake);
    }
    assert!(verify(&vault).is_whole());
    assert_eq!(verify(&vault).rows, ROWS);
}

#[test]
fn an_entry_and_its_row_are_kept_together_or_not_at_all() {
    let (_folder, vault) = cart_vault();
    let told = |what| [event(what).about(Subject::Entry(id(1)))];
    vault.commit_told(Commit::of(opened(1)), &told(Act::PatientOpened)).unwrap();
    vault.commit_told(Commit::of(closed(2, 9)), &told(Act::VisitClosed)).expect_err("never opened");
    let again = vault.commit_told(Commit::of(opened(1)), &told(Act::PatientOpened)).unwrap();
    assert!(!again.entries()[0].is_new());
    let rows = vault.audit().rows(0, 10).unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].event, told(Act::PatientOpened)[0]);
    assert!(!vault.set_sign_in("nobody", "{}", &told(Act::AccountChanged)).unwrap());
    vault.set_situation("{}", &told(Act::SignedIn)).unwrap();
    assert_eq!(verify(&vault).rows, 2, "nothing is told of what did not happen");
}

#[test]
fn programs_that_write_at_once_write_one_chain() {
    let (folder, vault) = cart_vault();
    let other = CartVault::open(folder.path(), &key()).unwrap();
    let writer = std::thread::spawn(move || {
        (0..50).for_each(|number| other.audit().note(&[row(number)]).unwrap());
    });
    (0..50).for_each(|number| vault.audit().note(&[row(number)]).unwrap());
    writer.join().unwrap();
    let report = verify(&vault);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.rows, 100);
}

#[test]
fn a_hundred_thousand_rows_are_verified_and_the_last_one_that_is_altered_is_found() {
    let (folder, vault) = cart_vault();
    for batch in 0..20 {
        let events: Vec<_> = (1..=5_000).map(|number| row(batch * 5_000 + number)).collect();
        vault.audit().note(&events).unwrap();
    }
    let signed = vault.audit().sign().unwrap().unwrap();
    let report = verify(&vault);
    assert!(report.is_whole(), "{report:?}");
    assert_eq!((report.rows, report.head), (100_000, Some(signed.head)));
    let alter = "UPDATE audit SET at = at + 1 WHERE position = 100000";
    intruder(folder.path()).execute(alter, []).unwrap();
    assert_eq!(verify(&vault).broken, Some(AuditBreak::Altered { position: 100_000 }));
}

#[test]
fn a_head_that_somebody_brings_is_in_the_chain_or_is_not() {
    let (_folder, vault) = with_rows(ROWS);
    let row = vault.audit().rows(4, 1).unwrap().remove(0);
    let brought = ChainHead { position: row.position, hash: row.hash };
    let asked = |head| vault.audit().verify(Some(head)).unwrap();
    assert!(asked(brought).is_whole());
    for wrong in [
        ChainHead { position: 6, ..brought },
        ChainHead { position: 900, ..brought },
        ChainHead { hash: Hex([0; 32]), ..brought },
    ] {
        assert!(!asked(wrong).is_whole(), "{wrong}");
    }
}
