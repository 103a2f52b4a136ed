-- The orders that the list of users can be read in. Who has no name comes first by name.
CREATE INDEX users_created ON users (tenant_id, created_at, id);
CREATE INDEX users_status_created ON users (tenant_id, status, created_at, id);
CREATE INDEX users_updated ON users (tenant_id, updated_at, id);
CREATE INDEX users_named ON users (tenant_id, (coalesce(display_key, '')), id);
