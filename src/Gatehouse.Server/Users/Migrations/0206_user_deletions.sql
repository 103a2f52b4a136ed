-- Accounts that are to be deleted at a time. try_at: when the worker looks next; after a refusal that is later than due_at. gone: the account is deleted, what the audit tells of
-- the person is still to be erased. requested_by: who asked, with the scopes of the token; null: the person herself.
CREATE TABLE user_deletions (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  due_at timestamptz NOT NULL,
  try_at timestamptz NOT NULL,
  requested_at timestamptz NOT NULL,
  requested_by jsonb,
  disabled boolean NOT NULL,
  erase_audit boolean NOT NULL,
  gone boolean NOT NULL,
  refused text,
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX user_deletions_try ON user_deletions (try_at);
CREATE INDEX user_deletions_due ON user_deletions (tenant_id, try_at);
