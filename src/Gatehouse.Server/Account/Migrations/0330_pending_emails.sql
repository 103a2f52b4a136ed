-- Addresses that people want to add and have not proved yet. They occupy nothing: only a proved address is unique in the tenant.
CREATE TABLE pending_emails (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  address text NOT NULL,
  normalized text NOT NULL,
  code_mac bytea NOT NULL,
  token_hash bytea NOT NULL,
  attempts bigint NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pending_emails_address ON pending_emails (tenant_id, user_id, normalized);
CREATE UNIQUE INDEX pending_emails_token ON pending_emails (tenant_id, token_hash);
CREATE INDEX pending_emails_expires ON pending_emails (expires_at);
