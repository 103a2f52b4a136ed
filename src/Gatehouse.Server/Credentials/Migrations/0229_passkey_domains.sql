-- The domain (WebAuthn's RP ID) that a passkey was made for; empty of those that were made before this was written down.
ALTER TABLE passkeys ADD COLUMN rp_id text NOT NULL DEFAULT '';
