#!/usr/bin/env bash
# Kills a real node with -9 while kq produce writes, N times, and starts it again each time.
# Then every acknowledged line must be there, once and in order.
#
#   system-tests/faults/kill-writes.sh [N]      (default: 100)
#
# Env: KQ (the launcher, default ./kq of this checkout), PORT_BASE (default: free ports), KEEP=1 keeps the work directory.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-kill-writes.XXXXXX")"
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"
kills="${1:-100}"
if [[ ! $kills =~ ^[1-9][0-9]*$ ]]; then
  say "error: '$kills' is no number of kills"
  say "  next: system-tests/faults/kill-writes.sh 100"
  exit 2
fi
trap 'touch "$work/stop"; end_node KILL; [[ -n "${KEEP:-}" ]] || rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

lines() { # numbered lines of different length until $work/stop is there; a copy goes to $work/in
  local from=1
  while [[ ! -e "$work/stop" ]]; do
    seq "$from" $((from + 499)) | awk '{printf "%d %0*d\n", $1, $1 * 7 % 400 + 1, 0}'
    from=$((from + 500))
    sleep 0.02
  done | tee "$work/in"
}

write_config "$work/data" log.segment.bytes=4MiB
start_node || { bad "the node starts"; exit 1; }
"$KQ" topics --create --topic lines --partitions 1 > /dev/null
lines | "$KQ" produce --topic lines --command-property delivery.timeout.ms=120000 2> "$work/produce.err" &
producer=$!
written() { cat "$work"/data/partitions/*/*.log 2> /dev/null | wc -c; }
for ((i = 0; i < 300; i++)); do # the producer has found the node
  (($(written) > 0)) && break
  sleep 0.1
done
bit=0
before=0
for ((i = 1; i <= kills; i++)); do
  sleep "$(awk -v s=$RANDOM 'BEGIN{print 0.2 + s / 32767}')"
  end_node KILL
  size=$(written)
  ((size > before)) && bit=$((bit + 1))
  before=$size
  start_node || { bad "the node starts after kill $i"; break; }
done
touch "$work/stop"
wait "$producer"
code=$?
say "      $(head -n 1 "$work/produce.err")"
check "the producer got every line acknowledged" test $code -eq 0
check "the injector bit: of $kills kills $bit came after new bytes" test "$bit" -ge $((kills / 2 + 1))
say "      logs that recovery scanned or cut: $(grep -cE 'Recovered log|Cut torn tail' "$work/node.err") ($(grep -c 'Cut torn tail' "$work/node.err") torn)"
"$KQ" consume --topic lines --from-beginning --until-end > "$work/out" 2> "$work/consume.err" || say "      $(head -n 1 "$work/consume.err")"
check "$(wc -l < "$work/out") of $(wc -l < "$work/in") lines, each once and in order" cmp -s "$work/in" "$work/out"
end_node TERM
check "kq inspect --verify finds no damage" "$KQ" inspect "$work/data" --verify
finish
