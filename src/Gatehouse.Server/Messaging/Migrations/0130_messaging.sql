-- Mail on its way. The rendered message is sealed: it carries secret links. Emptied once sent.
CREATE TABLE mails (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  recipient_hash bytea NOT NULL,
  template text NOT NULL,
  locale text NOT NULL,
  state text NOT NULL,
  sealed bytea,
  attempts bigint NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- The worker looks here every second; what is done costs it nothing.
CREATE INDEX mails_due ON mails (due_at) WHERE state = 'queued';
CREATE INDEX mails_done ON mails (created_at) WHERE state <> 'queued';
CREATE INDEX mails_recipient ON mails (tenant_id, recipient_hash, id);

-- How many mails one address was sent in one hour (counted from 1970).
CREATE TABLE mail_quotas (
  tenant_id uuid NOT NULL,
  recipient_hash bytea NOT NULL,
  hour bigint NOT NULL,
  sent bigint NOT NULL,
  PRIMARY KEY (tenant_id, recipient_hash, hour)
);
CREATE INDEX mail_quotas_hour ON mail_quotas (hour);

-- A tenant's own words in place of the shipped ones.
CREATE TABLE mail_templates (
  tenant_id uuid NOT NULL,
  name text NOT NULL,
  locale text NOT NULL,
  subject text NOT NULL,
  body_text text NOT NULL,
  body_html text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, name, locale)
);
