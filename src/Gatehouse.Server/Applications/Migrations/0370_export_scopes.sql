-- A client that had every scope of the management API goes on having every scope: it is who else's permissions are given by, and nobody gives what
-- she does not carry.
INSERT INTO client_scopes (tenant_id, client_id, scope)
SELECT c.tenant_id, c.id, n.scope
FROM clients c
JOIN (
  SELECT 'tenants:export' AS scope UNION ALL SELECT 'tenants:export_passwords'
) n ON c.administrator
WHERE EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'tenants:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'users:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'clients:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'keys:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'roles:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'audit:pii')
ON CONFLICT (tenant_id, client_id, scope) DO NOTHING;
