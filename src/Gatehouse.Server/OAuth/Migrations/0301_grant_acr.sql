-- What the sign-in is called in the grant's tokens; empty in grants from before, whose tokens name what was done.
ALTER TABLE grants ADD COLUMN acr text;
