-- Prefix search is a range of bytes, as it is in SQLite; the database's own collation would order otherwise.
ALTER TABLE users ALTER COLUMN display_key TYPE text COLLATE "C";
ALTER TABLE users ALTER COLUMN given_key TYPE text COLLATE "C";
ALTER TABLE users ALTER COLUMN family_key TYPE text COLLATE "C";
ALTER TABLE user_emails ALTER COLUMN normalized TYPE text COLLATE "C";
