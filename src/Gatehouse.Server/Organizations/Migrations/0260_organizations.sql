-- Companies and customers inside a tenant, and who belongs to them.
CREATE TABLE organizations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  slug text NOT NULL,
  display_name text NOT NULL,
  -- The name folded, for prefix search.
  name_key text NOT NULL,
  status text NOT NULL,
  metadata jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX organizations_slug ON organizations (tenant_id, slug);
CREATE INDEX organizations_name ON organizations (tenant_id, name_key);

CREATE TABLE organization_members (
  tenant_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL,
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, user_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_members_user ON organization_members (tenant_id, user_id, organization_id);

-- What the tenant demands of the metadata of its organizations: at most one JSON Schema.
CREATE TABLE organization_schemas (
  tenant_id uuid NOT NULL,
  document jsonb NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);
