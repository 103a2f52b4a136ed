INSERT INTO user_index_state (tenant_id, attributes, position, done, lease_until)
SELECT DISTINCT tenant_id, '[]', zeroblob(16), FALSE, 0 FROM users;
