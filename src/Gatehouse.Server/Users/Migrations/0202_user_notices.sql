-- Which notices that may be turned off a person has turned off. A row for each; without one a notice is sent.
CREATE TABLE user_notices_off (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  notice text NOT NULL,
  PRIMARY KEY (tenant_id, user_id, notice),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
