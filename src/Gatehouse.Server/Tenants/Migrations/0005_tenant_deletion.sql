-- Until when a deletion can be undone; null: nobody is deleting it.
ALTER TABLE tenants ADD COLUMN delete_after timestamptz;
CREATE INDEX tenants_due ON tenants (delete_after) WHERE delete_after IS NOT NULL AND deleted_at IS NULL;

-- Exports that were written to their end.
CREATE TABLE tenant_exports (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  finished_at timestamptz NOT NULL,
  made_by text NOT NULL,
  password_hashes boolean NOT NULL,
  exported_rows bigint NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX tenant_exports_newest ON tenant_exports (tenant_id, finished_at);
