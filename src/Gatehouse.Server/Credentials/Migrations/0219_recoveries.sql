-- Recoveries of accounts whose second steps or passkeys are lost. state: 'waiting', then 'completed', 'cancelled' or 'void'. proof: what was proved beside
-- the mailbox ('password', 'sms', 'none'). email_id: the primary address at the start, which must be it at the end. notices: how many reminders
-- have gone out. A row whose time is over is as good as none.
CREATE TABLE recoveries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  email_id uuid NOT NULL,
  state text NOT NULL,
  proof text NOT NULL,
  needs_approval boolean NOT NULL,
  approved_by text,
  approved_at timestamptz,
  started_at timestamptz NOT NULL,
  ready_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  notices bigint NOT NULL,
  next_notice_at timestamptz,
  ended_at timestamptz,
  reason text,
  PRIMARY KEY (tenant_id, id)
);
-- One at a time for each user.
CREATE UNIQUE INDEX recoveries_waiting ON recoveries (tenant_id, user_id) WHERE state = 'waiting';
CREATE INDEX recoveries_due ON recoveries (next_notice_at) WHERE state = 'waiting';
CREATE INDEX recoveries_user ON recoveries (tenant_id, user_id);
CREATE INDEX recoveries_expiry ON recoveries (expires_at);

-- TRUE: set behind a link or a code, and not used beside a second step since: it says no more than the mailbox does.
ALTER TABLE passwords ADD COLUMN by_link boolean;
