-- What applications may be asked to permit: registered by APIs, unique by name in the tenant, so that a name alone says what is meant.
CREATE TABLE permissions (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  api_id uuid NOT NULL,
  description text NOT NULL,
  PRIMARY KEY (tenant_id, name),
  FOREIGN KEY (tenant_id, api_id) REFERENCES apis (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX permissions_api ON permissions (tenant_id, api_id);

-- Roles that a tenant made. The product's own have no rows: a new version brings what they permit with it.
CREATE TABLE roles (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  assignable_at jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_key ON roles (tenant_id, key);

-- registered is null for what the product itself permits, which has no rows in permissions. A registered permission that is removed leaves every
-- role with it: were the name alone kept, another API that later takes the name would be open to people nobody meant.
CREATE TABLE role_permissions (
  tenant_id uuid NOT NULL,
  role_id uuid NOT NULL,
  permission text NOT NULL,
  registered text,
  PRIMARY KEY (tenant_id, role_id, permission),
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, registered) REFERENCES permissions (tenant_id, name) ON DELETE CASCADE
);
CREATE INDEX role_permissions_registered ON role_permissions (tenant_id, registered);

-- included may be one of the product's own, so it is no reference; a role that is deleted is taken out of those that include it.
CREATE TABLE role_inclusions (
  tenant_id uuid NOT NULL,
  role_id uuid NOT NULL,
  included uuid NOT NULL,
  PRIMARY KEY (tenant_id, role_id, included),
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX role_inclusions_included ON role_inclusions (tenant_id, included);

-- Who holds which role, where and when. scope_id is sixteen zero bytes for the tenant. Takes the place of role_assignments.
CREATE TABLE held_roles (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  holder_kind text NOT NULL,
  holder_id uuid NOT NULL,
  role_id uuid NOT NULL,
  scope_kind text NOT NULL,
  scope_id uuid NOT NULL,
  starts_at timestamptz,
  ends_at timestamptz,
  given_by text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX held_roles_holder ON held_roles (tenant_id, holder_kind, holder_id, role_id, scope_kind, scope_id);
CREATE INDEX held_roles_role ON held_roles (tenant_id, role_id, id);
CREATE INDEX held_roles_scope ON held_roles (tenant_id, scope_kind, scope_id, id);
CREATE INDEX held_roles_end ON held_roles (ends_at) WHERE ends_at IS NOT NULL;

-- Rows that exist to be locked: whoever changes which roles include which, or who holds a role that somebody must always hold, takes turns here.
CREATE TABLE role_turns (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  turn bigint NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
