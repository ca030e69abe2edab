#!/bin/sh
# Runs replication through SEEDS schedules of faults (100000 by default), from seed FIRST on.
# usage: broker-node/simulate.sh [SEEDS [FIRST]]
# A failure prints its seed and the last events; it again: mvn ... -Dtest.jvm.options=-Dkq.replication.seed=N
set -eu
cd "$(dirname "$0")/.."
exec mvn -q -B -ntp -Dfast -pl broker-node -am \
    -Dtest='ReplicationSimulationTest' -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest.jvm.options="-Dkq.replication.seeds=${1:-100000} -Dkq.replication.first=${2:-1}" test
