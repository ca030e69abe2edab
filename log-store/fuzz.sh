#!/bin/sh
# Looks for bytes that the decoding of batches, the recovery of a segment or the making of an index do not bear, with Jazzer:
# each of them for MINUTES (5 by default). What it learns stays in log-store/.cifuzz-corpus for the next time.
# usage: log-store/fuzz.sh [MINUTES [BatchDecoding|SegmentRecovery|IndexRebuild]]
# A finding is kept in log-store/src/test/resources, where the unit tests run it again from then on.
set -eu
cd "$(dirname "$0")/.."
for target in ${2:-BatchDecoding SegmentRecovery IndexRebuild}; do
    echo "== $target" >&2
    JAZZER_FUZZ=1 JAZZER_MAX_DURATION="${1:-5}m" mvn -q -B -ntp -Dfast -pl log-store -am -Dtest="${target}FuzzTest" \
        -Dsurefire.failIfNoSpecifiedTests=false \
        -Dtest.jvm.options="-Xmx256m -Djunit.jupiter.execution.timeout.default=10s -Djunit.jupiter.execution.timeout.mode=disabled" test
done
