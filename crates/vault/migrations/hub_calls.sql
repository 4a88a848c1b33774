-- Answered calls: who was let into which encounter, and which calls a restarted hub takes up again.

CREATE TABLE calls (
    call BLOB PRIMARY KEY CHECK (length(call) = 16),
    cart TEXT NOT NULL REFERENCES carts (name),
    encounter BLOB NOT NULL CHECK (length(encounter) = 16),
    physician TEXT NOT NULL REFERENCES physicians (name),
    answered INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX calls_of_encounter ON calls (encounter, physician);
CREATE INDEX calls_going_on ON calls (answered) WHERE ended IS NULL;
CREATE INDEX entries_with_blob ON entries (blob) WHERE blob IS NOT NULL;
