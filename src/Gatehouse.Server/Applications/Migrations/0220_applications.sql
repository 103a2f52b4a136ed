-- Clients: who may ask for tokens. The lists that are only ever read whole are JSON arrays; what is looked up by value has its own table.
CREATE TABLE clients (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_search text NOT NULL,
  type text NOT NULL,
  first_party boolean NOT NULL,
  enabled boolean NOT NULL,
  administrator boolean NOT NULL,
  redirect_uris jsonb NOT NULL,
  post_logout_redirect_uris jsonb NOT NULL,
  grant_types jsonb NOT NULL,
  id_token_algorithm text NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- At most two live secrets: the slot is 1 or 2, and the unique index keeps the promise under any concurrency.
CREATE TABLE client_secrets (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  client_id uuid NOT NULL,
  slot bigint NOT NULL,
  hash bytea NOT NULL,
  hint text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX client_secrets_slot ON client_secrets (tenant_id, client_id, slot);

-- APIs: what accepts access tokens.
CREATE TABLE apis (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  identifier text NOT NULL,
  name text NOT NULL,
  access_token_seconds bigint,
  signing_algorithm text NOT NULL,
  is_system boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX apis_identifier ON apis (tenant_id, identifier);

-- A scope's name is unique in the tenant, so that a scope alone says which API is meant.
CREATE TABLE api_scopes (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  api_id uuid NOT NULL,
  description text NOT NULL,
  PRIMARY KEY (tenant_id, name),
  FOREIGN KEY (tenant_id, api_id) REFERENCES apis (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX api_scopes_api ON api_scopes (tenant_id, api_id);

-- What a client may ask for. A registered scope that is removed leaves every client with it: were the name alone kept, another API
-- that later takes the name would be open to clients nobody meant. Standard and management scopes have no api_scope.
CREATE TABLE client_scopes (
  tenant_id uuid NOT NULL,
  client_id uuid NOT NULL,
  scope text NOT NULL,
  api_scope text,
  PRIMARY KEY (tenant_id, client_id, scope),
  FOREIGN KEY (tenant_id, client_id) REFERENCES clients (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, api_scope) REFERENCES api_scopes (tenant_id, name) ON DELETE CASCADE
);
CREATE INDEX client_scopes_scope ON client_scopes (tenant_id, api_scope);
