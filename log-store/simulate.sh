#!/bin/sh
# Cuts the power of a simulated disk in SEEDS random histories of a log (100000 by default).
# usage: log-store/simulate.sh [SEEDS [FIRST]]
# Its files are in TMPDIR (/tmp by default): on a tmpfs it does not wait for the disk behind it.
# A failure prints its seed; that history again: mvn ... -Dtest.jvm.options="-Dkq.crash.seed=N -Dkq.crash.trace=true"
set -eu
cd "$(dirname "$0")/.."
exec mvn -q -B -ntp -Dfast -pl log-store -am -Dtest='CrashSimulationTest#whatWasPromised*' \
    -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest.jvm.options="-Dkq.crash.seeds=${1:-100000} -Dkq.crash.first=${2:-1} -Djava.io.tmpdir=${TMPDIR:-/tmp}" test
