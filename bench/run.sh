#!/usr/bin/env bash
# Builds what is measured, runs the load benchmark and writes bench/report.md. Usage: bench/run.sh [seconds per line]
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in wrk psql; do command -v $tool >/dev/null || { echo "Install Debian's packages wrk and postgresql first." >&2; exit 2; }; done
dotnet publish src/Gatehouse.Host -c Release -o artifacts/bench/gatehouse -v q
dotnet publish bench/floor -c Release -o artifacts/bench/floor -v q
(cd bench/peers && npm ci --no-audit --no-fund --loglevel=error)
GATEHOUSE_BINARY=$PWD/artifacts/bench/gatehouse/gatehouse FLOOR_BINARY=$PWD/artifacts/bench/floor/Gatehouse.Bench.Floor node bench/load/run.mjs "${1:-5}"
