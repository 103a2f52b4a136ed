-- Append-only, also for whoever opens the database with a shell and is not its owner.
CREATE FUNCTION audit_entries_guard() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.seq IS NULL AND NEW.hash IS NULL THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL
    AND (OLD.tenant_id, OLD.id, OLD.at, OLD.action, OLD.outcome, OLD.actor_kind, OLD.actor_id, OLD.target_kind, OLD.target_id,
         OLD.ip, OLD.user_agent, OLD.request_id, OLD.details)
    IS NOT DISTINCT FROM (NEW.tenant_id, NEW.id, NEW.at, NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.target_kind, NEW.target_id,
         NEW.ip, NEW.user_agent, NEW.request_id, NEW.details) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER audit_entries_rows BEFORE INSERT OR UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_guard();
CREATE TRIGGER audit_entries_truncate BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_guard();

CREATE FUNCTION audit_heads_guard() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.tenant_id = OLD.tenant_id AND NEW.seq > OLD.seq THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an audit head only moves forward';
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER audit_heads_rows BEFORE UPDATE OR DELETE ON audit_heads
  FOR EACH ROW EXECUTE FUNCTION audit_heads_guard();
CREATE TRIGGER audit_heads_truncate BEFORE TRUNCATE ON audit_heads
  FOR EACH STATEMENT EXECUTE FUNCTION audit_heads_guard();
