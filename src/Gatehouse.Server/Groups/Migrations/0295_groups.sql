-- Sets of users, of the tenant or of one organization: owner_id is the organization's id, or sixteen zero bytes for the tenant.
CREATE TABLE groups (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  description text NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX groups_name ON groups (tenant_id, owner_id, name_key);
CREATE INDEX groups_owner ON groups (tenant_id, owner_id, id);

CREATE TABLE group_members (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  user_id uuid NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, group_id, user_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX group_members_user ON group_members (tenant_id, user_id, group_id);

-- Members of the inner group are members of the outer one.
CREATE TABLE group_nestings (
  tenant_id uuid NOT NULL,
  outer_id uuid NOT NULL,
  inner_id uuid NOT NULL,
  added_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, outer_id, inner_id),
  FOREIGN KEY (tenant_id, outer_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, inner_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX group_nestings_inner ON group_nestings (tenant_id, inner_id, outer_id);

-- One row per tenant that exists to be locked: whoever changes which groups hold which takes turns, so that no two make a ring together.
CREATE TABLE group_turns (
  tenant_id uuid NOT NULL,
  turn bigint NOT NULL,
  PRIMARY KEY (tenant_id)
);
