#!/usr/bin/env bash
# A first distance to Apache Kafka: both products on one node, in turn (A B A B), same machine, same heaps, each through its own
# Java client and perf tool. Prints one row per run: product, workload, records/s, MiB/s, broker CPU s/GB, client CPU s/GB.
#
#   benchmarks/distance.sh KAFKA_BENCH_DIR [rounds]
#
# KAFKA_BENCH_DIR holds setup.sh and cluster.sh, which start Kafka from its Maven Central jars.
set -euo pipefail
kafka_bench="${1:?KAFKA_BENCH_DIR}"
rounds="${2:-2}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export BENCH_HOME="${BENCH_HOME:-${TMPDIR:-/tmp}/kq-bench}" KAFKA_HEAP="${HEAP:-1g}"
K="$BENCH_HOME/kafka"
KQ="$root/kq"
base=25192
"$kafka_bench/setup.sh" > /dev/null
printf 'rootLogger.level=ERROR\n' > "$K/client-log4j2.properties"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-distance.XXXXXX")"
kq_pid=""
cleanup() {
  if [[ -n "$kq_pid" ]]; then kill "$kq_pid" 2> /dev/null && wait "$kq_pid" 2> /dev/null || true; fi
  "$kafka_bench/cluster.sh" stop > /dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; }
row() { # row PRODUCT WORKLOAD BROKER_PID GB LINE BROKER_TICKS_BEFORE CLIENT_SECONDS
  local rate mib broker
  rate=$(sed -E 's/.* ([0-9.]+) records\/sec.*/\1/' <<< "$5")
  mib=$(sed -E 's/.*\(([0-9.]+) M[iB]+\/sec.*/\1/' <<< "$5")
  broker=$(awk -v a="$6" -v b="$(ticks "$3")" -v g="$4" 'BEGIN{printf "%.2f", (b - a) / 100 / g}')
  printf '%-6s %-22s %12s rec/s %8s MiB/s   broker %6s s/GB   client %6s s/GB\n' \
    "$1" "$2" "$rate" "$mib" "$broker" "$(awk -v c="$7" -v g="$4" 'BEGIN{printf "%.2f", c / g}')"
}
timed() { # timed OUT COMMAND...: user+system seconds on stdout
  local out=$1
  shift
  TIMEFORMAT='%U %S'
  { time "$@" > "$out" 2> "$out.err"; } 2>&1 | tail -n 1 | awk '{print $1 + $2}'
}
produce() { # produce PRODUCT SIZE COUNT
  local product=$1 size=$2 count=$3 pid before cpu gb line
  gb=$(awk -v n="$count" -v s="$size" 'BEGIN{print n * s / 1e9}')
  if [[ $product == kafka ]]; then
    pid=$("$kafka_bench/cluster.sh" pid 1)
    before=$(ticks "$pid")
    cpu=$(timed "$work/out" java -Xms512m -Xmx512m -Dlog4j2.configurationFile="$K/client-log4j2.properties" \
      -cp "$K/lib/*:$K/classes" org.apache.kafka.tools.ProducerPerformance \
      --bootstrap-server "$("$kafka_bench/cluster.sh" bootstrap)" --topic "t$size" --num-records "$count" \
      --record-size "$size" --throughput -1 --command-property acks=all batch.size=262144 linger.ms=5)
  else
    pid=$kq_node
    before=$(ticks "$pid")
    cpu=$(timed "$work/out" env KQ_CLI_OPTS="-Xms512m -Xmx512m" "$KQ" perf produce -b "127.0.0.1:$base" --topic "t$size" \
      --num-records "$count" --record-size "$size" --throughput -1 --producer-props acks=all batch.size=262144 linger.ms=5)
  fi
  line=$(grep 'records sent' "$work/out" | tail -n 1)
  row "$product" "produce ${size} B" "$pid" "$gb" "$line" "$before" "$cpu"
}
consume() { # consume PRODUCT SIZE COUNT
  local product=$1 size=$2 count=$3 pid before cpu gb line
  gb=$(awk -v n="$count" -v s="$size" 'BEGIN{print n * s / 1e9}')
  if [[ $product == kafka ]]; then
    pid=$("$kafka_bench/cluster.sh" pid 1)
    before=$(ticks "$pid")
    cpu=$(timed "$work/out" java -Xms512m -Xmx512m -Dlog4j2.configurationFile="$K/client-log4j2.properties" \
      -cp "$K/lib/*:$K/classes" org.apache.kafka.tools.ConsumerPerformance \
      --bootstrap-server "$("$kafka_bench/cluster.sh" bootstrap)" --topic "t$size" --num-records "$count" \
      --hide-header --timeout 30000 --group "g$RANDOM$RANDOM")
  else
    pid=$kq_node
    before=$(ticks "$pid")
    cpu=$(timed "$work/out" env KQ_CLI_OPTS="-Xms512m -Xmx512m" "$KQ" perf consume -b "127.0.0.1:$base" --topic "t$size" \
      --num-records "$count")
  fi
  line=$(grep -E '^[0-9]{4}-' "$work/out" | tail -n 1 | awk -F', ' '{printf "x %s records/sec (%s MB/sec)", $10, $9}')
  row "$product" "consume ${size} B" "$pid" "$gb" "$line" "$before" "$cpu"
}

"$kafka_bench/cluster.sh" wipe > /dev/null 2>&1 || true # topics of an earlier run
"$kafka_bench/cluster.sh" start 1
kafka_topic() { java -cp "$K/lib/*:$K/classes" KafkaBench create "$("$kafka_bench/cluster.sh" bootstrap)" "$1" 1 6 1 > /dev/null 2>&1; }
KQ_DEV_HEAP_OPTS="-Xms1g -Xmx1g" "$KQ" dev --data "$work/kq" --port-base "$base" > "$work/dev.out" 2> "$work/dev.err" &
kq_pid=$!
for _ in $(seq 1 600); do grep -q ' ready ' "$work/dev.out" && break; sleep 0.1; done
kq_node=$(pgrep -f -- "io.kq.broker.BrokerMain.*$work/kq" | head -n 1)
for size in 100 1024; do
  kafka_topic "t$size"
  "$KQ" topics -b "127.0.0.1:$base" --create --topic "t$size" --partitions 6 > /dev/null
done
echo "# $(date -u +%FT%TZ) $(nproc) cores, kq $(git -C "$root" rev-parse --short HEAD), Kafka 4.3.1, heaps ${KAFKA_HEAP}/512m, acks=all batch.size=262144 linger.ms=5, 6 partitions"
for round in $(seq 1 "$rounds"); do
  for product in kafka kq; do
    produce "$product" 1024 3000000
    produce "$product" 100 15000000
    consume "$product" 1024 3000000
    consume "$product" 100 15000000
  done
done
