#!/usr/bin/env bash
# How long a partition takes no writes when its leader is killed: three combined nodes with default settings, RF 3, acks=all, a
# producer with its defaults at 200 records a second, kill -9. Two kinds of kills: the leader is not the metadata leader, and
# it is. Beside it, where KAFKA_BENCH_DIR is given, Kafka in the same run. Figures are printed and kept in
# benchmarks/results/failover.txt (with another SIGNAL in a file of its own); nothing is judged.
#
#   benchmarks/failover.sh [KILLS_OF_EACH_KIND [KAFKA_BENCH_DIR [KAFKA_KILLS]]]       (default: 20)
#
# First: mvn -q -Dfast -DskipTests -pl benchmarks/jmh,deploy -am package. Env: KQ (the launcher, default ./kq of this checkout), SIGNAL
# (default KILL), HEAP (default 1g).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
kills=${1:-20} kafka_bench=${2:-} kafka_kills=${3:-3} signal=${SIGNAL:-KILL}
export BENCH_HOME="${BENCH_HOME:-${TMPDIR:-/tmp}/kq-bench}" KAFKA_HEAP="${HEAP:-1g}" KQ_HEAP_OPTS="-Xmx${HEAP:-1g}"
results=$root/benchmarks/results/failover${SIGNAL:+-$SIGNAL}.txt
KQ=${KQ:-$root/kq}
class_path="$root/benchmarks/jmh/target/classes:$root/benchmarks/jmh/target/lib/*"
[[ -d $root/benchmarks/jmh/target/lib ]] || {
  printf 'error: the probe is not built\n  next: mvn -q -Dfast -DskipTests -pl benchmarks/jmh,deploy -am package\n' >&2
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/kq-failover.XXXXXX")
base=25292
nodes=()
cleanup() {
  local pid
  for pid in "${nodes[@]}"; do kill -9 "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
  [[ -z $kafka_bench ]] || "$kafka_bench/cluster.sh" stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

boot="127.0.0.1:$base,127.0.0.1:$((base + 10)),127.0.0.1:$((base + 20))"
export KQ_BOOTSTRAP_SERVER=$boot
start_node() { # start_node ID
  "$KQ" server start --config "$work/$1.properties" >> "$work/$1.out" 2>> "$work/$1.err" &
  nodes[$1]=$!
}
start_cluster() {
  local id peers=""
  for id in 0 1 2; do peers="$peers${peers:+,}$id@127.0.0.1:$((base + 10 * id + 2))"; done
  for id in 0 1 2; do
    printf '%s\n' "node.id=$id" "data.dirs=$work/data-$id" "listeners=127.0.0.1:$((base + 10 * id))" \
      "metadata.listener=127.0.0.1:$((base + 10 * id + 1))" "node.listener=127.0.0.1:$((base + 10 * id + 2))" \
      "metadata.peers=$peers" > "$work/$id.properties"
    start_node "$id"
  done
  await_health
  # One topic for each node to lead.
  "$KQ" topics --create --topic fo0 --replica-assignment 0:1:2 > /dev/null
  "$KQ" topics --create --topic fo1 --replica-assignment 1:2:0 > /dev/null
  "$KQ" topics --create --topic fo2 --replica-assignment 2:0:1 > /dev/null
}
await_health() { # all in sync, and each led by its first replica again
  local i
  for ((i = 0; i < 240; i++)); do
    "$KQ" cluster health > /dev/null 2>&1 \
      && ! "$KQ" topics --describe 2> /dev/null | awk '/Leader:/ {
           for (i = 1; i < NF; i++) { if ($i == "Leader:") l = $(i + 1); if ($i == "Replicas:") r = $(i + 1) }
           split(r, first, ","); if (l != first[1]) other = 1 } END { exit !other }' && return
    sleep 0.5
  done
  echo "error: the cluster does not become whole again: $("$KQ" cluster health 2>&1)" >&2
  return 1
}
metadata_leader() { "$KQ" cluster status | sed -n 's/^METADATA *leader \([0-9]*\).*/\1/p'; }

quantiles() { # of the numbers on stdin
  sort -n | awk '{ v[NR] = $1 } END {
    if (NR) printf "n %d  p50 %d  p90 %d  max %d", NR, v[int((NR + 1) / 2)], v[int(NR * 0.9 + 0.999)], v[NR] }'
}
kill_one() { # kill_one KIND: other or metadata
  local leader id line
  leader=$(metadata_leader)
  id=$leader
  [[ $1 == metadata ]] || id=$(((leader + 1 + RANDOM % 2) % 3))
  line=$(java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$class_path" io.kq.benchmark.FailoverProbe "$boot" "fo$id" "${nodes[$id]}" "$signal" 200)
  echo "kq $1 $line" | tee -a "$work/rows" >&2
  kill -9 "${nodes[$id]}" 2> /dev/null || true # unless that was the signal
  { wait "${nodes[$id]}" || true; } 2> /dev/null
  start_node "$id"
  await_health
}
kafka_one() {
  local line leader
  line=$(java -Xmx256m -cp "$BENCH_HOME/kafka/lib/*:$BENCH_HOME/kafka/classes" KafkaBench failover \
    "$("$kafka_bench/cluster.sh" bootstrap)" fo "$BENCH_HOME/kafka/run" 200 "$signal" 2> "$work/kafka.err" | tr '\t' ' ' | tr '\n' ' ')
  leader=$(sed -n 's/.*leader \([0-9]*\).*/\1/p' <<< "$line")
  [[ "$line" =~ controller\ ([0-9]+) ]] && [[ ${BASH_REMATCH[1]} == "$leader" ]] && set -- metadata || set -- other
  echo "kafka $1 $line" | tee -a "$work/rows" >&2
  "$kafka_bench/cluster.sh" start-node "$leader" > /dev/null
  sleep 15
}

start_cluster
if [[ -n $kafka_bench ]]; then
  "$kafka_bench/setup.sh" > /dev/null
  "$kafka_bench/cluster.sh" wipe > /dev/null 2>&1 || true
  "$kafka_bench/cluster.sh" start 3 > /dev/null
  java -cp "$BENCH_HOME/kafka/lib/*:$BENCH_HOME/kafka/classes" org.apache.kafka.tools.TopicCommand --create --topic fo --partitions 1 \
    --replication-factor 3 --bootstrap-server "$("$kafka_bench/cluster.sh" bootstrap)" > /dev/null 2>&1 ||
    java -cp "$BENCH_HOME/kafka/lib/*:$BENCH_HOME/kafka/classes" KafkaBench create "$("$kafka_bench/cluster.sh" bootstrap)" fo 1 3 > /dev/null
fi
for ((round = 0; round < kills; round++)); do
  kill_one other
  kill_one metadata
  [[ -z $kafka_bench ]] || ((round >= kafka_kills)) || kafka_one
done
{
  echo "# benchmarks/failover.sh $*  signal $signal, heap ${HEAP:-1g}"
  echo "# $(date -u +%FT%TZ) kq $(git -C "$root" rev-parse --short HEAD), $(nproc) processors, Linux $(uname -r), load $(cut -d ' ' -f 1 /proc/loadavg)"
  for product in kq kafka; do
    for kind in other metadata; do
      for figure in failover_ms gap_ms max_ack_gap_ms; do
        values=$(sed -n "s/^$product $kind .*\b$figure \([0-9.]*\).*/\1/p" "$work/rows" | quantiles)
        [[ -z $values ]] || echo "$product, leader is $([[ $kind == other ]] && echo "not ")the metadata leader: $figure  $values"
      done
    done
  done
  echo "records that failed: $(grep -oE 'failed [0-9]+' "$work/rows" | awk '{ n += $2 } END { print n + 0 }')"
} | tee "$results"
