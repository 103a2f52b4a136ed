-- The same guard, asking for the entry in the order of the whole key. Where a table is young many of its indexes look alike to the planner, and a plan that was made then
-- reads a good part of a tenant's chain for each row that leaves the inbox; only the key's own index has this order.
CREATE OR REPLACE FUNCTION audit_inbox_guard() RETURNS trigger AS $$
DECLARE
  entry record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT e.id, e.seq INTO entry FROM audit_entries e WHERE e.tenant_id = OLD.tenant_id AND e.id >= OLD.id ORDER BY e.id LIMIT 1;
    IF entry.id = OLD.id AND entry.seq IS NOT NULL THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit entries are append-only';
END
$$ LANGUAGE plpgsql;
