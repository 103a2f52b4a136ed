-- Telephone numbers, E.164 with the plus. One number, one user, proved or not, as with addresses.
CREATE TABLE user_phones (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  number text NOT NULL,
  verified boolean NOT NULL,
  is_primary boolean NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_phones_number ON user_phones (tenant_id, number);
CREATE INDEX user_phones_user ON user_phones (tenant_id, user_id);
CREATE UNIQUE INDEX user_phones_primary ON user_phones (tenant_id, user_id) WHERE is_primary;
