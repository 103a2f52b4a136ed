-- The organization she works in while signed in here; none where she chose none.
ALTER TABLE sessions ADD COLUMN organization_id uuid;
CREATE INDEX sessions_organization ON sessions (tenant_id, organization_id) WHERE organization_id IS NOT NULL;
