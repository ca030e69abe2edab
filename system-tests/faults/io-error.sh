#!/usr/bin/env bash
# Breaks one of two data directories under a real node: its ext4 is shut down, so every write and fsync fails. Needs root.
#
#   system-tests/faults/io-error.sh [write|fsync ...]      (default: both)
#
#   write  it breaks while nothing is written, and the next write fails
#   fsync  it breaks while there are bytes that were not synced, nothing more is written, and the sync behind flush=os fails
#
# The broken directory goes offline and kq says so, the other goes on; after repair and a restart what was synced is there.
#
# Env: KQ (the launcher, default ./kq of this checkout), PORT_BASE (default: free ports), KEEP=1 keeps the work directory.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-io-error.XXXXXX")"
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"
# shellcheck source=loop-disk.sh
source "$root/system-tests/faults/loop-disk.sh"
cleanup() {
  end_node KILL
  unmount_disk
  [[ -n "${KEEP:-}" ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
require_loop_disk

SYNC_WAIT=33 # seconds after which everything written was synced: every 30 s, and a while to do it

lines() { seq -f 'line %08.0f of some length' "$1" "$2"; }
send() { # send PARTITION: standard input, acknowledged within 3 s or not; leaves $work/produce.err
  "$KQ" produce --topic lines --partition "$1" --command-property delivery.timeout.ms=3000 2> "$work/produce.err"
}
read_back() { # read_back PARTITION: leaves $work/out
  "$KQ" consume --topic lines --partition "$1" --from-beginning --until-end > "$work/out" 2> "$work/consume.err"
}
reads() { # reads WHAT PARTITION FILE: exactly that
  read_back "$2" || say "      $(head -n 1 "$work/consume.err")"
  check "$1" cmp -s "$3" "$work/out"
}
begins() { cmp -s -n "$(stat -c %s "$work/out")" "$work/out" "$1"; } # begins FILE: with what was read
refused() { # refused WHAT: a line for the broken partition is answered with STORAGE_FAULT
  if lines 90001 90001 | send "$broken"; then bad "$1: it is refused"; else ok "$1: it is refused"; fi
  check "$1: with STORAGE_FAULT ($(head -n 1 "$work/produce.err"))" grep -q STORAGE_FAULT "$work/produce.err"
}

prepare() { # prepare FLUSH: a node with a partition on each disk; leaves `broken` and `sound`
  unmount_disk
  rm -rf "$work/first" "$work/node.err"
  make_disk 256 || { bad "a disk is made"; return 1; }
  write_config "$work/first,$disk/data"
  start_node || { bad "the node starts"; return 1; }
  "$KQ" topics --create --topic lines --partitions 2 --config "flush=$1" > /dev/null
  lines 1 5000 > "$work/in"
  send 0 < "$work/in" && send 1 < "$work/in" || { bad "both partitions take records"; return 1; }
  broken=$("$KQ" inspect "$disk/data" -o jsonl | grep -oE '"partition":[0-9]+' | head -n 1 | cut -d: -f2)
  sound=$((1 - ${broken:-0}))
  check "$1: one partition is on each disk" test -n "$broken"
}

break_disk() { # break_disk WHAT: proves that it is broken
  cut_power || { bad "$1: the disk is broken"; return 1; }
  if (: > "$disk/probe") 2> /dev/null; then bad "$1: the injector bit"; else ok "$1: the injector bit: nothing can be written"; fi
}

judge() { # judge WHAT: of a node whose disk is broken
  refused "$1: a line for the broken disk"
  check "$1: the node lives" node_lives
  check "$1: the other directory goes on" send "$sound" < "$work/in"
  "$KQ" cluster brokers -o wide > "$work/brokers" 2>&1
  check "$1: kq cluster brokers names it ($(grep -o 'failed.*' "$work/brokers" | head -n 1))" grep -iq failed "$work/brokers"
  "$KQ" cluster health > "$work/health" 2>&1
  check "$1: kq cluster health exits 10 and names it" test $? -eq 10 -a -n "$(grep -F "$disk/data" "$work/health")"
  refused "$1: a line a while later"
  read_back "$broken"
  check "$1: $(wc -l < "$work/out") lines of the broken disk are read, none is wrong" begins "$work/in"
  cat "$work/in" "$work/in" > "$work/twice"
  reads "$1: the other directory is read" "$sound" "$work/twice"
  check "$1: no stack trace to the user" bash -c '! grep -qP "^\tat " "$1"/{produce,consume}.err' _ "$work"
}

repair_and_start() { # repair_and_start WHAT FILE: of FILE at least the 5,000 lines of $work/in were synced
  end_node TERM
  check "$1: the directory was not left as clean" test ! -e "$disk/data/clean-shutdown"
  check "$1: the sound one was" test -e "$work/first/clean-shutdown"
  unmount_disk && repair_disk && mount_disk || { bad "$1: the disk is repaired"; return 1; }
  start_node || { bad "$1: the node starts after the repair"; return 1; }
  read_back "$broken"
  check "$1: after the repair: of $(wc -l < "$2") lines $(wc -l < "$work/out") are there, and 5000 were synced" \
    test "$(wc -l < "$work/out")" -ge 5000
  check "$1: after the repair: none is wrong" begins "$2"
  cat "$work/out" "$work/in" > "$work/after"
  check "$1: after the repair: it takes records" send "$broken" < "$work/in"
  reads "$1: after the repair: and has them" "$broken" "$work/after"
  reads "$1: after the repair: the other directory has its records" "$sound" "$work/twice"
  check "$1: after the repair: kq cluster health finds nothing" "$KQ" cluster health
  end_node TERM
  check "$1: kq inspect --verify finds no damage in the sound one" "$KQ" inspect "$work/first" --verify
  check "$1: kq inspect --verify finds no damage in the repaired one" "$KQ" inspect "$disk/data" --verify
}

claim_write() {
  prepare fsync && break_disk write || return
  judge write
  repair_and_start write "$work/in"
}

claim_fsync() {
  prepare os || return
  say "      waiting $SYNC_WAIT s for the sync behind flush=os"
  sleep "$SYNC_WAIT"
  lines 5001 8000 > "$work/more"
  send "$broken" < "$work/more" || { bad "fsync: more lines are taken"; return; }
  break_disk fsync || return
  local i
  for ((i = 0; i < SYNC_WAIT; i++)); do
    "$KQ" cluster brokers -o wide | grep -q 'FAILED.*fsync' && break
    sleep 1
  done
  check "fsync: kq says after $i s that an fsync failed" test "$i" -lt "$SYNC_WAIT"
  judge fsync
  cat "$work/in" "$work/more" > "$work/sent"
  repair_and_start fsync "$work/sent"
}

all=(write fsync)
run_claims "$@"
finish
