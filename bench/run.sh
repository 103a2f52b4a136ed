#!/usr/bin/env bash
# Builds what is measured, runs the load benchmark and writes bench/report.md. Usage: bench/run.sh [seconds per measurement] [rounds]
# PARTS=tokens,reads,people,signins,timing,checks chooses parts, written to bench/report-<parts>.md; REPORT=file writes elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in wrk psql; do command -v $tool >/dev/null || { echo "Install Debian's packages wrk and postgresql first." >&2; exit 2; }; done
if [ -z "${NO_BUILD:-}" ]; then
  case "$(uname -m)" in x86_64) runtime=linux-x64 ;; aarch64) runtime=linux-arm64 ;; *) echo "No build for $(uname -m)." >&2; exit 2 ;; esac
  # As it is deployed: compiled ahead for this machine. The lock files speak of no runtime, so this restore keeps its own.
  dotnet publish src/Gatehouse.Host -c Release -r $runtime --no-self-contained -p:RestoreLockedMode=false \
    -p:NuGetLockFilePath=obj/packages.$runtime.lock.json -o artifacts/bench/gatehouse -v q -nologo
  dotnet publish bench/floor -c Release -o artifacts/bench/floor -v q -nologo
  dotnet publish bench/micro -c Release -o artifacts/bench/micro -v q -nologo
  (cd bench/peers && npm ci --no-audit --no-fund --loglevel=error)
fi
export GATEHOUSE_BINARY=$PWD/artifacts/bench/gatehouse/gatehouse FLOOR_BINARY=$PWD/artifacts/bench/floor/Gatehouse.Bench.Floor MICRO_BINARY=$PWD/artifacts/bench/micro/Gatehouse.Bench.Micro
exec node bench/load/run.mjs "$@"
