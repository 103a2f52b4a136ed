-- Administrators who use the applications as a person does, for a while. Never a row of sessions: whatever asks for a session does not find these
-- unless it means to.
CREATE TABLE impersonations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  session_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  actor_session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  reason text NOT NULL,
  minutes bigint NOT NULL,
  link_hash bytea NOT NULL,
  link_ends_at timestamptz NOT NULL,
  secret_hash bytea,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ends_at timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX impersonations_session ON impersonations (tenant_id, session_id);
CREATE UNIQUE INDEX impersonations_link ON impersonations (tenant_id, link_hash);
CREATE UNIQUE INDEX impersonations_secret ON impersonations (tenant_id, secret_hash);
CREATE INDEX impersonations_user ON impersonations (tenant_id, user_id, id);
CREATE INDEX impersonations_actor_session ON impersonations (tenant_id, actor_session_id);
CREATE INDEX impersonations_actor ON impersonations (tenant_id, actor_id, id);
CREATE INDEX impersonations_ends ON impersonations (ends_at);

-- A client that had every scope of the management API goes on having every scope: nobody gives what she does not carry.
INSERT INTO client_scopes (tenant_id, client_id, scope)
SELECT c.tenant_id, c.id, n.scope
FROM clients c
JOIN (SELECT 'users:impersonate' AS scope) n ON c.administrator
WHERE EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'tenants:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'users:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'permissions:check')
ON CONFLICT (tenant_id, client_id, scope) DO NOTHING;
