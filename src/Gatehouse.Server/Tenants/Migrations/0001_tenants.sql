-- The registry of tenants: a system table, keyed by id, because it is what tells tenants apart.
CREATE TABLE tenants (
  id uuid NOT NULL PRIMARY KEY,
  slug text NOT NULL,
  display_name text NOT NULL,
  issuer text NOT NULL,
  parent_id uuid,
  status text NOT NULL,
  settings jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);

-- A deleted tenant gives its name back at once.
CREATE UNIQUE INDEX tenants_slug ON tenants (slug) WHERE deleted_at IS NULL;
CREATE INDEX tenants_parent ON tenants (parent_id, id);

-- Where tenants are reached. An address belongs to one tenant in the whole installation, hence the index without tenant_id.
CREATE TABLE tenant_domains (
  tenant_id uuid NOT NULL,
  host text NOT NULL,
  path text NOT NULL,
  base_url text NOT NULL,
  canonical boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, host, path)
);

CREATE UNIQUE INDEX tenant_domains_address ON tenant_domains (host, path);
