-- What was heard through the stethoscope is kept as any other entry, with a blob as a still has one. SQLite cannot
-- widen a CHECK: both tables are written anew, the child first taken away, so that no row is ever without its parent.
CREATE TABLE new_entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    encounter BLOB NOT NULL CHECK (length(encounter) = 16),
    kind TEXT NOT NULL CHECK (
        kind = 'opened' OR kind = 'reading' OR kind = 'observed' OR kind = 'still'
        OR kind = 'auscultation' OR kind = 'note' OR kind = 'closed'),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    blob TEXT REFERENCES blobs (sha256),
    body BLOB NOT NULL,
    CHECK ((kind = 'still' OR kind = 'auscultation') = (blob IS NOT NULL))
) STRICT;
INSERT INTO new_entries (position, id, encounter, kind, sha256, blob, body)
    SELECT position, id, encounter, kind, sha256, blob, body FROM entries;
-- No position is given a second time, also where the last entries were purged.
DELETE FROM sqlite_sequence WHERE name = 'new_entries';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'new_entries', seq FROM sqlite_sequence WHERE name = 'entries';

CREATE TABLE new_outbox (
    position INTEGER PRIMARY KEY REFERENCES new_entries (position),
    destination TEXT NOT NULL CHECK (destination IN ('hub', 'ehr')),
    state TEXT NOT NULL DEFAULT 'pending' CHECK (
        state = 'pending' OR state = 'in_flight' OR state = 'retry' OR state = 'unsettled'
        OR state = 'held' OR state = 'set_aside' OR state = 'unknown' OR state = 'done'),
    -- A moment of the program that wrote it, in milliseconds; it means nothing to the next one.
    at INTEGER,
    reason TEXT,
    -- What comes of sending it twice, and how long the destination may take it late.
    repeat TEXT CHECK (repeat = 'harmless' OR repeat = 'after_look' OR repeat = 'never'),
    settle_ms INTEGER CHECK (settle_ms BETWEEN 0 AND 4294967295),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    onward TEXT NOT NULL DEFAULT 'nothing'
        CHECK (onward = 'nothing' OR onward = 'in_ehr' OR onward = 'set_aside'),
    CHECK ((state = 'retry' OR state = 'unsettled' OR state = 'held') = (at IS NOT NULL)),
    CHECK ((state = 'held' OR state = 'set_aside' OR state = 'unknown') = (reason IS NOT NULL)),
    CHECK ((state IN ('in_flight', 'unsettled')) = (repeat IS NOT NULL)),
    CHECK (coalesce(repeat IN ('after_look', 'never'), FALSE) = (settle_ms IS NOT NULL))
) STRICT;
INSERT INTO new_outbox
    (position, destination, state, at, reason, repeat, settle_ms, attempts, onward)
SELECT position, destination, state, at, reason, repeat, settle_ms, attempts, onward FROM outbox;

DROP TABLE outbox;
DROP TABLE entries;
-- The renaming follows in what refers to it.
ALTER TABLE new_entries RENAME TO entries;
ALTER TABLE new_outbox RENAME TO outbox;

CREATE INDEX entries_of_encounter ON entries (encounter, position);
CREATE UNIQUE INDEX one_opening ON entries (encounter) WHERE kind = 'opened';
CREATE INDEX outbox_unfinished ON outbox (position) WHERE state <> 'done';
