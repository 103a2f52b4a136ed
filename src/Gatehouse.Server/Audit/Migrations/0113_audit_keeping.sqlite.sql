-- An entry may go when its place is accounted for.
DROP TRIGGER audit_entries_delete;

CREATE TRIGGER audit_entries_delete BEFORE DELETE ON audit_entries
WHEN OLD.seq IS NULL
  OR coalesce((SELECT t.first_seq FROM audit_trimmed t WHERE t.tenant_id = OLD.tenant_id AND t.last_seq >= OLD.seq ORDER BY t.last_seq LIMIT 1) > OLD.seq, 1)
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_trimmed_insert BEFORE INSERT ON audit_trimmed
WHEN EXISTS (SELECT 1 FROM audit_trimmed WHERE tenant_id = NEW.tenant_id AND (first_seq = NEW.first_seq OR last_seq = NEW.last_seq))
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_trimmed_update BEFORE UPDATE ON audit_trimmed
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER audit_trimmed_delete BEFORE DELETE ON audit_trimmed
BEGIN
  SELECT RAISE(ABORT, 'audit entries are append-only');
END;
