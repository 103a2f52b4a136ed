-- Administrators stay administrators. The assignment takes her own id: it is unique, and nobody has had one yet.
INSERT INTO held_roles (tenant_id, id, holder_kind, holder_id, role_id, scope_kind, scope_id, starts_at, ends_at, given_by, created_at)
SELECT tenant_id, user_id, 'user', user_id, x'00000000000070008000000000000001', 'tenant', x'00000000000000000000000000000000', NULL, NULL, 'system', created_at
FROM role_assignments WHERE role = 'administrator';
