-- The organization that she chose in this run; forgotten with her proofs.
ALTER TABLE interactions ADD COLUMN organization_id uuid;
