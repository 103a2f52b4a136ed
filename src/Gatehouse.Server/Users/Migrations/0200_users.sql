-- People. The *_key columns are the names folded for prefix search; see UserName.
CREATE TABLE users (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  status text NOT NULL,
  display_name text,
  given_name text,
  family_name text,
  display_key text,
  given_key text,
  family_key text,
  locale text,
  attributes jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX users_status ON users (tenant_id, status, id);
CREATE INDEX users_display_key ON users (tenant_id, display_key, id);
CREATE INDEX users_given_key ON users (tenant_id, given_key, id);
CREATE INDEX users_family_key ON users (tenant_id, family_key, id);

CREATE TABLE user_emails (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  address text NOT NULL,
  normalized text NOT NULL,
  verified boolean NOT NULL,
  is_primary boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
-- One address, one user: on the normalised form.
CREATE UNIQUE INDEX user_emails_normalized ON user_emails (tenant_id, normalized);
CREATE INDEX user_emails_user ON user_emails (tenant_id, user_id);
CREATE UNIQUE INDEX user_emails_primary ON user_emails (tenant_id, user_id) WHERE is_primary;
