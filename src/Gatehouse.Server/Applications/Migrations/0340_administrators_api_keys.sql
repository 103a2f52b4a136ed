-- A client that had every scope of the management API goes on having every scope.
INSERT INTO client_scopes (tenant_id, client_id, scope)
SELECT c.tenant_id, c.id, n.scope
FROM clients c
JOIN (SELECT 'api_keys:read' AS scope UNION ALL SELECT 'api_keys:write' UNION ALL SELECT 'api_keys:verify') n ON c.administrator
WHERE EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'tenants:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'users:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'roles:write')
  AND EXISTS (SELECT 1 FROM client_scopes s WHERE s.tenant_id = c.tenant_id AND s.client_id = c.id AND s.scope = 'audit:write')
ON CONFLICT (tenant_id, client_id, scope) DO NOTHING;
