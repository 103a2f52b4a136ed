-- What has been proved so far in a sign-in of several steps: by whom, how and when; the step makes every change of it conditional.
ALTER TABLE interactions ADD COLUMN step bigint NOT NULL DEFAULT 0;
ALTER TABLE interactions ADD COLUMN proved_user_id uuid;
ALTER TABLE interactions ADD COLUMN proofs text;
ALTER TABLE interactions ADD COLUMN proved_at timestamptz;
CREATE INDEX interactions_proved_user ON interactions (tenant_id, proved_user_id);
