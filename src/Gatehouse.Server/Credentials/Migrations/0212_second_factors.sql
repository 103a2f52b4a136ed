-- A key that both sides compute codes from, sealed by the tenant's vault. A code is good for one step of time, and each step once.
CREATE TABLE totp_secrets (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  secret bytea NOT NULL,
  last_step bigint NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, user_id)
);

-- A key that was shown to a person in one browser and that she has not confirmed yet.
CREATE TABLE totp_enrolments (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  browser_hash bytea NOT NULL,
  secret bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, browser_hash)
);
CREATE INDEX totp_enrolments_expiry ON totp_enrolments (expires_at);

CREATE TABLE recovery_codes (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant_id, user_id, code_hash)
);
