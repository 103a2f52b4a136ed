-- Where names, addresses and numbers are found by any part of them: each text from each of its places on, and searchable attributes whole. See UserTerms.
CREATE TABLE user_terms (
  tenant_id uuid NOT NULL,
  term text NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, term, user_id)
);

-- What a user's terms were made of, so that they can be taken back.
CREATE TABLE user_indexed (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  texts jsonb NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);

-- Which attributes are searchable, and how far the walk is that indexes whoever was there before. Without a row: none, and everybody is indexed.
CREATE TABLE user_index_state (
  tenant_id uuid NOT NULL,
  attributes jsonb NOT NULL,
  position uuid NOT NULL,
  done boolean NOT NULL,
  lease_until timestamptz NOT NULL,
  PRIMARY KEY (tenant_id)
);
CREATE INDEX user_index_state_open ON user_index_state (lease_until) WHERE NOT done;
