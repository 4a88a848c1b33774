-- What the EHR is told at the end of a visit, kept before it is told: each try sends the same words, although
-- more may have been recorded since.
CREATE TABLE receipts (
    encounter BLOB PRIMARY KEY CHECK (length(encounter) = 16),
    made INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    text TEXT NOT NULL CHECK (text <> '')
) STRICT, WITHOUT ROWID;
