-- Keys with which requests to a tenant's programs are signed, sealed by the vault.
CREATE TABLE flow_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  secret bytea NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
-- Which of the tenant's programs have said in this run that the person whose proofs stand beside may go on.
ALTER TABLE interactions ADD COLUMN answers text;
-- And which of them said so before a session began: it goes with the session to other applications.
CREATE TABLE session_answers (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  step text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (tenant_id, session_id, step),
  FOREIGN KEY (tenant_id, session_id) REFERENCES sessions (tenant_id, id) ON DELETE CASCADE
);
