-- When the rows of a deleted tenant were all removed; what is left of it is this row and its audit.
ALTER TABLE tenants ADD COLUMN purged_at timestamptz;
CREATE INDEX tenants_unpurged ON tenants (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
