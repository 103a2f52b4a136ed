-- Why its owner must choose another at her next sign-in ('administrator', 'breached'; NULL: she need not), and when it was last looked up among
-- breached ones at a service.
ALTER TABLE passwords ADD COLUMN must_change text;
ALTER TABLE passwords ADD COLUMN breach_checked_at timestamptz;
