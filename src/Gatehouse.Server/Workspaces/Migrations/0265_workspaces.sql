-- Where people of an organization, or of the tenant, work together. owner_id is the organization's id, or sixteen zero bytes for the tenant.
CREATE TABLE workspaces (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  -- Whose own it is: one of a user.
  personal_of uuid,
  slug text NOT NULL,
  name text NOT NULL,
  -- The name folded, for the order by name.
  name_key text NOT NULL,
  description text NOT NULL,
  status text NOT NULL,
  metadata jsonb NOT NULL,
  settings jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  archived_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, personal_of) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX workspaces_slug ON workspaces (tenant_id, owner_id, slug);
CREATE UNIQUE INDEX workspaces_personal ON workspaces (tenant_id, personal_of) WHERE personal_of IS NOT NULL;
CREATE INDEX workspaces_created ON workspaces (tenant_id, created_at, id);
CREATE INDEX workspaces_name ON workspaces (tenant_id, name_key, id);
CREATE INDEX workspaces_owner_created ON workspaces (tenant_id, owner_id, created_at, id);
CREATE INDEX workspaces_owner_name ON workspaces (tenant_id, owner_id, name_key, id);

CREATE TABLE workspace_members (
  tenant_id uuid NOT NULL,
  workspace_id uuid NOT NULL,
  user_id uuid NOT NULL,
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, workspace_id, user_id),
  FOREIGN KEY (tenant_id, workspace_id) REFERENCES workspaces (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX workspace_members_user ON workspace_members (tenant_id, user_id, workspace_id);
CREATE INDEX workspace_members_joined ON workspace_members (tenant_id, workspace_id, joined_at, user_id);

-- What a new workspace begins with: roles, people and settings, in one document.
CREATE TABLE workspace_templates (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  description text NOT NULL,
  document jsonb NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX workspace_templates_name ON workspace_templates (tenant_id, owner_id, name_key);
CREATE INDEX workspace_templates_owner ON workspace_templates (tenant_id, owner_id, id);

-- What the tenant demands of the metadata of its workspaces: at most one JSON Schema.
CREATE TABLE workspace_schemas (
  tenant_id uuid NOT NULL,
  document jsonb NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);
