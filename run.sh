#!/usr/bin/env bash
# Builds Gatehouse and starts it on ./data at http://localhost:8080. Arguments go to "gatehouse serve".
set -euo pipefail
cd "$(dirname "$0")"
command -v dotnet > /dev/null || { echo "run.sh needs the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 1; }
# Development: without an SMTP server, mail is read at /dev/mailbox on this machine.
[ -n "${GATEHOUSE_Messaging__Smtp__Host:-}" ] || export GATEHOUSE_Messaging__Mailbox="${GATEHOUSE_Messaging__Mailbox:-true}"
echo "Building …"
dotnet build src/Gatehouse.Host --configuration Release --verbosity quiet --nologo
exec src/Gatehouse.Host/bin/Release/net10.0/gatehouse serve --data data --urls http://localhost:8080 "$@"
