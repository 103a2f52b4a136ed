-- What was appended waits here, behind one index, until the sealer moves it into the chain: appending costs a transaction as little as can be.
CREATE TABLE audit_inbox (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  action text NOT NULL,
  class text NOT NULL,
  outcome text NOT NULL,
  actor_kind text NOT NULL,
  actor_id text,
  target_kind text,
  target_id text,
  organization_id uuid,
  ip text NOT NULL,
  user_agent text NOT NULL,
  request_id text NOT NULL,
  details jsonb,
  personal jsonb,
  origin_of text NOT NULL,
  personal_of text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- form 1: everything plain, linked in place. form 2: came through the inbox; what tells of persons is sealed under their keys.
ALTER TABLE audit_entries ADD COLUMN form bigint NOT NULL DEFAULT 1;
ALTER TABLE audit_entries ADD COLUMN class text;
ALTER TABLE audit_entries ADD COLUMN organization_id uuid;
ALTER TABLE audit_entries ADD COLUMN origin_of text;
ALTER TABLE audit_entries ADD COLUMN personal_of text;
ALTER TABLE audit_entries ADD COLUMN sealed_origin bytea;
ALTER TABLE audit_entries ADD COLUMN sealed_personal bytea;

-- Each question has an index that ends with the id, in whose order pages are.
CREATE INDEX audit_entries_class ON audit_entries (tenant_id, class, id);
CREATE INDEX audit_entries_organization ON audit_entries (tenant_id, organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX audit_entries_outcome ON audit_entries (tenant_id, outcome, id) WHERE outcome <> 'success';
CREATE INDEX audit_entries_ip ON audit_entries (tenant_id, ip, id) WHERE ip <> '';

-- A person's key opens what her entries say of her; erasing her deletes it. The empty name is for entries of nobody.
CREATE TABLE trail_person_keys (
  tenant_id uuid NOT NULL,
  person text NOT NULL,
  sealed_key bytea NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, person)
);

-- Finds entries by address without keeping the address: a keyed hash, deleted with the person.
CREATE TABLE trail_addresses (
  tenant_id uuid NOT NULL,
  mac bytea NOT NULL,
  entry_id uuid NOT NULL,
  person text NOT NULL,
  PRIMARY KEY (tenant_id, mac, entry_id)
);
CREATE INDEX trail_addresses_person ON trail_addresses (tenant_id, person);

-- Counted while sealing, so that statistics read hundreds of rows and not millions.
CREATE TABLE audit_counts (
  tenant_id uuid NOT NULL,
  day text NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL,
  entries bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, action, outcome)
);
