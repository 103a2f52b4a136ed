#!/usr/bin/env bash
# Usage: ISSUER=… CLIENT_ID=… CLIENT_SECRET=… ./run.sh      (the console's application page shows this line, filled in)
set -euo pipefail
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error
exec node server.mjs
