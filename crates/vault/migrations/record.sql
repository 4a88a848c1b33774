-- What is kept of encounters, on the cart as on the hub.

-- Pictures and sounds, under the SHA-256 of their bytes in lower-case hexadecimal.
CREATE TABLE blobs (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    length INTEGER NOT NULL CHECK (length BETWEEN 0 AND 4294967295)
) STRICT, WITHOUT ROWID;

-- 256 KiB a row, so that no read or write holds more than that in one piece.
CREATE TABLE blob_chunks (
    sha256 TEXT NOT NULL REFERENCES blobs (sha256),
    number INTEGER NOT NULL CHECK (number >= 0),
    bytes BLOB NOT NULL CHECK (length(bytes) BETWEEN 1 AND 262144),
    UNIQUE (sha256, number)
) STRICT;

-- `position` rises with every commit and is never given twice. The long column is last, so that
-- the short ones are read without it.
CREATE TABLE entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    encounter BLOB NOT NULL CHECK (length(encounter) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('opened', 'reading', 'still', 'note', 'closed')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    blob TEXT REFERENCES blobs (sha256),
    body BLOB NOT NULL,
    CHECK ((kind = 'still') = (blob IS NOT NULL))
) STRICT;

CREATE INDEX entries_of_encounter ON entries (encounter, position);
CREATE UNIQUE INDEX one_opening ON entries (encounter) WHERE kind = 'opened';

-- Times are milliseconds since 1970. `onward` is what the destination said about its own next step.
CREATE TABLE outbox (
    destination TEXT NOT NULL CHECK (destination IN ('hub', 'ehr')),
    position INTEGER NOT NULL REFERENCES entries (position),
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

CREATE INDEX outbox_unfinished ON outbox (destination, position) WHERE state <> 'done';
