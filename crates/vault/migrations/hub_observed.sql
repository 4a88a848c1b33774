
-- The hub's own index of the table that was written anew.
CREATE INDEX entries_with_blob ON entries (blob) WHERE blob IS NOT NULL;
