CREATE TABLE passkeys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  credential_id bytea NOT NULL,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,
  backup_eligible boolean NOT NULL,
  backed_up boolean NOT NULL,
  transports text NOT NULL,
  aaguid uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (tenant_id, credential_id);
CREATE INDEX passkeys_user ON passkeys (tenant_id, user_id);

-- What a browser was given to sign. The subject is the session that registers, or the interaction that signs in.
CREATE TABLE passkey_challenges (
  tenant_id uuid NOT NULL,
  purpose text NOT NULL,
  subject_id uuid NOT NULL,
  challenge bytea NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, purpose, subject_id)
);
CREATE INDEX passkey_challenges_expiry ON passkey_challenges (expires_at);
