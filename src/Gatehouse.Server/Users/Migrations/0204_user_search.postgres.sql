-- Ranges of bytes, as in SQLite.
ALTER TABLE user_terms ALTER COLUMN term TYPE text COLLATE "C";
INSERT INTO user_index_state (tenant_id, attributes, position, done, lease_until)
SELECT DISTINCT tenant_id, '[]'::jsonb, '00000000-0000-0000-0000-000000000000'::uuid, FALSE, '1970-01-01T00:00:00Z'::timestamptz FROM users;
