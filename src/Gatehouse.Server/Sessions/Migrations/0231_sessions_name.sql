-- What its person calls a session, so that she recognises it in her list.
ALTER TABLE sessions ADD COLUMN name text;
