#!/bin/sh
# Runs once, inside the database's container, when its volume is new: an ordinary role that owns its database. Row-level security does
# not bind a superuser, and the image's own role is one.
set -eu
password=$(cut -d: -f5 /run/secrets/pgpass)
psql --set ON_ERROR_STOP=1 --set password="$password" --username postgres <<'SQL'
CREATE ROLE gatehouse LOGIN PASSWORD :'password';
CREATE DATABASE gatehouse OWNER gatehouse;
SQL
