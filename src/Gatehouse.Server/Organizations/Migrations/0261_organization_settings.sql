-- What the organization decides for its members: stricter than the tenant, never laxer.
ALTER TABLE organizations ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
