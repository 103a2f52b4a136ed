-- Who acts, where it is not the person herself: RFC 8693 section 4.1.
ALTER TABLE grants ADD COLUMN actor_id uuid;
