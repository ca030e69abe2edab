#!/usr/bin/env bash
# What consumer groups cost: three combined nodes with default settings but one coordination shard. Partitions that change
# hands (6 of them, RF 1, 20 records a second in each, default session): the longest gap of those that stay and of those that
# move when a member joins, of all when one leaves, and from kill -9 of a member to the last of its partitions read by another;
# 200 members that join a topic of 1,000 partitions at once, and one more; commits of 100 groups at a steady rate, timed from
# when each was to be sent, with topics created beside them; and
# the first commit after the coordinator was killed. Beside it, where KAFKA_BENCH_DIR is given, Kafka's own probe of the
# first (both its protocols). Printed and kept in benchmarks/results/groups.txt; nothing is judged.
#
#   benchmarks/groups.sh [ROUNDS [KAFKA_BENCH_DIR]]       (default: 3)
#
# First: mvn -q -Dfast -DskipTests -pl benchmarks/jmh,deploy -am package. Env: KQ (the launcher, default ./kq of this checkout).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
rounds=${1:-3} kafka_bench=${2:-}
export BENCH_HOME="${BENCH_HOME:-${TMPDIR:-/tmp}/kq-bench}" KAFKA_HEAP=1g KQ_HEAP_OPTS=-Xmx1g
results=$root/benchmarks/results/groups.txt
KQ=${KQ:-$root/kq}
class_path="$root/benchmarks/jmh/target/classes:$root/benchmarks/jmh/target/lib/*"
[[ -d $root/benchmarks/jmh/target/lib ]] || {
  printf 'error: the probes are not built\n  next: mvn -q -Dfast -DskipTests -pl benchmarks/jmh,deploy -am package\n' >&2
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/kq-groups.XXXXXX")
base=25492
nodes=()
cleanup() {
  local pid
  for pid in "${nodes[@]}"; do kill -9 "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
  [[ -z $kafka_bench ]] || "$kafka_bench/cluster.sh" stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

export KQ_BOOTSTRAP_SERVER=127.0.0.1:$base
all="127.0.0.1:$base,127.0.0.1:$((base + 10)),127.0.0.1:$((base + 20))"
start_cluster() {
  local id i peers=""
  for id in 0 1 2; do peers="$peers${peers:+,}$id@127.0.0.1:$((base + 10 * id + 2))"; done
  for id in 0 1 2; do
    printf '%s\n' "node.id=$id" "data.dirs=$work/data-$id" "listeners=127.0.0.1:$((base + 10 * id))" \
      "metadata.listener=127.0.0.1:$((base + 10 * id + 1))" "node.listener=127.0.0.1:$((base + 10 * id + 2))" \
      "admin.listener=127.0.0.1:$((base + 10 * id + 3))" "metadata.peers=$peers" "coordination.shards=1" > "$work/$id.properties"
    "$KQ" server start --config "$work/$id.properties" > "$work/$id.out" 2>&1 &
    nodes[$id]=$!
  done
  for ((i = 0; i < 60; i++)); do "$KQ" cluster health > /dev/null 2>&1 && return; sleep 0.5; done
  printf 'error: the cluster does not start\n' >&2
  exit 1
}
say() { printf '%s\n' "$*" | tee -a "$results"; }
probe() { java -Xmx2g -cp "$class_path" "io.kq.benchmark.group.$@"; }

start_cluster
"$KQ" topics --create --topic six --partitions 6 --replication-factor 1 > /dev/null
"$KQ" topics --create --topic thousand --partitions 1000 --replication-factor 1 > /dev/null
"$KQ" topics --create --topic one --partitions 1 --replication-factor 1 > /dev/null
: > "$results"
say "# $(date -u +%Y-%m-%d), $(git -C "$root" rev-parse --short HEAD), $(nproc) processors, $rounds rounds${kafka_bench:+, Kafka beside it}"
say "# partitions that change hands, ms"
probe Takeover "$KQ_BOOTSTRAP_SERVER" six takeover "$((rounds + 1))" | tee -a "$results"
say "# 200 members at once, then one more"
for ((i = 0; i < rounds; i++)); do probe Crowd "$KQ_BOOTSTRAP_SERVER" thousand "crowd-$i" 200 | tee -a "$results"; done
say "# commits: 5,000, then 20,000 a second"
probe Commits "$KQ_BOOTSTRAP_SERVER" one 100 5000 10 | tee -a "$results"
for ((i = 0; i < rounds; i++)); do probe Commits "$KQ_BOOTSTRAP_SERVER" one 100 20000 20 | tee -a "$results"; done
say "# commits when their coordinator is killed, ms"
probe CoordinatorDeath "$all" one death KILL "${nodes[@]}" | tee -a "$results"
for pid in "${nodes[@]}"; do kill -9 "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
nodes=()
if [[ -n $kafka_bench ]]; then
  say "# Kafka: the same changes of hands, one node, one group of each protocol, ms"
  "$kafka_bench/cluster.sh" start 1 > /dev/null
  boot=$("$kafka_bench/cluster.sh" bootstrap)
  kafka() { java -Xmx256m -cp "$BENCH_HOME/kafka/lib/*:$BENCH_HOME/kafka/classes" KafkaBench "$@" 2> /dev/null; }
  kafka create "$boot" gc 1 6 1 > /dev/null
  kafka create "$boot" gn 1 6 1 > /dev/null
  kafka group "$boot" "gc:group-$RANDOM:classic" "gn:group-$RANDOM:consumer" | tee -a "$results"
fi
