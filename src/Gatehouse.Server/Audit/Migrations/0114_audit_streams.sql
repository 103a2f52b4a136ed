-- Where entries or signed heads are sent as they come. cursor_seq: everything up to it was taken over there. The lease keeps two processes from
-- sending the same; one that died loses it.
CREATE TABLE trail_streams (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  content text NOT NULL,
  address text NOT NULL,
  tls boolean NOT NULL,
  ca text,
  sealed_token bytea,
  personal boolean NOT NULL,
  enabled boolean NOT NULL,
  cursor_seq bigint NOT NULL,
  failures bigint NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  lease uuid,
  lease_until timestamptz,
  last_error text,
  last_delivered_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX trail_streams_due ON trail_streams (next_attempt_at) WHERE enabled;
