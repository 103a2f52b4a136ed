CREATE TABLE passwords (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  phc text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);

-- Browsers in which a person has signed in before; the hash of their device cookie.
CREATE TABLE known_devices (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  device_hash bytea NOT NULL,
  last_used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id, device_hash)
);
CREATE INDEX known_devices_last_used ON known_devices (last_used_at);

-- How often something was tried in a window of time. The key is a hash: it may be an address.
CREATE TABLE rate_counters (
  tenant_id uuid NOT NULL,
  bucket text NOT NULL,
  key_hash bytea NOT NULL,
  used bigint NOT NULL,
  window_ends_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, bucket, key_hash)
);
CREATE INDEX rate_counters_window ON rate_counters (window_ends_at);

CREATE TABLE one_time_links (
  tenant_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  purpose text NOT NULL,
  user_id uuid,
  email_id uuid,
  payload text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant_id, token_hash)
);
CREATE INDEX one_time_links_user ON one_time_links (tenant_id, user_id, purpose);
CREATE INDEX one_time_links_expiry ON one_time_links (expires_at);
