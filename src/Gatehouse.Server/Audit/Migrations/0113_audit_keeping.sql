-- How long entries of a class (the noun before the point) are kept; * for every other. No row: for ever.
CREATE TABLE trail_retention (
  tenant_id uuid NOT NULL,
  class text NOT NULL,
  days bigint NOT NULL,
  PRIMARY KEY (tenant_id, class)
);

-- What must neither be trimmed nor erased: everything (person null), or what tells of one person. Released, never deleted.
CREATE TABLE audit_holds (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  person text,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  released_at timestamptz,
  released_by text,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_holds_live ON audit_holds (tenant_id, person) WHERE released_at IS NULL;

-- Where entries stood that retention removed: runs of places, the hash at each run's end, and the entry of the chain that accounts for it.
CREATE TABLE audit_trimmed (
  tenant_id uuid NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  hash bytea NOT NULL,
  checkpoint_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, first_seq)
);
CREATE UNIQUE INDEX audit_trimmed_last ON audit_trimmed (tenant_id, last_seq);

-- Retention asks for the oldest of a class.
CREATE INDEX audit_entries_class_at ON audit_entries (tenant_id, class, at);
