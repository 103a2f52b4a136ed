-- A tenant's signing keys. The private half is sealed and erased when the key stops signing; the public half stays as long as the row.
CREATE TABLE signing_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  algorithm text NOT NULL,
  state text NOT NULL,
  public_jwk text NOT NULL,
  sealed_private bytea,
  created_at timestamptz NOT NULL,
  activates_at timestamptz NOT NULL,
  retires_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);

-- Whatever any number of processes do at once: one key signs, and one waits.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (tenant_id, algorithm) WHERE state = 'active';
CREATE UNIQUE INDEX signing_keys_next ON signing_keys (tenant_id, algorithm) WHERE state = 'next';
