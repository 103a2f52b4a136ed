-- Clients that prove themselves by signing (private_key_jwt): null is by a secret. One of jwks and jwks_uri then says with which keys.
ALTER TABLE clients ADD COLUMN auth_method text;
ALTER TABLE clients ADD COLUMN auth_algorithm text;
ALTER TABLE clients ADD COLUMN jwks text;
ALTER TABLE clients ADD COLUMN jwks_uri text;
