-- A reading of the tray is claimed for a patient, which takes its row away, or discarded by a person.
ALTER TABLE unassigned_readings ADD COLUMN discarded TEXT;
ALTER TABLE unassigned_readings ADD COLUMN discarded_at INTEGER;
ALTER TABLE unassigned_readings ADD COLUMN discarded_by TEXT;

-- What devices with a memory have sent, by the names of their records, so that the same memory sent
-- again changes nothing. Written in the transaction that keeps the reading itself.
CREATE TABLE known_records (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (device, record)
) STRICT;
CREATE INDEX known_records_by_device ON known_records (device, number);
