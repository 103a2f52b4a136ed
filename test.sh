#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test, ends with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")" || exit 1
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

packages="postgresql chromium-headless-shell fonts-noto-core fonts-liberation libsodium23 argon2 oathtool apache2 libapache2-mod-auth-openidc prometheus rsyslog rsyslog-openssl shellcheck openssl"
missing=""
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
  echo "Installing Debian packages:$missing"
  as_root=""; [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq >/dev/null || exit 1
  # Where there is no Chromium without windows, the one with them serves, slowly.
  apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing="${missing/chromium-headless-shell/chromium}"
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null || exit 1
fi
for project in tests/peers samples/node-express; do
  [ -f "$project/package-lock.json" ] || continue
  (cd "$project" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error) || exit 1
done

results=artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
# One compiler for all projects, and for what tests compile: it learns its own hot paths once. It listens under a name of its
# own and ends with this script. Profiling those paths first costs it more than it gains in a few minutes.
export UseSharedCompilation=true SharedCompilationId="gatehouse-$$"
trap 'pkill -f "[p]ipename:$SharedCompilationId"' EXIT
DOTNET_TieredPGO=0 dotnet build Gatehouse.slnx -c Release -v q || exit 1

# Two at a time: there are seldom more cores to spare, and each project starts servers of its own. Each leaves its exit
# code in a file: the shell forgets a child as soon as the system gives its number to another process.
run() {
  timeout 2400 dotnet test "tests/$1" -c Release --no-build --results-directory "$results/$1" --logger "trx;LogFileName=$1.trx" \
    --blame-hang-timeout 10m --blame-hang-dump-type none >"$results/$1.log" 2>&1
  echo $? >"$results/$1.code"
  tail -n 3 "$results/$1.log"
}
# The longest first.
projects="Gatehouse.Tests Gatehouse.Browser Gatehouse.Conformance Gatehouse.Architecture Gatehouse.Storage.Tests"
running=0
for project in $projects; do
  if [ "$running" -ge 2 ]; then wait -n; else running=$((running + 1)); fi
  run "$project" &
done
wait
failed=0
for project in $projects; do [ "$(cat "$results/$project.code" 2>/dev/null)" = 0 ] || failed=1; done

# The sums come from the result files; a project that left none has failed as a whole.
count() { grep -ho "$1=\"[0-9]*\"" "$results"/*/*.trx 2>/dev/null | tr -dc '0-9\n' | awk '{s+=$1} END {print s+0}'; }
passed=$(count passed); wrong=$(count failed); all=$(count total)
for project in $projects; do
  if [ ! -f "$results/$project/$project.trx" ]; then wrong=$((wrong + 1)); all=$((all + 1)); echo "$project left no result; its log ends:"; tail -n 40 "$results/$project.log"; fi
done
[ "$wrong" = 0 ] || grep -hE -A 14 '^\s*Failed [A-Z].*\[' "$results"/*.log | cut -c 1-400 | head -200
echo "$passed passed, $wrong failed, $((all - passed - wrong)) skipped"
[ "$wrong" = 0 ] && [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
