-- A client that had every scope of the management API goes on having every scope: it is who else's permissions are given by, and nobody gives what
-- she does not carry.
INSERT INTO client_scopes (tenant_id, client_id, scope)
SELECT c.tenant_id, c.id, n.scope
FROM clients c
JOIN (
  SELECT 'organizations:read' AS scope UNION ALL SELECT 'organizations:write'
  UNION ALL SELECT 'workspaces:read' UNION ALL SELECT 'workspaces:write'
  UNION ALL SELECT 'members:read' UNION ALL SELECT 'members:write'
  UNION ALL SELECT 'invitations:read' UNION ALL SELECT 'invitations:write'
  UNION ALL SELECT 'groups:read' UNION ALL SELECT 'groups:write'
  UNION ALL SELECT 'jobs:read' UNION ALL SELECT 'jobs:write'
  UNION ALL SELECT 'audit:write' UNION ALL SELECT 'audit:pii'
  UNION ALL SELECT 'permissions:check'
) n ON c.administrator
WHERE EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'tenants:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'users:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'clients:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'keys:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'roles:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'audit:read')
ON CONFLICT (tenant_id, client_id, scope) DO NOTHING;
