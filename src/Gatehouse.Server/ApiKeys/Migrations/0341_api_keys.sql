-- Keys that programs act with. What they may do is their scopes, as far as their owner may; an organization's key holds roles itself (held_roles).
CREATE TABLE api_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_kind text NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  prefix text NOT NULL,
  scopes jsonb NOT NULL,
  addresses jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  rotated_at timestamptz,
  last_used_at timestamptz,
  last_used_from text,
  created_by text NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX api_keys_owner ON api_keys (tenant_id, owner_kind, owner_id, id);
CREATE INDEX api_keys_expires ON api_keys (tenant_id, expires_at);

-- SHA-256 of what was shown once: two of a key while it is rotated, of which the older ends.
CREATE TABLE api_key_secrets (
  tenant_id uuid NOT NULL,
  hash bytea NOT NULL,
  key_id uuid NOT NULL,
  ends_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, key_id) REFERENCES api_keys (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX api_key_secrets_key ON api_key_secrets (tenant_id, key_id);
