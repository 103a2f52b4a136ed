-- Whether an application may sign people in on pages of its own, through the JSON API.
ALTER TABLE clients ADD COLUMN headless boolean NOT NULL DEFAULT false;
