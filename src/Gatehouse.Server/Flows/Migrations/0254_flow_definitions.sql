-- What a tenant's people go through: every version that was ever in force, and which one is. Version 0 is the product's own and has no row.
CREATE TABLE flow_versions (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  version bigint NOT NULL,
  definition text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, kind, version)
);
CREATE TABLE flow_states (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  active bigint NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);
-- Which terms a person has agreed to, and when: kept for as long as she is.
CREATE TABLE accepted_terms (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  terms text NOT NULL,
  version text NOT NULL,
  accepted_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, terms, version)
);
