-- Sign-ins, consents and sign-outs under way, each bound to the browser that began it.
CREATE TABLE interactions (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  browser_hash bytea NOT NULL,
  return_path text NOT NULL,
  payload text NOT NULL,
  demand text NOT NULL,
  identifier text,
  session_id uuid,
  authenticated_at timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX interactions_expiry ON interactions (expires_at);
