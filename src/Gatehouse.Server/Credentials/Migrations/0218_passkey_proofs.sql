-- Whether the person was verified when the passkey was made (WebAuthn's uvInitialized), and whether somebody trusted stands behind its model.
ALTER TABLE passkeys ADD COLUMN uv_initialized boolean NOT NULL DEFAULT FALSE;
ALTER TABLE passkeys ADD COLUMN attested boolean NOT NULL DEFAULT FALSE;
