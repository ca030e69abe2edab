#!/usr/bin/env bash
# Three replicas and acks=all, kq beside Apache Kafka: three combined nodes of each on this machine, equal heaps, six partitions,
# each product through its own Java client and perf tool, in turn (A B A B). As fast as it goes with 1 KiB and 100 B, tuned
# (batch.size=262144 linger.ms=5) and with 1 KiB by defaults; then latency at a rate that both bear. Prints, and keeps in
# benchmarks/results/replication.txt, one row per run. Judges nothing.
#
#   benchmarks/replication.sh KAFKA_BENCH_DIR [ROUNDS]       (default: 2)
#
# KAFKA_BENCH_DIR holds setup.sh and cluster.sh, which start Kafka from its Maven Central jars. Latency at a rate: kq counts
# from when a record was to be sent, Kafka's tool from when it was sent. Env: KQ (the launcher), HEAP (default 1g),
# SCALE (default 1; of the number of records), PROFILE=FILE (a recording of one kq node while the 1 KiB row runs).
set -euo pipefail
kafka_bench="${1:?KAFKA_BENCH_DIR}"
rounds="${2:-2}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export BENCH_HOME="${BENCH_HOME:-${TMPDIR:-/tmp}/kq-bench}" KAFKA_HEAP="${HEAP:-1g}"
K="$BENCH_HOME/kafka"
KQ="${KQ:-$root/kq}"
scale="${SCALE:-1}"
base=25392
boot="127.0.0.1:$base,127.0.0.1:$((base + 10)),127.0.0.1:$((base + 20))"
"$kafka_bench/setup.sh" > /dev/null
printf 'rootLogger.level=ERROR\n' > "$K/client-log4j2.properties"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-replication.XXXXXX")"
kq_pid=""
cleanup() {
  if [[ -n "$kq_pid" ]]; then kill "$kq_pid" 2> /dev/null && wait "$kq_pid" 2> /dev/null || true; fi
  "$kafka_bench/cluster.sh" stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

broker_pids() { if [[ $1 == kafka ]]; then "$kafka_bench/cluster.sh" pids; else pgrep -f -- "io.kq.broker.BrokerMain.*$work/kq"; fi; }
broker_ticks() { # broker_ticks PRODUCT: of all three nodes
  local pid
  for pid in $(broker_pids "$1"); do sed 's/.*) //' "/proc/$pid/stat"; done | awk '{ n += $12 + $13 } END { print n }'
}
produce() { # produce PRODUCT NAME SIZE COUNT RATE OPTION...
  local product=$1 name=$2 size=$3 count=$4 rate=$5 before client line
  shift 5
  count=$(awk -v n="$count" -v s="$scale" 'BEGIN { printf "%d", n * s }')
  before=$(broker_ticks "$product")
  TIMEFORMAT='%U %S'
  if [[ $product == kafka ]]; then
    client=$({ time java -Xms512m -Xmx512m -Dlog4j2.configurationFile="$K/client-log4j2.properties" \
      -cp "$K/lib/*:$K/classes" org.apache.kafka.tools.ProducerPerformance \
      --bootstrap-server "$("$kafka_bench/cluster.sh" bootstrap)" --topic "t$size" --num-records "$count" \
      --record-size "$size" --throughput "$rate" --command-property acks=all "$@" > "$work/out" 2> "$work/err"; } 2>&1 | tail -n 1)
  else
    client=$({ time env KQ_CLI_OPTS="-Xms512m -Xmx512m" "$KQ" perf produce -b "$boot" --topic "t$size" --num-records "$count" \
      --record-size "$size" --throughput "$rate" --producer-props acks=all "$@" > "$work/out" 2> "$work/err"; } 2>&1 | tail -n 1)
  fi
  line=$(grep 'records sent' "$work/out" | tail -n 1)
  awk -v product="$product" -v name="$name" -v line="$line" -v gb="$(awk -v n="$count" -v s="$size" 'BEGIN { print n * s / 1e9 }')" \
    -v broker="$(($(broker_ticks "$product") - before))" -v client="$client" 'BEGIN {
      match(line, /[0-9.]+ records\/sec/); split(substr(line, RSTART, RLENGTH), rate, " ")
      match(line, /[0-9.]+ ms 50th/); p50 = substr(line, RSTART) + 0
      match(line, /[0-9.]+ ms 99th/); p99 = substr(line, RSTART) + 0
      match(line, /[0-9.]+ ms 99.9th/); p999 = substr(line, RSTART) + 0
      split(client, c, " ")
      printf "%-6s %-24s %10.0f rec/s   p50 %6.1f  p99 %7.1f  p99.9 %7.1f ms   brokers %6.2f s/GB   client %6.2f s/GB\n",
        product, name, rate[1], p50, p99, p999, broker / 100 / gb, (c[1] + c[2]) / gb }' | tee -a "$work/rows"
}

"$kafka_bench/cluster.sh" wipe > /dev/null 2>&1 || true # topics of an earlier run
"$kafka_bench/cluster.sh" start 3
KQ_DEV_HEAP_OPTS="-Xms${KAFKA_HEAP} -Xmx${KAFKA_HEAP}" "$KQ" dev --brokers 3 --data "$work/kq" --port-base "$base" > "$work/dev.out" 2> "$work/dev.err" &
kq_pid=$!
for _ in $(seq 1 600); do grep -q ' ready ' "$work/dev.out" && break; sleep 0.1; done
for size in 100 1024; do
  java -cp "$K/lib/*:$K/classes" KafkaBench create "$("$kafka_bench/cluster.sh" bootstrap)" "t$size" 1 6 3 > /dev/null 2>&1
  "$KQ" topics -b "$boot" --create --topic "t$size" --partitions 6 --replication-factor 3 > /dev/null
done
tuned=(batch.size=262144 linger.ms=5)
for product in kafka kq; do produce "$product" "(warm-up)" 1024 300000 -1 "${tuned[@]}" > /dev/null; done
for ((round = 0; round < rounds; round++)); do
  for product in kafka kq; do
    if [[ $product == kq && -n "${PROFILE:-}" && $round == 0 ]]; then
      jcmd "$(broker_pids kq | head -n 1)" JFR.start name=row settings=profile > /dev/null
    fi
    produce "$product" "1 KiB tuned" 1024 1000000 -1 "${tuned[@]}"
    if [[ $product == kq && -n "${PROFILE:-}" && $round == 0 ]]; then
      jcmd "$(broker_pids kq | head -n 1)" JFR.dump name=row filename="$PROFILE" > /dev/null
    fi
    produce "$product" "100 B tuned" 100 5000000 -1 "${tuned[@]}"
    produce "$product" "1 KiB defaults" 1024 500000 -1
    produce "$product" "1 KiB at 5,000/s" 1024 100000 5000
    produce "$product" "100 B at 20,000/s" 100 400000 20000
  done
done
{
  echo "# benchmarks/replication.sh KAFKA_BENCH_DIR $rounds, RF 3, acks=all, 6 partitions, heaps ${KAFKA_HEAP}/512m, tuned = ${tuned[*]}"
  echo "# $(date -u +%FT%TZ) $(nproc) cores, kq $(git -C "$root" rev-parse --short HEAD), Kafka 4.3.1, load $(cut -d ' ' -f 1 /proc/loadavg)"
  grep -v warm-up "$work/rows"
} > "$root/benchmarks/results/replication.txt"
