-- Where in the EHR an encounter was found or made. Kept, because a search for it may find another one
-- later, and readings of one visit belong together.
CREATE TABLE charts (
    encounter BLOB PRIMARY KEY CHECK (length(encounter) = 16),
    patient_reference TEXT NOT NULL CHECK (patient_reference <> ''),
    encounter_reference TEXT NOT NULL CHECK (encounter_reference <> '')
) STRICT, WITHOUT ROWID;
