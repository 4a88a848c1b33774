-- An entry has one item, so that its position is the key, and the table needs no second index for it. What
-- has three choices or more is compared by OR: for a longer list in IN, SQLite builds a temporary table
-- each time that a row is written.
CREATE TABLE new_outbox (
    position INTEGER PRIMARY KEY REFERENCES entries (position),
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
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_unfinished ON outbox (position) WHERE state <> 'done';
