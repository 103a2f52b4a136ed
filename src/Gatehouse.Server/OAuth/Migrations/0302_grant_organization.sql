-- The organization that was granted for; none where none was asked for.
ALTER TABLE grants ADD COLUMN organization_id uuid;
CREATE INDEX grants_organization ON grants (tenant_id, organization_id) WHERE organization_id IS NOT NULL;
