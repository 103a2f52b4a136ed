-- Append-only, also for whoever opens the file with a shell. REPLACE deletes without asking a DELETE trigger, so INSERT asks.
CREATE TRIGGER audit_entries_insert BEFORE INSERT ON audit_entries
WHEN NEW.seq IS NOT NULL OR NEW.hash IS NOT NULL
  OR EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = NEW.tenant_id AND id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_entries_update BEFORE UPDATE ON audit_entries
WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL
  OR (OLD.tenant_id, OLD.id, OLD.at, OLD.action, OLD.outcome, OLD.actor_kind, OLD.actor_id, OLD.target_kind, OLD.target_id,
      OLD.ip, OLD.user_agent, OLD.request_id, OLD.details)
  IS NOT (NEW.tenant_id, NEW.id, NEW.at, NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.target_kind, NEW.target_id,
      NEW.ip, NEW.user_agent, NEW.request_id, NEW.details)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_heads_update BEFORE UPDATE ON audit_heads
WHEN NEW.tenant_id IS NOT OLD.tenant_id OR NEW.seq <= OLD.seq
BEGIN
  SELECT RAISE(ABORT, 'an audit head only moves forward');
END;

CREATE TRIGGER audit_heads_delete BEFORE DELETE ON audit_heads
BEGIN
  SELECT RAISE(ABORT, 'an audit head only moves forward');
END;
