-- What became of requests that carried an Idempotency-Key. Kept for a day.
-- key_hash: SHA-256 over who called and the key she chose; request_hash: over what she asked for.
-- state: running (claimed by owner until lease_until), committed (its change is durable, its answer not yet stored), done (answer stored).
CREATE TABLE idempotency_keys (
  tenant_id uuid NOT NULL,
  key_hash bytea NOT NULL,
  request_hash bytea NOT NULL,
  state text NOT NULL,
  owner uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  answer bytea,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key_hash)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (tenant_id, created_at);
