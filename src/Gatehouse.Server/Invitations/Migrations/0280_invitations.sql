-- People who are asked into an organization, by an address of theirs.
CREATE TABLE invitations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  email text NOT NULL,
  -- As addresses are compared; who accepts has proved this one.
  normalized text NOT NULL,
  roles jsonb NOT NULL,
  locale text NOT NULL,
  token_hash bytea NOT NULL,
  -- pending, accepted, declined, revoked, expired
  status text NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  user_id uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX invitations_token ON invitations (tenant_id, token_hash);
-- One at a time for one address.
CREATE UNIQUE INDEX invitations_pending ON invitations (tenant_id, organization_id, normalized) WHERE status = 'pending';
CREATE INDEX invitations_address ON invitations (tenant_id, normalized);
CREATE INDEX invitations_organization ON invitations (tenant_id, organization_id, id);
CREATE INDEX invitations_expiry ON invitations (expires_at);

-- Many at once, written down first and worked through afterwards.
CREATE TABLE invitation_batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  organization_id uuid NOT NULL,
  locale text NOT NULL,
  lifetime_seconds bigint NOT NULL,
  actor_kind text NOT NULL,
  actor_id text NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX invitation_batches_open ON invitation_batches (created_at) WHERE finished_at IS NULL;
CREATE INDEX invitation_batches_finished ON invitation_batches (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE invitation_batch_rows (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  row_number bigint NOT NULL,
  email text NOT NULL,
  roles jsonb NOT NULL,
  -- invited, or the code of what was wrong; null: not yet its turn.
  result text,
  invitation_id uuid,
  PRIMARY KEY (tenant_id, batch_id, row_number),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES invitation_batches (tenant_id, id) ON DELETE CASCADE
);
