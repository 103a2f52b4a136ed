-- Passwords that were replaced; place 0 is the latest.
CREATE TABLE password_history (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  phc text NOT NULL,
  place bigint NOT NULL,
  replaced_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, phc)
);
CREATE INDEX password_history_place ON password_history (tenant_id, place);
