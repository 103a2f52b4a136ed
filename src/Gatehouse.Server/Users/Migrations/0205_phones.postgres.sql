-- Prefix search is a range of bytes, as it is in SQLite.
ALTER TABLE user_phones ALTER COLUMN number TYPE text COLLATE "C";
