-- The one-time secret that lets somebody set the server up: one row at most, before there is any tenant.
CREATE TABLE setup_tokens (
  id text NOT NULL PRIMARY KEY,
  token_hash bytea NOT NULL,
  created_at timestamptz NOT NULL
);
