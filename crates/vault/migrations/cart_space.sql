-- What was delivered long since is purged. Without these, each row that goes would walk all rows that could
-- point to it.
CREATE INDEX outbox_by_position ON outbox (position);
CREATE INDEX entries_by_blob ON entries (blob) WHERE blob IS NOT NULL;
