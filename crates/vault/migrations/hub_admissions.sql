-- What the EHR told of patients by HL7 ADT, one row for each thing that it told of. Key and fact are JSON of
-- the hub's, which alone compares them.
CREATE TABLE admissions (
    key TEXT PRIMARY KEY CHECK (key <> ''),
    fact BLOB NOT NULL
) STRICT, WITHOUT ROWID;
