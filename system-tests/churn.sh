#!/usr/bin/env bash
# Members of a group that come, leave, die and freeze, and nodes that die, for longer than the tests take: GroupChurnIT.
#
#   system-tests/churn.sh [SECONDS [SEED]]       (default: 600, a new seed)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
seconds=${1:-600} seed=${2:-$RANDOM$RANDOM}
printf 'churn for %s s, seed %s\n' "$seconds" "$seed"
cd "$root"
mvn -B -ntp -Dfast -pl system-tests -am -Dtest=TidyTest -Dit.test=GroupChurnIT -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false "-Dkq.churn.seconds=$seconds" "-Dkq.churn.seed=$seed" verify
