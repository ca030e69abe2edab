#!/usr/bin/env bash
# Flips one bit in the files of a stopped node and starts it: what is read is right or refused, never wrong.
#
#   system-tests/faults/bit-flip.sh [tail|middle|durable|index ...]      (default: all)
#
#   tail, middle  above the recovery point: the log is cut there, which is told
#   durable       below it: refused with STORAGE_FAULT, nothing is cut, kq inspect --verify names the place
#   index         in every file of RocksDB: reads are the same
#
# Env: KQ (the launcher, default ./kq of this checkout), PORT_BASE (default: free ports), KEEP=1 keeps the work directory.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-bit-flip.XXXXXX")"
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"
trap 'end_node KILL; [[ -n "${KEEP:-}" ]] || rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

flip() { # flip FILE POSITION: one bit of that byte
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
  printf "\\x$(printf %02x $((byte ^ 4)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
size_of() { stat -c %s "$1"; }
the_segment() { ls "$work"/data/partitions/*/00000000000000000000.log; }
read_back() { # leaves $work/out, $work/consume.err and the exit code
  timeout 30 "$KQ" consume --topic lines --from-beginning --until-end > "$work/out" 2> "$work/consume.err"
}
is_prefix() { cmp -s -n "$(size_of "$work/out")" "$work/out" "$work/in"; }

prepare() { # prepare SIGNAL: a fresh node with 20,000 lines, ended by SIGNAL
  rm -rf "$work/data" "$work/node.err"
  write_config "$work/data"
  start_node || { bad "the node starts"; return 1; }
  "$KQ" topics --create --topic lines --partitions 1 > /dev/null
  seq -f 'line %08.0f of some length' 1 20000 > "$work/in"
  "$KQ" produce --topic lines --batch-size 8000 < "$work/in"
  end_node "$1"
  segment=$(the_segment)
}

flipped_above() { # flipped_above WHAT POSITION
  local before=$(size_of "$segment")
  flip "$segment" "$2"
  start_node || { bad "$1: the node starts"; return; }
  read_back
  check "$1: the injector bit: $(wc -l < "$work/out") of 20000 lines are left" test "$(wc -l < "$work/out")" -lt 20000
  check "$1: what is left is right" is_prefix
  check "$1: the cut is told" grep -q 'Cut torn tail' "$work/node.err"
  check "$1: nothing before the flip is cut" test "$(size_of "$segment")" -gt $(($2 - 20000))
  end_node TERM
  check "$1: no damage is left of $before bytes" "$KQ" inspect "$work/data" --verify
}
claim_tail() { prepare KILL && flipped_above tail $(($(size_of "$segment") - 50)); }
claim_middle() { prepare KILL && flipped_above middle $(($(size_of "$segment") / 2)); }

claim_durable() {
  prepare TERM || return
  local before at
  before=$(size_of "$segment")
  at=$((before / 2))
  flip "$segment" "$at"
  start_node || { bad "durable: the node starts"; return; }
  local started=$SECONDS code
  read_back
  code=$?
  say "      $(grep -m 1 '^error' "$work/consume.err")"
  check "durable: kq consume --until-end ends with exit code 1 within 10 s" test $code -eq 1 -a $((SECONDS - started)) -le 10
  check "durable: what is read is right ($(wc -l < "$work/out") lines)" is_prefix
  check "durable: the rest is refused with STORAGE_FAULT" grep -q STORAGE_FAULT "$work/consume.err"
  check "durable: nothing is cut" test "$(size_of "$segment")" -eq "$before"
  end_node TERM
  "$KQ" inspect "$work/data" --verify > "$work/verify"
  check "durable: kq inspect --verify exits 10" test $? -eq 10
  say "      $(tail -n 1 "$work/verify")"
  check "durable: and names the file" grep -q '00000000000000000000.log at byte' "$work/verify"
}

claim_index() {
  prepare TERM || return
  local file n=0
  for file in "$work"/data/index/*; do
    [[ -s $file ]] || continue
    flip "$file" $(($(size_of "$file") / 2))
    n=$((n + 1))
  done
  start_node || { bad "index: the node starts with $n flipped files"; return; }
  read_back
  check "index: with $n flipped files all lines are read" cmp -s "$work/in" "$work/out"
  end_node TERM
}

all=(tail middle durable index)
run_claims "$@"
finish
