-- Whether a tenant came of a registration is asked whenever its people would make another.
CREATE INDEX tenant_registrations_created ON tenant_registrations (tenant_id, created_tenant_id) WHERE created_tenant_id IS NOT NULL;
