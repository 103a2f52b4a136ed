-- The words of mails that speak of one organization, in place of the tenant's.
CREATE TABLE organization_mail_templates (
  tenant_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  name text NOT NULL,
  locale text NOT NULL,
  subject text NOT NULL,
  body_text text NOT NULL,
  body_html text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, organization_id, name, locale),
  FOREIGN KEY (tenant_id, organization_id) REFERENCES organizations (tenant_id, id) ON DELETE CASCADE
);
