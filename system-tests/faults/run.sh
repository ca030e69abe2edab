#!/usr/bin/env bash
# Faults of a replicated cluster of real nodes: each row starts a cluster, lets a workload write and read, does something
# to the cluster, undoes it, and has the history and the replicas on the disks judged.
#
#   system-tests/faults/run.sh list
#   system-tests/faults/run.sh ROW...
#   system-tests/faults/run.sh all
#
# Each node runs in a network namespace of its own, which needs root, iproute2 and nftables (installed with apt-get where
# that is there). Without them nodes run on loopback addresses behind proxies, and rows that those cannot do do not count. A row is `good`, has a VIOLATION, or does not count (too little was written, the fault did not bite, ...).
#
# Env: KQ (the launcher, default ./kq of this checkout), SEED (default: random; of a row's choices), HOLD (seconds that a
# fault lasts, default 6), KEEP=1 keeps the work directories, RESULTS (a file that gets a line per row).
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work=""
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"
# shellcheck source=cluster.sh
source "$root/system-tests/faults/cluster.sh"
# shellcheck source=network.sh
source "$root/system-tests/faults/network.sh"
# shellcheck source=loopback.sh
source "$root/system-tests/faults/loopback.sh"
# shellcheck source=loop-disk.sh
source "$root/system-tests/faults/loop-disk.sh"
# shellcheck source=disks.sh
source "$root/system-tests/faults/disks.sh"
# shellcheck source=rows.sh
source "$root/system-tests/faults/rows.sh"
# shellcheck source=disk-rows.sh
source "$root/system-tests/faults/disk-rows.sh"
# shellcheck source=file-rows.sh
source "$root/system-tests/faults/file-rows.sh"
HOLD="${HOLD:-6}"
SEED="${SEED:-$((RANDOM * 32768 + RANDOM))}"

usage() {
  say "error: $1"
  say "  next: system-tests/faults/run.sh list"
  exit 2
}
[[ $# -gt 0 ]] || usage "no row is named"
if [[ $1 == list ]]; then
  for row in "${all[@]}"; do printf '%-24s %s\n' "$row" "${about[$row]}"; done
  exit 0
fi
rows=("$@")
[[ $1 != all ]] || rows=("${all[@]}")
for row in "${rows[@]}"; do [[ -n "${about[$row]:-}" ]] || usage "there is no row '$row'"; done

if [[ ! -d "$root/system-tests/target/classes/io/kq/system/driver" ]]; then
  say "error: the workload is not compiled"
  say "  next: mvn -q -Dfast -DskipTests -pl system-tests -am package"
  exit 2
fi
"$KQ" --version > /dev/null || { say "error: $KQ does not run"; exit 2; }
# A launcher of a checkout has its distribution beside it.
home="$(dirname "$(dirname "$(readlink -f "$KQ")")")"
[[ -e "$home/lib/cli.classpath" ]] || home="$(find "$root/deploy/target" -maxdepth 1 -type d -name 'kq-*' | sort | tail -n 1)"
java_command

cleanup() {
  undo_faults
  end_cluster
  [[ -z "$work" || -n "${KEEP:-}" ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fault() { ask fault "$@"; say "      fault: ${*:2}"; } # fault NODE TEXT...
bit() { ask bit "$@"; }
healed() { ask healed "$@"; }
chance() { # chance FROM TO: leaves a number of the seed's in $chosen
  seed_state=$(((seed_state * 1103515245 + 12345) & 0x7fffffff))
  chosen=$(($1 + (seed_state >> 8) % ($2 - $1 + 1)))
}

# Everything in sync and each partition written, then a little more.
settle() {
  ask in-sync "${1:-3}" 60 || { say "      not in sync again: $answer"; return 1; }
  ask writes 60 || { say "      not written again: $answer"; return 1; }
  ask change 60 || { say "      no change of the metadata is answered again: $answer"; return 1; }
  sleep 2
}

run_row() { # run_row ROW: 0 good, 1 violation, 3 does not count
  local row=$1 code=0 node dumps=() counts
  work="$(mktemp -d "${TMPDIR:-/tmp}/kq-fault-$row.XXXXXX")"
  seed_state=$SEED
  if [[ -n "$missing" && -n "${of_network[$row]:-}" ]]; then
    say "== $row does not count: without $missing there are no network namespaces"
    rm -rf "$work"
    return 3
  fi
  say "== $row seed=$SEED"
  before_row "$row"
  start_cluster "${driver_options[@]}" && sleep 3 && "row_${row//-/_}" || code=3
  undo_faults
  if ((code == 0)); then
    settle "$sync_size" || code=3
    ask final || say "      the last reading ended early"
  fi
  ask counts
  counts=$answer
  end_driver
  dump_all
  for ((node = 0; node < NODES; node++)); do dumps+=(--dump "$node=$work/dump-$node.jsonl"); done
  "${JAVA[@]}" io.kq.system.check.CheckMain "$work/history.jsonl" "${dumps[@]}" > "$work/verdict" 2>&1
  local judged=$?
  if [[ -n "$doctor" ]]; then # the checker must find what is false
    "$doctor" && "${JAVA[@]}" io.kq.system.check.CheckMain "$work/history.jsonl" "${dumps[@]}" > "$work/doctored" 2>&1
    (($? == 1)) || { say "      the doctored history passes: $(tail -n 1 "$work/doctored")"; judged=1; }
    say "      doctored: $(tail -n 1 "$work/doctored")"
  fi
  ((judged == 0)) || code=$judged
  end_cluster
  grep -vE '^history|^fault|^gap' "$work/verdict" | sed 's/^/      /' >&2
  tell "$row" "$counts"
  if ((code != 0)) && [[ -z "${KEEP_NONE:-}" ]]; then say "      kept: $work"; else [[ -n "${KEEP:-}" ]] || rm -rf "$work"; fi
  work=""
  return "$code"
}

tell() { # tell ROW COUNTS: the row's line
  local line gaps
  gaps=$(awk -F'[ =]+' '/^gap /{ for (i = 2; i < NF; i += 2) if ($(i) ~ /affected|others|after|admin/) m[$(i)] = ($(i + 1) > m[$(i)] ? $(i + 1) : m[$(i)]) }
    END { printf "gap_ms affected=%d others=%d after=%d admin=%d", m["affected"] * 1000, m["others"] * 1000, m["after"] * 1000, m["admin"] * 1000 }' "$work/verdict")
  line="$1 seed=$SEED $2 $gaps $(sed -n 's/^verdict /verdict: /p' "$work/verdict")"
  echo "$line"
  [[ -z "${RESULTS:-}" ]] || echo "$line" >> "$RESULTS"
}

work="$(mktemp -d "${TMPDIR:-/tmp}/kq-fault.XXXXXX")"
choose_network
rm -rf "$work"
[[ -z "$missing" ]] || say "without $missing there are no network namespaces: nodes on loopback behind proxies, some rows do not count"
worst=0
for row in "${rows[@]}"; do
  run_row "$row"
  code=$?
  if ((code == 0)); then ok "$row"; else bad "$row ($code)"; fi
  ((worst == 1 || code == 0)) || worst=$code
done
finish
exit "$worst"
