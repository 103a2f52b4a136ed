-- Domains that an organization says are its own, and the token by which it proves that.
CREATE TABLE organization_domains (
  tenant_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  domain text NOT NULL,
  token text NOT NULL,
  created_at timestamptz NOT NULL,
  verified_at timestamptz,
  -- By which way it was proved last: dns or http.
  method text,
  checked_at timestamptz,
  next_check_at timestamptz,
  -- Since when the proof cannot be found any more; null while it can.
  failing_since timestamptz,
  PRIMARY KEY (tenant_id, organization_id, domain),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_domains_due ON organization_domains (next_check_at) WHERE next_check_at IS NOT NULL;

-- Whose a domain is: one organization's in a tenant, whoever else claims it.
CREATE TABLE domain_owners (
  tenant_id uuid NOT NULL,
  domain text NOT NULL,
  organization_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, domain),
  FOREIGN KEY (tenant_id, organization_id, domain) REFERENCES organization_domains (tenant_id, organization_id, domain) ON DELETE CASCADE
);
CREATE INDEX domain_owners_organization ON domain_owners (tenant_id, organization_id, domain);

-- Who has asked to be let in.
CREATE TABLE organization_requests (
  tenant_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, user_id),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX organization_requests_user ON organization_requests (tenant_id, user_id);
