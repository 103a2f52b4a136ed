-- What one authorization gave: the family of its code, its refresh tokens and its access tokens. Everything that must happen exactly once
-- to a family passes through this one row. Lists are separated by spaces: neither a scope nor a URI can hold one.
CREATE TABLE grants (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  user_id uuid NOT NULL,
  session_id uuid NOT NULL,
  scopes text NOT NULL,
  resources text NOT NULL,
  auth_time timestamptz NOT NULL,
  amr text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- The newest refresh token's generation; 0 before the first. rotated_at: when it became so. repeated: whether the generation before it
  -- has been answered a second time.
  generation bigint NOT NULL,
  rotated_at timestamptz NOT NULL,
  repeated boolean NOT NULL,
  revoked_at timestamptz,
  revoke_reason text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX grants_session ON grants (tenant_id, session_id);
CREATE INDEX grants_user ON grants (tenant_id, user_id, client_id);
CREATE INDEX grants_client ON grants (tenant_id, client_id);
CREATE INDEX grants_expiry ON grants (tenant_id, expires_at);

CREATE TABLE authorization_codes (
  tenant_id uuid NOT NULL,
  hash bytea NOT NULL,
  grant_id uuid NOT NULL,
  redirect_uri text NOT NULL,
  challenge text,
  nonce text,
  expires_at timestamptz NOT NULL,
  redeemed_at timestamptz,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX authorization_codes_grant ON authorization_codes (tenant_id, grant_id);
CREATE INDEX authorization_codes_expiry ON authorization_codes (tenant_id, expires_at);

-- Used ones stay until they would have expired: that is how a stolen one gives itself away.
CREATE TABLE refresh_tokens (
  tenant_id uuid NOT NULL,
  hash bytea NOT NULL,
  grant_id uuid NOT NULL,
  generation bigint NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES grants (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_grant ON refresh_tokens (tenant_id, grant_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (tenant_id, expires_at);

-- Access tokens that were ended before their time: a token's jti, or a grant's id for all of its tokens. Kept in memory by every process.
CREATE TABLE denied_tokens (
  tenant_id uuid NOT NULL,
  id text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX denied_tokens_expiry ON denied_tokens (tenant_id, expires_at);

-- What a user allowed a third-party client, scope by scope.
CREATE TABLE consents (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  client_id uuid NOT NULL,
  scope text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, client_id, scope)
);
CREATE INDEX consents_client ON consents (tenant_id, client_id);

-- What was answered on the consent page of one interaction, until the application has been told.
CREATE TABLE consent_answers (
  tenant_id uuid NOT NULL,
  interaction_id uuid NOT NULL,
  allowed boolean NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, interaction_id)
);
CREATE INDEX consent_answers_expiry ON consent_answers (tenant_id, expires_at);
