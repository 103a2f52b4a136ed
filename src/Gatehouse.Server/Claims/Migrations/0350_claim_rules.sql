-- What goes into tokens and UserInfo beside the claims of the protocols. A rule is for one client, one API, or for all (neither); the rest of it is
-- one document that its room reads.
CREATE TABLE claim_rules (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  client_id uuid,
  api_id uuid,
  definition jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, api_id) REFERENCES apis (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX claim_rules_client ON claim_rules (tenant_id, client_id);
CREATE INDEX claim_rules_api ON claim_rules (tenant_id, api_id);

-- A client that had every scope of the management API goes on having every scope: nobody gives what she does not carry.
INSERT INTO client_scopes (tenant_id, client_id, scope)
SELECT c.tenant_id, c.id, n.scope
FROM clients c
JOIN (SELECT 'claims:read' AS scope UNION ALL SELECT 'claims:write' UNION ALL SELECT 'claims:preview') n ON c.administrator
WHERE EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'tenants:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'clients:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'permissions:check')
ON CONFLICT (tenant_id, client_id, scope) DO NOTHING;
