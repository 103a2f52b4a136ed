-- What happened, appended by the transaction that did it. seq and hash come a moment later, from the sealer; nothing else ever changes.
CREATE TABLE audit_entries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  target_kind text,
  target_id text,
  ip text NOT NULL,
  user_agent text NOT NULL,
  request_id text NOT NULL,
  details jsonb,
  seq bigint,
  hash bytea,
  PRIMARY KEY (tenant_id, id)
);

-- The chain is walked by seq; what waits for the sealer is few and found without looking at the rest.
CREATE UNIQUE INDEX audit_entries_seq ON audit_entries (tenant_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX audit_entries_unsealed ON audit_entries (tenant_id, id) WHERE seq IS NULL;
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_id, id);
CREATE INDEX audit_entries_target ON audit_entries (tenant_id, target_id, id);
CREATE INDEX audit_entries_action ON audit_entries (tenant_id, action, id);

-- The end of each tenant's chain: what deletion of the last entries would contradict.
CREATE TABLE audit_heads (
  tenant_id uuid NOT NULL PRIMARY KEY,
  seq bigint NOT NULL,
  hash bytea NOT NULL
);
