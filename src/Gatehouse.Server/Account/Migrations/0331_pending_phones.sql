-- Numbers that people want to add and have not proved yet, in the session in which the code will be typed. They occupy nothing.
CREATE TABLE pending_phones (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  session_id uuid NOT NULL,
  number text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pending_phones_number ON pending_phones (tenant_id, user_id, session_id, number);
CREATE INDEX pending_phones_expires ON pending_phones (expires_at);
