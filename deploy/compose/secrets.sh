#!/bin/sh
# Makes the secrets that compose.yaml mounts, once; never overwrites. Keep a copy of master_key where the database's backups are not.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
make() { [ -e "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"; }
make postgres_password "$(openssl rand -hex 32)"
make pgpass "*:*:gatehouse:gatehouse:$(openssl rand -hex 32)"
make master_key "$(openssl rand -base64 32)"
# They are mounted as they are, for users of the containers' own: readable, inside a folder that only its owner may enter.
chmod 0444 secrets/*
