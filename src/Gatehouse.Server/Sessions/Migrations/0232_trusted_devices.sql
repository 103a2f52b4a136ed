-- Browsers that a person trusts to leave out her second step. The cookie holds the secret; this table only its hash, and that of the browser's device cookie.
CREATE TABLE trusted_devices (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  browser_hash bytea NOT NULL,
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  rotated_at timestamptz NOT NULL,
  last_used_at timestamptz,
  ip_address text NOT NULL,
  user_agent text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- A browser is trusted by one person at a time: it keeps one secret.
CREATE UNIQUE INDEX trusted_devices_browser ON trusted_devices (tenant_id, browser_hash);
CREATE INDEX trusted_devices_user ON trusted_devices (tenant_id, user_id, created_at);
CREATE INDEX trusted_devices_expires ON trusted_devices (expires_at);
