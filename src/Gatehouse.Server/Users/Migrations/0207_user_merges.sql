-- Accounts that were merged into others: their ids go on saying where they went.
CREATE TABLE user_merges (
  tenant_id uuid NOT NULL,
  from_id uuid NOT NULL,
  into_id uuid NOT NULL,
  merged_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, from_id),
  FOREIGN KEY (tenant_id, into_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX user_merges_into ON user_merges (tenant_id, into_id);
