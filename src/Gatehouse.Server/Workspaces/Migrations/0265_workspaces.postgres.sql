-- The order by name is that of bytes, as it is in SQLite.
ALTER TABLE workspaces ALTER COLUMN name_key TYPE text COLLATE "C";
