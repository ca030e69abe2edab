#!/usr/bin/env bash
# Cuts the power of a real node while kq produce writes, round after round: its data are on an ext4 of their own that is shut
# down without flushing anything, so whatever was not synced is gone. Needs root.
#
#   system-tests/faults/power-cut.sh [fsync|os ...]      (default: both)
#
#   fsync  topics with flush=fsync: nothing that was acknowledged is lost
#   os     topics with flush=os: what was acknowledged in the last half minute may be lost, nothing older; it is told
#
# Env: KQ (the launcher, default ./kq of this checkout), ROUNDS (default: 8 of fsync, 3 of os), PORT_BASE (default: free
# ports), KEEP=1 keeps the work directory.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-power-cut.XXXXXX")"
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"
# shellcheck source=loop-disk.sh
source "$root/system-tests/faults/loop-disk.sh"
writer_pid=""
cleanup() {
  touch "$work/stop"
  [[ -n "$writer_pid" ]] && wait "$writer_pid" 2> /dev/null
  end_node KILL
  unmount_disk
  [[ -n "${KEEP:-}" ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
require_loop_disk

CHUNK=1000      # lines of one kq produce
SYNCED_MS=33000 # what is older was synced: every 30 s, and a while to do it

now_ms() { date +%s%3N; }
lines() { seq "$1" "$2" | awk '{printf "%d %0*d\n", $1, $1 * 7 % 400 + 1, 0}'; }
last_sent() { cat "$work/sent" 2> /dev/null || echo 0; }

# Sends numbered lines, and writes down of each that was acknowledged: its number, and when at the latest. Until $work/stop.
write_lines() {
  local from code missing
  while [[ ! -e "$work/stop" ]]; do
    from=$(($(last_sent) + 1))
    echo $((from + CHUNK - 1)) > "$work/sent"
    lines "$from" $((from + CHUNK - 1)) \
      | "$KQ" produce --topic lines --command-property delivery.timeout.ms=2000 2> "$work/produce.err"
    code=$?
    missing=0
    ((code == 0)) || missing=$(grep -oE '[0-9]+ of [0-9]+ line' "$work/produce.err" | head -n 1 | cut -d' ' -f1)
    seq "$from" $((from + CHUNK - 1 - ${missing:-$CHUNK})) | sed "s/\$/ $(now_ms)/" >> "$work/ledger"
    ((code == 0)) || return
  done
}

read_all() { "$KQ" consume --topic lines --from-beginning --until-end > "$work/out" 2> "$work/consume.err"; }
out_is_sound() { # numbers grow, so none is twice or out of order; each line is as it was sent
  awk '{ if ($1 <= last || length($2) != $1 * 7 % 400 + 1) exit 1; last = $1 }' "$work/out"
}
lost_lines() { # lost_lines MS: how many of those acknowledged up to then are not in $work/out
  awk -v upto="$1" 'NR == FNR { found[$1]; next } $2 <= upto && !($1 in found) { lost++ } END { print lost + 0 }' \
    "$work/out" "$work/ledger"
}

# round MODE I SECONDS: a node that runs loses its power, and starts again
round() {
  local mode=$1 i=$2 cut_at lost old reports before
  rm -f "$work/stop"
  write_lines &
  writer_pid=$!
  sleep "$3"
  echo "nobody synced this" > "$disk/unsynced"
  cut_at=$(now_ms)
  cut_power || { bad "$mode $i: the power is cut"; return 1; }
  touch "$work/stop"
  end_node KILL
  wait "$writer_pid"
  writer_pid=""
  unmount_disk && mount_disk || { bad "$mode $i: the disk is there again"; return 1; }
  [[ ! -s "$disk/unsynced" ]] && bit=$((bit + 1))
  rm -f "$disk/unsynced"
  reports=$(grep -c "$UNCLEAN" "$work/node.err")
  start_node || { bad "$mode $i: the node starts after the cut"; return 1; }
  (($(grep -c "$UNCLEAN" "$work/node.err") > reports)) && told=$((told + 1))
  read_all || { bad "$mode $i: what is left is read: $(head -n 1 "$work/consume.err")"; return 1; }
  out_is_sound || { bad "$mode $i: what is left is whole and in order"; return 1; }
  lost=$(lost_lines "$cut_at")
  old=$(lost_lines $((cut_at - SYNCED_MS)))
  say "      $i: $(wc -l < "$work/ledger") acknowledged, $lost of them lost, $old of those older than $((SYNCED_MS / 1000)) s"
  lost_all=$((lost_all + lost))
  lost_old=$((lost_old + old))
  # What is lost stays lost, and is not counted again.
  awk 'NR == FNR { found[$1]; next } $1 in found' "$work/out" "$work/ledger" > "$work/ledger.kept"
  mv "$work/ledger.kept" "$work/ledger"
}
UNCLEAN='Recovered log\|Cut torn tail'

prepare() { # prepare FLUSH
  unmount_disk
  rm -f "$work/ledger" "$work/sent" "$work/node.err"
  make_disk 1024 || { bad "a disk is made"; return 1; }
  write_config "$disk/data" log.segment.bytes=4MiB
  start_node || { bad "the node starts"; return 1; }
  "$KQ" topics --create --topic lines --partitions 1 --config "flush=$1" > /dev/null
  touch "$work/ledger"
  bit=0 told=0 lost_all=0 lost_old=0 rounds=0
}
random_seconds() { awk -v s=$RANDOM -v from="$1" -v to="$2" 'BEGIN { print from + (to - from) * s / 32767 }'; }
run_rounds() { # run_rounds FLUSH ROUNDS FROM_SECONDS TO_SECONDS
  prepare "$1" || return 1
  while ((rounds < $2)); do
    rounds=$((rounds + 1))
    round "$1" "$rounds" "$(random_seconds "$3" "$4")" || return 1
  done
  end_node TERM
  check "$1: the injector bit: unsynced bytes were gone in $bit of $rounds rounds" test "$bit" -eq "$rounds"
  check "$1: kq inspect --verify finds no damage" "$KQ" inspect "$disk/data" --verify
}

claim_fsync() {
  run_rounds fsync "${ROUNDS:-8}" 2 6 || return
  check "fsync: $(wc -l < "$work/ledger") lines acknowledged in $rounds rounds, $lost_all lost" test "$lost_all" -eq 0
  check "fsync: there was something to lose" test "$(wc -l < "$work/ledger")" -ge $((rounds * CHUNK / 2))
}

claim_os() {
  run_rounds os "${ROUNDS:-3}" 36 44 || return
  check "os: the loss is found: $lost_all lines that were acknowledged are lost" test "$lost_all" -gt 0
  check "os: it is bounded: $lost_old lines were older than $((SYNCED_MS / 1000)) s" test "$lost_old" -eq 0
  check "os: the log of the node told of an unclean stop in $told of $rounds rounds" test "$told" -eq "$rounds"
}

all=(fsync os)
run_claims "$@"
finish
