-- While this migration runs, entries that were sealed before may get their class and nothing else.
CREATE OR REPLACE FUNCTION audit_entries_guard() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.class IS NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

UPDATE audit_entries SET class = split_part(action, '.', 1);

INSERT INTO audit_counts (tenant_id, day, action, outcome, entries)
SELECT tenant_id, to_char(timezone('UTC', at), 'YYYY-MM-DD'), action, outcome, count(*) FROM audit_entries WHERE seq IS NOT NULL GROUP BY 1, 2, 3, 4;

-- Append-only, also for whoever opens the database with a shell and is not its owner. An entry of form 1, which an older process may still
-- write, is linked once in place; one of form 2 is whole from the start.
CREATE OR REPLACE FUNCTION audit_entries_guard() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'INSERT' AND ((NEW.form = 1 AND NEW.seq IS NULL AND NEW.hash IS NULL) OR (NEW.form = 2 AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL)) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.form = 1 AND OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
    AND (OLD.tenant_id, OLD.id, OLD.at, OLD.action, OLD.outcome, OLD.actor_kind, OLD.actor_id, OLD.target_kind, OLD.target_id,
         OLD.ip, OLD.user_agent, OLD.request_id, OLD.details, OLD.form, OLD.organization_id, OLD.origin_of, OLD.personal_of, OLD.sealed_origin, OLD.sealed_personal)
    IS NOT DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.at, NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.target_kind, NEW.target_id,
         NEW.ip, NEW.user_agent, NEW.request_id, NEW.details, NEW.form, NEW.organization_id, NEW.origin_of, NEW.personal_of, NEW.sealed_origin, NEW.sealed_personal) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

-- What waits is never changed, and leaves only when it stands in the chain.
CREATE FUNCTION audit_inbox_guard() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM audit_entries WHERE tenant_id = OLD.tenant_id AND id = OLD.id AND seq IS NOT NULL) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER audit_inbox_rows BEFORE UPDATE OR DELETE ON audit_inbox
  FOR EACH ROW EXECUTE FUNCTION audit_inbox_guard();
CREATE TRIGGER audit_inbox_truncate BEFORE TRUNCATE ON audit_inbox
  FOR EACH STATEMENT EXECUTE FUNCTION audit_inbox_guard();
