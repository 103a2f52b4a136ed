DROP TRIGGER audit_entries_insert;

DROP TRIGGER audit_entries_update;

UPDATE audit_entries SET class = substr(action, 1, instr(action || '.', '.') - 1);

INSERT INTO audit_counts (tenant_id, day, action, outcome, entries)
SELECT tenant_id, strftime('%Y-%m-%d', at / 1000000, 'unixepoch'), action, outcome, count(*) FROM audit_entries WHERE seq IS NOT NULL GROUP BY 1, 2, 3, 4;

-- Append-only, also for whoever opens the file with a shell. REPLACE deletes without asking a DELETE trigger, so INSERT asks. An entry of form 1,
-- which an older process may still write, is linked once in place; one of form 2 is whole from the start.
CREATE TRIGGER audit_entries_insert BEFORE INSERT ON audit_entries
WHEN (NEW.form = 1 AND (NEW.seq IS NOT NULL OR NEW.hash IS NOT NULL)) OR (NEW.form = 2 AND (NEW.seq IS NULL OR NEW.hash IS NULL)) OR NEW.form NOT IN (1, 2)
  OR EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = NEW.tenant_id AND id = NEW.id)
  OR EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = NEW.tenant_id AND seq = NEW.seq)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries
WHEN OLD.form <> 1 OR OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL
  OR (OLD.tenant_id, OLD.id, OLD.at, OLD.action, OLD.outcome, OLD.actor_kind, OLD.actor_id, OLD.target_kind, OLD.target_id,
      OLD.ip, OLD.user_agent, OLD.request_id, OLD.details, OLD.form, OLD.organization_id, OLD.origin_of, OLD.personal_of, OLD.sealed_origin, OLD.sealed_personal)
  IS NOT (NEW.tenant_id, NEW.id, NEW.at, NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.target_kind, NEW.target_id,
      NEW.ip, NEW.user_agent, NEW.request_id, NEW.details, NEW.form, NEW.organization_id, NEW.origin_of, NEW.personal_of, NEW.sealed_origin, NEW.sealed_personal)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

-- What waits is never changed, and leaves only when it stands in the chain.
CREATE TRIGGER audit_inbox_insert BEFORE INSERT ON audit_inbox
WHEN EXISTS (SELECT 1 FROM audit_inbox WHERE tenant_id = NEW.tenant_id AND id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_inbox_update BEFORE UPDATE ON audit_inbox
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_inbox_delete BEFORE DELETE ON audit_inbox
WHEN NOT EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = OLD.tenant_id AND id = OLD.id AND seq IS NOT NULL)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;
