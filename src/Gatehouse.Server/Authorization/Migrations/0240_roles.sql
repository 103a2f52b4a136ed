CREATE TABLE role_assignments (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, role)
);

-- How many hold a role. One row that every change of the role passes through, so that two administrators who remove each other at the
-- same moment take turns, and the second finds herself the last.
CREATE TABLE role_holders (
  tenant_id uuid NOT NULL,
  role text NOT NULL,
  holders bigint NOT NULL,
  PRIMARY KEY (tenant_id, role)
);
