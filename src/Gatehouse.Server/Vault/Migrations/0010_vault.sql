-- Which master key this database belongs to: a value sealed under it. One row, written at the first start; the whole product's, so no tenant.
CREATE TABLE vault_check (
  id text NOT NULL PRIMARY KEY,
  key_id text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL
);

-- A tenant's data keys, wrapped by the master key. The highest version seals; all of them open.
CREATE TABLE tenant_data_keys (
  tenant_id uuid NOT NULL,
  version bigint NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, version)
);
