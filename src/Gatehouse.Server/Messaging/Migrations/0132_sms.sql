-- Text messages go the same way as mail; and what carries a code is not sent when the code has run out.
ALTER TABLE mails ADD COLUMN channel text NOT NULL DEFAULT 'email';
ALTER TABLE mails ADD COLUMN expires_at timestamptz;
