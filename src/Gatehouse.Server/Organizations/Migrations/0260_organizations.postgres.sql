-- Prefix search is a range of bytes, as it is in SQLite; the database's own collation would order otherwise.
ALTER TABLE organizations ALTER COLUMN slug TYPE text COLLATE "C";
ALTER TABLE organizations ALTER COLUMN name_key TYPE text COLLATE "C";
