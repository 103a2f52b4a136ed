#!/usr/bin/env bash
# Usage: ISSUER=… CLIENT_ID=… CLIENT_SECRET=… ./run.sh      (the console's application page shows this line, filled in)
set -euo pipefail
cd "$(dirname "$0")"
exec dotnet run -c Release --verbosity quiet
