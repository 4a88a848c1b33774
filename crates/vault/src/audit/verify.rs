//! Walks over a chain once, in pieces, and says where it breaks first and which heads are in it.

use clinical::{AuditBreak, AuditReport, ChainHead, HeadCheck, Hex, Timestamp};
use rusqlite::{Connection, Row, types::ValueRef};

use super::{
    AuditChain,
    heads::{self, Chain},
    link::{self, Columns, START},
};
use crate::error::{VaultError, failed};

/// A few milliseconds: the record is written between two pieces.
const PIECE: usize = 1_000;

impl AuditChain {
    /// Recomputes every hash from the first row on. `asked`: a head that the chain should have as well,
    /// such as the one that the hub holds.
    ///
    /// # Errors
    /// The vault cannot be read. That the chain is broken is no error.
    pub fn verify(&self, asked: Option<ChainHead>) -> Result<AuditReport, VaultError> {
        // The heads first: rows that are written meanwhile only come after them.
        let mut heads = self.vault.with(|connection| Heads::read(connection))?;
        heads.asked = asked.map(|head| check(head, None));
        let mut walk = Walk { rows: 0, since: None, hash: START, broken: None };
        // Before the first row: somebody may have put one there.
        let mut from = i64::MIN;
        while let Some(last) = self.vault.with(|connection| {
            walk.piece(connection, from, &mut heads).map_err(failed("read the audit"))
        })? {
            from = last + 1;
        }
        let Walk { rows, since, hash, broken } = walk;
        let head = (rows > 0).then_some(ChainHead { position: rows, hash });
        let Heads { signed, anchored, asked } = heads;
        Ok(AuditReport { rows, since, head, broken, signed, anchored, asked })
    }
}

struct Heads {
    signed: Option<HeadCheck>,
    anchored: Option<HeadCheck>,
    asked: Option<HeadCheck>,
}

impl Heads {
    fn read(connection: &Connection) -> Result<Self, VaultError> {
        let key = heads::public_key(connection)?;
        let read = |chain: &Chain<'_>| {
            let kept = heads::get(connection, chain).map_err(failed("read a head of the audit"))?;
            Ok::<_, VaultError>(kept.map(|signed| {
                let is_right = key == Some(signed.public_key) && heads::is_right(&signed);
                check(signed.head, Some(is_right))
            }))
        };
        Ok(Self { signed: read(&Chain::Newest)?, anchored: read(&Chain::Anchored)?, asked: None })
    }

    fn passed(&mut self, head: ChainHead) {
        for wanted in [&mut self.signed, &mut self.anchored, &mut self.asked].into_iter().flatten()
        {
            wanted.contained |= wanted.head == head;
        }
    }
}

fn check(head: ChainHead, signature_is_right: Option<bool>) -> HeadCheck {
    HeadCheck { head, contained: false, signature_is_right }
}

struct Walk {
    rows: i64,
    since: Option<Timestamp>,
    hash: Hex<32>,
    broken: Option<AuditBreak>,
}

impl Walk {
    /// The last position of the piece. `None`: this was the last piece.
    fn piece(
        &mut self,
        connection: &Connection,
        from: i64,
        heads: &mut Heads,
    ) -> rusqlite::Result<Option<i64>> {
        let sql = "SELECT position, at, who, what, about, hash FROM audit
            WHERE position >= ?1 ORDER BY position LIMIT ?2";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params![from, PIECE as i64])?;
        let (mut count, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            if self.row(row)?.is_none() {
                return Ok(None);
            }
            heads.passed(ChainHead { position: self.rows, hash: self.hash });
            (count, last) = (count + 1, Some(self.rows));
        }
        Ok(last.filter(|_| count == PIECE))
    }

    /// `None`: here it breaks.
    fn row(&mut self, row: &Row<'_>) -> rusqlite::Result<Option<()>> {
        let (position, at) = (row.get(0)?, row.get(1)?);
        let expected = self.rows + 1;
        if position != expected {
            self.broken = Some(AuditBreak::Misplaced { expected, found: position });
            return Ok(None);
        }
        let (who, what, about) = (bytes(row, 2)?, bytes(row, 3)?, bytes(row, 4)?);
        let hash = link::next(self.hash, Columns { position, at, who, what, about }.link());
        if bytes(row, 5)? != hash.0 {
            self.broken = Some(AuditBreak::Altered { position });
            return Ok(None);
        }
        self.since.get_or_insert(Timestamp::from_millis(at));
        (self.rows, self.hash) = (position, hash);
        Ok(Some(()))
    }
}

/// Also of a text that is none.
pub(super) fn bytes<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<&'a [u8]> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => &[],
    })
}
