-- The key that signs heads of the chain: its own, so that no key that signs tokens can vouch for an audit, nor this one for a token.
CREATE TABLE audit_signing_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  public_jwk text NOT NULL,
  sealed_private bytea,
  created_at timestamptz NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX audit_signing_keys_active ON audit_signing_keys (tenant_id) WHERE retired_at IS NULL;

-- What was signed. filed_at: when it was written to the folder of heads, where there is one.
CREATE TABLE audit_signed_heads (
  tenant_id uuid NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  key_id uuid NOT NULL,
  signed_at timestamptz NOT NULL,
  jws text NOT NULL,
  filed_at timestamptz,
  PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_signed_heads_unfiled ON audit_signed_heads (tenant_id, seq) WHERE filed_at IS NULL;
