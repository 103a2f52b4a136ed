-- Assertions by which clients proved themselves (RFC 7523): each works once. The jti is kept as SHA-256 until the assertion would have expired.
CREATE TABLE client_assertions (
  tenant_id uuid NOT NULL,
  client_id uuid NOT NULL,
  jti_hash bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, client_id, jti_hash),
  FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_assertions_expires ON client_assertions (tenant_id, expires_at);
