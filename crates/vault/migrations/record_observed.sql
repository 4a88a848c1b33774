-- What a nurse observes herself is kept as any other entry. SQLite cannot widen a CHECK: both tables
-- are written anew, the child first taken away, so that no row is ever without its parent.
CREATE TABLE new_entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    encounter BLOB NOT NULL CHECK (length(encounter) = 16),
    kind TEXT NOT NULL
        CHECK (kind IN ('opened', 'reading', 'observed', 'still', 'note', 'closed')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    blob TEXT REFERENCES blobs (sha256),
    body BLOB NOT NULL,
    CHECK ((kind = 'still') = (blob IS NOT NULL))
) STRICT;
INSERT INTO new_entries (position, id, encounter, kind, sha256, blob, body)
    SELECT position, id, encounter, kind, sha256, blob, body FROM entries;

CREATE TABLE new_outbox (
    destination TEXT NOT NULL CHECK (destination IN ('hub', 'ehr')),
    position INTEGER NOT NULL REFERENCES new_entries (position),
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'in_flight', 'retry', 'set_aside', 'done')),
    at INTEGER,
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    onward TEXT NOT NULL DEFAULT 'nothing' CHECK (onward IN ('nothing', 'in_ehr', 'set_aside')),
    PRIMARY KEY (destination, position),
    CHECK ((state IN ('in_flight', 'retry')) = (at IS NOT NULL)),
    CHECK ((state = 'set_aside') = (reason IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO new_outbox (destination, position, state, at, reason, attempts, onward)
    SELECT destination, position, state, at, reason, attempts, onward FROM outbox;

DROP TABLE outbox;
DROP TABLE entries;
-- The renaming follows in what refers to it.
ALTER TABLE new_entries RENAME TO entries;
ALTER TABLE new_outbox RENAME TO outbox;

CREATE INDEX entries_of_encounter ON entries (encounter, position);
CREATE UNIQUE INDEX one_opening ON entries (encounter) WHERE kind = 'opened';
CREATE INDEX outbox_unfinished ON outbox (destination, position) WHERE state <> 'done';
