-- Who promised the roles: asked again, of her, when they are given. None: of before, or without roles.
ALTER TABLE invitations ADD COLUMN promised_by jsonb;
