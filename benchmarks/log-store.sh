#!/usr/bin/env bash
# What the log store costs: figures with machine, commit and command, printed and kept in benchmarks/results/. Judges nothing.
#
#   benchmarks/log-store.sh append [ROUNDS]              a log against a bare loop of CRC32C and FileChannel.write
#   benchmarks/log-store.sh lookup                       from an offset to its batch: 10 million index entries; real logs
#   benchmarks/log-store.sh preallocate                  appends to files that were preallocated in several ways, or not
#   benchmarks/log-store.sh idle [PARTITIONS]            memory, files, threads of open partitions; their bytes by class
#   benchmarks/log-store.sh fill DIRECTORY PARTITIONS GIB    makes the data for:
#   benchmarks/log-store.sh open DIRECTORY PARTITIONS    opening it after a good stop and after kill -9
#
# First: mvn -q -Dfast -DskipTests -pl benchmarks/jmh -am package. KQ_JAVA_HOME chooses the Java, TMPDIR the disk. Each
# of them takes less than 5 minutes. As root `open` also measures with the page cache dropped.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
classes=$root/benchmarks/jmh/target/classes
results=$root/benchmarks/results
java=${KQ_JAVA_HOME:+$KQ_JAVA_HOME/bin/}java
class_path="$classes:$root/benchmarks/jmh/target/lib/*"
usage() { sed -n '4,9s/^# *//p' "${BASH_SOURCE[0]}" >&2 && exit 2; }
(($# > 0)) || usage
if [[ ! -d $classes/META-INF || ! -d $root/benchmarks/jmh/target/lib ]]; then
  printf 'error: the measurements are not built\n  next: mvn -q -Dfast -DskipTests -pl benchmarks/jmh -am package\n' >&2
  exit 1
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/kq-log-store.XXXXXX")
writer=
finish() {
  if [[ -n $writer ]]; then kill -9 "$writer" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

head_lines() { # head_lines COMMAND...: what all figures depend on
  echo "# benchmarks/log-store.sh $*"
  echo "# $(date -u +%FT%TZ) kq $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)$(
    [[ -z $(git -C "$root" status --porcelain 2>/dev/null) ]] || echo ' and changes')"
  echo "# $(nproc) processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $(
    awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r), $(
    findmnt -no FSTYPE -T "$work"), $("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/Java \1/p'), load $(
    cut -d ' ' -f 1 /proc/loadavg)"
}
jmh() { # jmh ARGUMENTS...: one run of JMH; its rows as CSV on stdout
  rm -f "$work/rows.csv"
  "$java" -Dkq.benchmark.directory="$work" -cp "$class_path" org.openjdk.jmh.Main \
    -foe true -jvmArgsAppend "-Dkq.benchmark.directory=$work" -rf csv -rff "$work/rows.csv" "$@" >"$work/jmh.log" ||
    { cat "$work/jmh.log" >&2 && exit 1; }
  tr -d '"' <"$work/rows.csv"
}
process() { "$java" -Xmx512m -cp "$class_path" "io.kq.benchmark.$1" "${@:2}"; }

append() { # append ROUNDS
  local round
  for ((round = 1; round <= $1; round++)); do
    jmh AppendBenchmark -prof gc
  done >"$work/all.csv"
  awk -F, '
    /^Benchmark/ {round++}
    $1 ~ /\.(log|bareLoop)$/ {time[$8 "," $9, round, $1 ~ /log$/] = $5; cases[$8 "," $9]}
    $1 ~ /log:.*gc.alloc.rate.norm$/ {bytes[$8 "," $9] += $5 / (536870912 / $9)}
    END {
      print "beside     batch     log MiB/s  bare MiB/s   log/bare by round          median   heap bytes per batch"
      for (c in cases) {
        split(c, is, ",")
        n = 0; all = ""
        for (r = 1; r <= round; r++) {
          ratio[++n] = time[c, r, 0] / time[c, r, 1]
          all = all sprintf("%6.2f", ratio[n])
        }
        for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (ratio[j] < ratio[i]) {t = ratio[i]; ratio[i] = ratio[j]; ratio[j] = t}
        printf "%-8s %7d  %10.0f  %10.0f   %-24s %8.2f   %8.0f\n", is[1], is[2],
          512000 / time[c, round, 1], 512000 / time[c, round, 0], all, ratio[int((n + 1) / 2)], bytes[c] / round
      }
    }' "$work/all.csv" | { IFS= read -r title && echo "$title" && sort -k1,1r -k2,2n; }
}
lookup() {
  jmh 'IndexLookupBenchmark|ReadBenchmark' | awk -F, '
    $1 ~ /:p/ {
      sub(/.*\.benchmark\./, "", $1)
      split($1, is, /:.*:?p/)
      if (is[2] ~ /^0\.(50|99|999)0*$/) rows[is[1]] = rows[is[1]] sprintf("   p%-5s %8.2f us", is[2] * 100, $5)
    }
    END {for (r in rows) printf "%-36s%s\n", r, rows[r]}' | sort
}
preallocate() {
  jmh 'PreallocationBenchmark.(write|prepare)$' >"$work/all.csv"
  jmh 'PreallocationBenchmark.writeAndSync' >>"$work/all.csv"
  awk -F, '
    $1 ~ /\.write$/ {printf "write, no sync     %-9s batch %6d   %8.0f MiB/s\n", $9, $8, 256000000 / $5}
    $1 ~ /\.prepare$/ && $8 == 4096 {printf "preparation        %-9s 256 MiB       %8.1f ms\n", $9, $5 / 1000}
    $1 ~ /:p(.*p)?0\.(50|99)0*$/ {
      sub(/.*p0\./, "p", $1)
      printf "write and sync     %-9s batch %6d   %s %8.0f us\n", $9, $8, $1, $5
    }' "$work/all.csv" | sort -s -k1,3
}
data_in() { awk '/^(Dirty|Cached):/ {printf "%s %d MiB  ", $1, $2 / 1024}' /proc/meminfo; }
drop_caches() { sync && { echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; }
kill_a_writer() { # kill_a_writer DIRECTORY PARTITIONS: after 20 s at 100 MiB/s, within the interval of syncs
  local wrote=0
  # exec: else the shell around it would be what is killed.
  (exec "$java" -Xmx512m -cp "$class_path" io.kq.benchmark.StoreProcess write "$1" "$2" 100) >"$work/wrote" 2>&1 &
  writer=$!
  while ((wrote < 2000)); do
    sleep 0.2
    kill -0 "$writer" 2>/dev/null || { cat "$work/wrote" >&2 && exit 1; }
    wrote=$(sed -n 's/^wrote mib=//p' "$work/wrote" | tail -n 1)
    wrote=${wrote:-0}
  done
  kill -9 "$writer"
  wait "$writer" 2>/dev/null || true
  writer=
  echo "  killed -9 after $wrote MiB in 20 s; page cache: $(data_in)"
}
open() { # open DIRECTORY PARTITIONS
  local i
  echo "$2 partitions, $(du -sm "$1" | cut -f 1) MiB, $(find "$1" -name '*.log' -path '*/partitions/*' | wc -l) segments"
  for i in 1 2 3; do process StoreProcess open "$@"; done
  kill_a_writer "$@"
  process StoreProcess open "$@"
  if drop_caches; then
    echo "  page cache dropped"
    process StoreProcess open "$@"
    kill_a_writer "$@"
    drop_caches
    echo "  page cache dropped"
    process StoreProcess open "$@"
  fi
}

keep() { # keep NAME COMMAND...: into a results file
  { head_lines "${given[@]}" && "${@:2}"; } | tee "$results/log-store-$1.txt"
}
given=("$@")
case $1 in
  append) keep append append "${2:-3}" ;;
  lookup) keep lookup lookup ;;
  preallocate) keep preallocate preallocate ;;
  idle) keep idle process IdleProcess "$work/store" "${2:-10000}" 40 ;;
  fill) process StoreProcess fill "$2" "$3" $(($4 * 1024)) ;;
  open) keep "open-$3-partitions-$(($(du -sm "$2" | cut -f 1) / 1000))-gb" open "$2" "$3" ;;
  *) usage ;;
esac
