
-- The cart's own indexes of the tables that were written anew.
CREATE INDEX outbox_not_in_ehr ON outbox (position) WHERE onward <> 'in_ehr';
CREATE INDEX entries_by_blob ON entries (blob) WHERE blob IS NOT NULL;
