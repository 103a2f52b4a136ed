-- Work of many rows that goes on by itself. The lease says which process has it; finished_at that nobody has it any more.
CREATE TABLE jobs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  reason text,
  total bigint NOT NULL,
  done bigint NOT NULL,
  failed bigint NOT NULL,
  parameters jsonb NOT NULL,
  caller jsonb NOT NULL,
  caller_key text NOT NULL,
  organization_id uuid,
  ip_address text NOT NULL,
  user_agent text NOT NULL,
  request_id text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  lease_until timestamptz NOT NULL,
  lease_owner uuid NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX jobs_due ON jobs (lease_until) WHERE finished_at IS NULL;
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX jobs_tenant_finished ON jobs (tenant_id, finished_at);

-- What is to be done is sealed and goes as soon as it is done; how it went stays.
CREATE TABLE job_rows (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  number bigint NOT NULL,
  state text NOT NULL,
  input bytea,
  attempts bigint NOT NULL,
  code text,
  detail text,
  resource_id text,
  finished_at timestamptz,
  PRIMARY KEY (tenant_id, job_id, number),
  FOREIGN KEY (tenant_id, job_id) REFERENCES jobs (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX job_rows_state ON job_rows (tenant_id, job_id, state, number);
