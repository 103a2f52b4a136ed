-- As before, and an entry may go when its place is accounted for.
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
  IF TG_OP = 'DELETE' AND OLD.seq >= (SELECT t.first_seq FROM audit_trimmed t WHERE t.tenant_id = OLD.tenant_id AND t.last_seq >= OLD.seq ORDER BY t.last_seq LIMIT 1) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

CREATE FUNCTION audit_trimmed_guard() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;

CREATE TRIGGER audit_trimmed_rows BEFORE UPDATE OR DELETE ON audit_trimmed
  FOR EACH ROW EXECUTE FUNCTION audit_trimmed_guard();
CREATE TRIGGER audit_trimmed_truncate BEFORE TRUNCATE ON audit_trimmed
  FOR EACH STATEMENT EXECUTE FUNCTION audit_trimmed_guard();
