-- Where a person lives, as far as clocks are concerned: the zoneinfo claim.
ALTER TABLE users ADD COLUMN zoneinfo text;
