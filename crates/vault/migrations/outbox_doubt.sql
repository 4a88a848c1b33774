-- What may have arrived, what is denied and what nobody can prove. `at` is a moment of the program that
-- wrote it, in milliseconds, and means nothing to the next one.
CREATE TABLE new_outbox (
    destination TEXT NOT NULL CHECK (destination IN ('hub', 'ehr')),
    position INTEGER NOT NULL REFERENCES entries (position),
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN
        ('pending', 'in_flight', 'retry', 'unsettled', 'held', 'set_aside', 'unknown', 'done')),
    at INTEGER,
    reason TEXT,
    -- What comes of sending it twice, and how long the destination may take it late.
    repeat TEXT CHECK (repeat IN ('harmless', 'after_look', 'never')),
    settle_ms INTEGER CHECK (settle_ms BETWEEN 0 AND 4294967295),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    onward TEXT NOT NULL DEFAULT 'nothing' CHECK (onward IN ('nothing', 'in_ehr', 'set_aside')),
    PRIMARY KEY (destination, position),
    CHECK ((state IN ('retry', 'unsettled', 'held')) = (at IS NOT NULL)),
    CHECK ((state IN ('held', 'set_aside', 'unknown')) = (reason IS NOT NULL)),
    CHECK ((state IN ('in_flight', 'unsettled')) = (repeat IS NOT NULL)),
    CHECK (coalesce(repeat IN ('after_look', 'never'), FALSE) = (settle_ms IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- What was in flight under the older program went to a destination that knows it by its id, or by a
-- search that the destination makes itself.
INSERT INTO new_outbox (destination, position, state, at, reason, repeat, attempts, onward)
SELECT destination, position, state, CASE state WHEN 'retry' THEN 0 END, reason,
    CASE state WHEN 'in_flight' THEN 'harmless' END, attempts, onward
FROM outbox;

DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_unfinished ON outbox (destination, position) WHERE state <> 'done';

-- The newest sender of a destination; an older one can change nothing any more.
CREATE TABLE senders (
    destination TEXT PRIMARY KEY CHECK (destination IN ('hub', 'ehr')),
    claim INTEGER NOT NULL CHECK (claim >= 0)
) STRICT, WITHOUT ROWID;
