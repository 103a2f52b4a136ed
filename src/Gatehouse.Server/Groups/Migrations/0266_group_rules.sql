-- By what facts people belong to a group. A group has at most one rule, and loses it with itself.
CREATE TABLE group_rules (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  rule text NOT NULL,
  -- Another with every writing: a job that works for an older one stops.
  revision uuid NOT NULL,
  job_id uuid NOT NULL,
  written_by text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, group_id)
);

-- Who belongs to a group by its rule; apart from those whom somebody put there.
CREATE TABLE group_rule_members (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  user_id uuid NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, group_id, user_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES group_rules (tenant_id, group_id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX group_rule_members_user ON group_rule_members (tenant_id, user_id, group_id);
