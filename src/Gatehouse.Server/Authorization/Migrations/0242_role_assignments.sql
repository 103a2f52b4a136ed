-- contract
-- What an older program beside this one still reads until it is gone: held_roles has taken its place.
DROP TABLE role_assignments;
DROP TABLE role_holders;
