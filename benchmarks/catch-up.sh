#!/usr/bin/env bash
# A node that missed some gigabytes comes back: how fast it catches up, and what that does to the latency of those who write
# meanwhile. Three combined nodes, RF 3, acks=all; the node is stopped, records of 1 KiB are written to six partitions, it starts
# again. Once for each bound of replication.catchup.rate given (0: none). Beside it the latency of writers to another topic, 1 KiB
# at 2,000 a second: before, and for ten seconds of the catching up. Figures are printed and kept in
# benchmarks/results/catch-up.txt; nothing is judged.
#
#   benchmarks/catch-up.sh [GIGABYTES [RATE...]]       (default: 5, and 0 100MiB)
#
# First: mvn -q -Dfast -DskipTests -pl deploy -am package. Env: KQ (the launcher, default ./kq of this checkout), HEAP (default 1g).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
gigabytes=${1:-5}
shift || true
rates=("$@")
(($# > 0)) || rates=(0 100MiB)
KQ=${KQ:-$root/kq}
export KQ_HEAP_OPTS="-Xmx${HEAP:-1g}"
results=$root/benchmarks/results/catch-up.txt
base=25492
boot="127.0.0.1:$base,127.0.0.1:$((base + 10)),127.0.0.1:$((base + 20))"
export KQ_BOOTSTRAP_SERVER=$boot
work=""
nodes=()
end_all() {
  local pid
  for pid in "${nodes[@]}"; do kill -9 "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
  nodes=()
  [[ -z $work ]] || rm -rf "$work"
}
trap end_all EXIT

start_node() { # start_node ID: returns when it is ready
  local readies i
  readies=$(grep -c ' ready ' "$work/$1.out" 2> /dev/null || true)
  "$KQ" server start --config "$work/$1.properties" >> "$work/$1.out" 2>> "$work/$1.err" &
  nodes[$1]=$!
  [[ ${2:-} == later ]] || await_ready "$1" "${readies:-0}"
}
await_ready() {
  local i
  for ((i = 0; i < 600; i++)); do
    (($(grep -c ' ready ' "$work/$1.out" || true) > $2)) && return
    sleep 0.1
  done
  echo "error: node $1 is not ready: $(tail -n 3 "$work/$1.err")" >&2
  return 1
}
start_cluster() { # start_cluster RATE
  local id peers=""
  work=$(mktemp -d "${TMPDIR:-/tmp}/kq-catch-up.XXXXXX")
  for id in 0 1 2; do peers="$peers${peers:+,}$id@127.0.0.1:$((base + 10 * id + 2))"; done
  for id in 0 1 2; do
    printf '%s\n' "node.id=$id" "data.dirs=$work/data-$id" "listeners=127.0.0.1:$((base + 10 * id))" \
      "metadata.listener=127.0.0.1:$((base + 10 * id + 1))" "node.listener=127.0.0.1:$((base + 10 * id + 2))" \
      "metadata.peers=$peers" "replication.catchup.rate=$1" > "$work/$id.properties"
    start_node "$id" later
  done
  for id in 0 1 2; do await_ready "$id" 0; done
  "$KQ" topics --create --topic big --partitions 6 --replication-factor 3 > /dev/null
  # Led by the nodes that stay.
  "$KQ" topics --create --topic small --replica-assignment 0:1:2,1:0:2,0:1:2,1:0:2 > /dev/null
}
perf() { # perf TOPIC COUNT RATE OPTION...
  local topic=$1 count=$2 rate=$3
  shift 3
  KQ_CLI_OPTS="-Xms256m -Xmx256m" "$KQ" perf produce -t "$topic" --num-records "$count" --record-size 1024 --throughput "$rate" \
    --producer-props acks=all "$@" 2> "$work/perf.err" | grep 'records sent' | tail -n 1
}
latency() { sed -nE 's/.* ([0-9.]+) ms 50th.* ([0-9.]+) ms 99th.* ([0-9.]+) ms 99.9th.*/p50 \1  p99 \2  p99.9 \3 ms/p'; }
behind() { "$KQ" topics --describe --under-replicated-partitions 2> /dev/null | grep -c 'Partition:' || true; }
seconds() { date +%s.%N; }

one() { # one RATE
  local before during began in_sync missed count
  start_cluster "$1"
  perf small 20000 2000 > /dev/null # warm
  before=$(perf small 40000 2000 | latency)
  kill "${nodes[2]}" && wait "${nodes[2]}" || true
  count=$((gigabytes * 1000000000 / 1024))
  perf big "$count" -1 batch.size=262144 linger.ms=5 > /dev/null
  missed=$(du -sb "$work/data-0" | cut -f1)
  missed=$((missed - $(du -sb "$work/data-2" | cut -f1)))
  start_node 2
  began=$(seconds)
  perf small 20000 2000 > "$work/during" &
  while (($(behind) > 0)); do sleep 0.2; done
  in_sync=$(seconds)
  wait $!
  during=$(latency < "$work/during")
  awk -v rate="$1" -v bytes="$missed" -v s="$(awk -v a="$began" -v b="$in_sync" 'BEGIN { print b - a }')" \
    -v before="$before" -v during="$during" 'BEGIN {
      printf "replication.catchup.rate=%-8s %.1f GB in %5.1f s: %4.0f MB/s   others before: %s   meanwhile: %s\n", rate, bytes / 1e9, s,
        bytes / 1e6 / s, before, during }'
  end_all
  work=""
}

{
  echo "# benchmarks/catch-up.sh $gigabytes ${rates[*]}: three nodes of ${HEAP:-1g}, RF 3, acks=all"
  echo "# $(date -u +%FT%TZ) kq $(git -C "$root" rev-parse --short HEAD), $(nproc) processors, Linux $(uname -r), load $(cut -d ' ' -f 1 /proc/loadavg)"
  for rate in "${rates[@]}"; do one "$rate"; done
} | tee "$results"
