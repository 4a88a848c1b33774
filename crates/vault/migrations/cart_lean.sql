
-- The cart's own index of the table that was written anew.
CREATE INDEX outbox_not_in_ehr ON outbox (position) WHERE onward <> 'in_ehr';
