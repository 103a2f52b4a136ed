-- To which of her numbers the codes of a person's second step go, where she chose that.
CREATE TABLE sms_factors (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  phone_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant_id, user_id)
);
