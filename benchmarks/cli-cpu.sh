#!/usr/bin/env bash
# What one command costs: CPU seconds (user + system) of `kq topics --list` against a node with one topic, call by call,
# with and without the class archive. Aim: 0.3 s, at most 0.6 s. Prints figures, judges nothing: they depend on the machine
# and on who else uses it (caches and hyper-threads are shared, so CPU seconds grow with the load too).
#
#   benchmarks/cli-cpu.sh [CALLS]        default: 10; KQ_JAVA_HOME chooses the Java
#
# Uses the distribution of this checkout (deploy/target/kq-<version>) and makes its class archives if there are none.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
calls=${1:-10}
home=
for built in "$root"/deploy/target/kq-*/; do
  if [[ -x ${built}bin/kq ]]; then home=${built%/}; fi
done
if [[ -z $home ]]; then
  printf 'error: there is no distribution\n  next: mvn -q -DskipTests -Dfast -pl deploy -am package\n' >&2
  exit 1
fi
[[ -f $home/lib/cli.jsa ]] || "$home/lib/make-archives"

work=$(mktemp -d "${TMPDIR:-/tmp}/kq-cli-cpu.XXXXXX")
node=
finish() {
  if [[ -n $node ]]; then kill "$node" 2>/dev/null && wait "$node" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

cat >"$work/kq.properties" <<END
node.id=0
data.dirs=$work/data
listeners=127.0.0.1:0
node.listener=127.0.0.1:0
metadata.listener=127.0.0.1:0
END
KQ_LOG_DIR=$work/logs "$home/bin/kq" server start --config "$work/kq.properties" >"$work/node" 2>"$work/node.err" </dev/null &
node=$!
until [[ -s $work/node ]]; do
  kill -0 "$node" 2>/dev/null || { cat "$work/node.err" >&2 && exit 1; }
  sleep 0.1
done
ready=$(<"$work/node")
export KQ_BOOTSTRAP_SERVER=${ready##*client=}
"$home/bin/kq" topics --create --topic t --partitions 1 >"$work/out"

measure() { # measure WHAT: one row of figures
  local call
  TIMEFORMAT='%R %U %S'
  for ((call = 0; call < calls; call++)); do
    { time "$home/bin/kq" topics --list >"$work/out"; } 2>&1 | awk '{print $2 + $3, $1}'
    [[ $(<"$work/out") == t ]] || { echo "error: it did not list the topic" >&2 && exit 1; }
  done >"$work/times"
  sort -n "$work/times" | awk -v what="$1" '
    {cpu[NR] = $1; sum += $1; wall += $2}
    END {printf "%-22s CPU s: min %.2f  median %.2f  mean %.2f  max %.2f    wall s: mean %.2f\n",
      what, cpu[1], cpu[int((NR + 1) / 2)], sum / NR, cpu[NR], wall / NR}'
}

# shellcheck source=../deploy/src/main/dist/lib/find-java.sh
. "$home/lib/find-java.sh"
kq_find_java
kq_java_version "$kq_java_home"
echo "kq topics --list, $calls calls, Java $kq_version, $(nproc) processors, load $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)"
measure "with class archive"
KQ_CLI_OPTS="-Xshare:off" measure "without any archive"
