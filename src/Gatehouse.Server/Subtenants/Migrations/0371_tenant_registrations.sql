-- People who ask for a tenant of their own below this one.
CREATE TABLE tenant_registrations (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- No reference: what came of it goes on counting when she is gone.
  user_id uuid NOT NULL,
  email text NOT NULL,
  slug text NOT NULL,
  display_name text NOT NULL,
  -- What she says is hers, and what proves it; null: nothing was asked.
  domain text,
  domain_token text,
  domain_proved_at timestamptz,
  -- pending, active, refused, withdrawn, expired
  state text NOT NULL,
  reason text,
  created_tenant_id uuid,
  decided_by text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, id)
);
-- One who waits keeps the name.
CREATE UNIQUE INDEX tenant_registrations_slug ON tenant_registrations (tenant_id, slug) WHERE state = 'pending';
CREATE INDEX tenant_registrations_user ON tenant_registrations (tenant_id, user_id);
CREATE INDEX tenant_registrations_old ON tenant_registrations (ended_at) WHERE ended_at IS NOT NULL AND state <> 'active';
