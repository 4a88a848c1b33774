-- What the EHR said of a patient when it was asked for the chart, one row for each patient. Key and content are JSON
-- of the hub's. A copy for when the EHR is away, never a record: it is forgotten by its age.
CREATE TABLE summaries (
    patient TEXT PRIMARY KEY CHECK (patient <> ''),
    asked INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX summaries_by_age ON summaries (asked);
