-- What only a cart keeps.

-- The tick of what is in the EHR does not change any more: counting looks at the rest.
CREATE INDEX outbox_not_in_ehr ON outbox (destination, position) WHERE onward <> 'in_ehr';

CREATE TABLE nurses (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    sign_in TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The worklist as the hub told it last, and what a restart takes up again: the call and who was
-- signed in, as the cart's program writes it.
CREATE TABLE cart_state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    worklist TEXT,
    worklist_as_of INTEGER,
    situation TEXT,
    CHECK ((worklist IS NULL) = (worklist_as_of IS NULL))
) STRICT;
INSERT INTO cart_state (one) VALUES (1);

-- Readings that belong to no encounter; nobody is given them without a person's decision.
CREATE TABLE unassigned_readings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    reason TEXT NOT NULL,
    reading TEXT NOT NULL
) STRICT;

CREATE TABLE malformations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    device TEXT NOT NULL,
    what TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
