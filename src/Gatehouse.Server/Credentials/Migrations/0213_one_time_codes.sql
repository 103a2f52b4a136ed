-- Codes that were sent: one at a time for each purpose, run and subject, the newest. The run is the sign-in (or session, or browser) that
-- asked; the subject is a hash of whom it was asked for, who need not exist. token_hash: the link in the same message.
CREATE TABLE one_time_codes (
  tenant_id uuid NOT NULL,
  purpose text NOT NULL,
  run_id uuid NOT NULL,
  subject_hash bytea NOT NULL,
  code_hash bytea NOT NULL,
  token_hash bytea,
  browser_hash bytea,
  user_id uuid,
  sent bigint NOT NULL,
  tries bigint NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, purpose, run_id, subject_hash)
);
CREATE UNIQUE INDEX one_time_codes_token ON one_time_codes (tenant_id, token_hash);
CREATE INDEX one_time_codes_user ON one_time_codes (tenant_id, user_id);
CREATE INDEX one_time_codes_expiry ON one_time_codes (expires_at);
