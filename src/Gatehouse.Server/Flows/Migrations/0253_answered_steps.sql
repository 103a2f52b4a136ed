-- Which steps that ask once a person has answered: kept for as long as she is.
CREATE TABLE answered_steps (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  step text NOT NULL,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, step)
);
