#!/usr/bin/env bash
# Restores, builds and runs every test. Needs the .NET 10 SDK and git; nothing else has to be installed by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDTERMINALLOGGER=off

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet build Orchestrator.sln -v quiet

status=0
dotnet test Orchestrator.sln --no-build -v quiet --logger trx --results-directory "$results" || status=$?

passed=0 failed=0 skipped=0
for trx in "$results"/*.trx; do
  counters=$(grep -o '<Counters [^>]*>' "$trx" | head -n 1)
  passed=$((passed + $(sed -E 's/.* passed="([0-9]+)".*/\1/' <<<"$counters")))
  failed=$((failed + $(sed -E 's/.* failed="([0-9]+)".*/\1/' <<<"$counters")))
  if grep -q 'outcome="Failed"' "$trx"; then
    # What a quiet runner leaves out: which test failed, and why.
    sed -n '/<UnitTestResult .*outcome="Failed"/,/<\/UnitTestResult>/p' "$trx" | sed -E 's/^ *<UnitTestResult .*testName="([^"]*)".*/FAILED \1/; s/<[^>]*>//g; /^ *$/d' | head -n 200 >&2
  fi
  skipped=$((skipped + $(grep -c 'outcome="NotExecuted"' "$trx" || true)))
done

# A runner that died leaves no counters behind: that is a failure, never "0 failed".
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
if [ "$passed" -eq 0 ]; then echo "No test ran." >&2; status=1; fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit "$status"
