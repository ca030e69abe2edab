#!/usr/bin/env bash
# Fills the disk under a real node while kq produce runs: on a tmpfs of its own, so it needs root.
#
#   system-tests/faults/disk-full.sh [reserve|enospc|retention|delete ...]      (default: all)
#
#   reserve  records end at disk.reserve: the node still makes topics, stops well and starts; it goes on when there is space
#   enospc   no reserve, and others take the last byte: no half batch is read, the other data directory goes on
#   retention, delete   not one byte left: retention, or kq records --delete, frees the disk and the node goes on
#
# Env: KQ (the launcher, default ./kq of this checkout), PORT_BASE (default: free ports), KEEP=1 keeps the work directory.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-disk-full.XXXXXX")"
disk="$work/disk"
# shellcheck source=common.sh
source "$root/system-tests/faults/common.sh"

cleanup() {
  end_node KILL
  mountpoint -q "$disk" && umount "$disk"
  [[ -n "${KEEP:-}" ]] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mkdir -p "$disk"
fresh_disk() { # fresh_disk MIB
  mountpoint -q "$disk" && umount "$disk"
  rm -rf "$work/first" "$work/node.err" "$work/kq.properties"
  mount -t tmpfs -o "size=${1}m" kq-disk-full "$disk"
}
if [[ $(id -u) -ne 0 ]] || ! fresh_disk 1 2> /dev/null; then
  say "skipped: a file system of a few MiB has to be mounted, which needs root"
  exit 0
fi

free_bytes() { df --output=avail -B1 "$disk" | tail -n 1 | tr -d ' '; }
lines() { # lines FROM TO: 256 bytes each
  seq -f "%09.0f" "$1" "$2" | awk -v pad="$(printf '%0246d' 0 | tr 0 x)" '{print $0 pad}'
}
# produce_until_full WHAT FILE ARGS...: expects DISK_FULL and leaves in `acked` how many lines were acknowledged
produce_until_full() {
  local what=$1 file=$2 sent missing code
  shift 2
  "$KQ" produce --topic lines "$@" --command-property delivery.timeout.ms=4000 < "$file" 2> "$work/produce.err"
  code=$?
  say "      $(head -n 1 "$work/produce.err")"
  check "$what: the producer is told DISK_FULL (exit $code)" grep -q DISK_FULL "$work/produce.err"
  check "$what: without a stack trace" bash -c '! grep -qP "^\tat " "$1"' _ "$work/produce.err"
  read -r missing sent < <(grep -oE '[0-9]+ of [0-9]+ line' "$work/produce.err" | head -n 1 | awk '{print $1, $3}')
  acked=$((${sent:-0} - ${missing:-0}))
  check "$what: the injector bit, after $acked lines were acknowledged" test "$acked" -gt 0 -a "${missing:-0}" -gt 0
}
# reads_back WHAT FILE MIN ARGS...: what is read is a prefix of FILE of at least MIN lines; leaves its length in `got`
reads_back() {
  local what=$1 file=$2 min=$3
  shift 3
  "$KQ" consume --topic lines --from-beginning --until-end "$@" > "$work/out" 2> "$work/consume.err" \
    || say "      $(head -n 1 "$work/consume.err")"
  got=$(wc -l < "$work/out")
  check "$what: $got lines are read, at least the $min acknowledged" test "$got" -ge "$min"
  check "$what: in order, none doubled, no half one" cmp -s -n "$(stat -c %s "$work/out")" "$work/out" "$file"
}
takes_again() { # takes_again WHAT FILE ARGS...: one more line is acknowledged, within 30 s
  local what=$1 file=$2
  shift 2
  check "$what" "$KQ" produce --topic lines "$@" --command-property delivery.timeout.ms=30000 < "$file"
}

claim_reserve() {
  fresh_disk 96
  write_config "$disk/data" disk.reserve=16MiB log.segment.bytes=8MiB
  start_node || { bad "the node starts"; return; }
  "$KQ" topics --create --topic lines --partitions 1 > /dev/null
  lines 1 400000 > "$work/in"
  produce_until_full "at the reserve" "$work/in"
  check "at the reserve: the node lives" node_lives
  check "at the reserve: $(free_bytes) bytes are still free" test "$(free_bytes)" -gt $((12 << 20))
  check "at the reserve: a topic is made" "$KQ" topics --create --topic other --partitions 1
  reads_back "at the reserve" "$work/in" "$acked"
  local kept=$got
  end_node TERM
  check "at the reserve: the stop is a good one" test -e "$disk/data/clean-shutdown"
  start_node && ok "at the reserve: the node starts again"
  reads_back "after the restart" "$work/in" "$kept"
  mount -o remount,size=160m "$disk"
  lines "$((kept + 1))" "$((kept + 1))" > "$work/one"
  takes_again "with space again: it takes records" "$work/one"
  "$KQ" topics --create --topic third --partitions 1 > /dev/null
  end_node KILL
  start_node || bad "the node starts after kill -9"
  reads_back "after kill -9" "$work/in" "$((kept + 1))"
  end_node TERM
  check "after it all: kq inspect --verify finds no damage" "$KQ" inspect "$disk/data" --verify
}

claim_enospc() {
  fresh_disk 32
  write_config "$work/first,$disk/data" disk.reserve=0 log.segment.bytes=8MiB
  start_node || { bad "the node starts"; return; }
  "$KQ" topics --create --topic lines --partitions 2 > /dev/null
  lines 1 100000 > "$work/in"
  local small large
  small=$("$KQ" inspect "$disk/data" -o jsonl | grep -oE '"partition":[0-9]+' | head -n 1 | cut -d: -f2)
  large=$((1 - ${small:-0}))
  check "one partition is on each disk" test -n "$small"
  fallocate -l $(($(free_bytes) - (3 << 20) - 12345)) "$disk/filler"
  produce_until_full "no space left" "$work/in" --partition "$small"
  check "no space left: the node lives" node_lives
  reads_back "no space left" "$work/in" "$acked" --partition "$small"
  local kept=$got
  takes_again "no space left: the other disk goes on" "$work/in" --partition "$large"
  reads_back "the other disk" "$work/in" 100000 --partition "$large"
  rm "$disk/filler"
  lines "$((kept + 1))" "$((kept + 1))" > "$work/one"
  takes_again "with space again: it takes records without a restart" "$work/one" --partition "$small"
  reads_back "with space again" "$work/in" "$((kept + 1))" --partition "$small"
  end_node KILL
  start_node || bad "the node starts after kill -9"
  reads_back "after kill -9" "$work/in" "$((kept + 1))" --partition "$small"
  end_node TERM
  check "after it all: kq inspect --verify finds no damage" "$KQ" inspect "$disk/data" --verify
}

# fully_full WHAT CONFIG...: a node whose second disk has not one byte left, for records came as far as they could and
# others took the rest; leaves in `small` the partition there and in `kept` how many of its lines are read
fully_full() {
  local what=$1
  shift
  fresh_disk 32
  write_config "$work/first,$disk/data" disk.reserve=0 log.segment.bytes=2MiB "$@"
  start_node || { bad "the node starts"; return 1; }
  "$KQ" topics --create --topic lines --partitions 2 > /dev/null
  lines 1 100000 > "$work/in"
  small=$("$KQ" inspect "$disk/data" -o jsonl | grep -oE '"partition":[0-9]+' | head -n 1 | cut -d: -f2)
  fallocate -l $(($(free_bytes) - (10 << 20))) "$disk/filler"
  produce_until_full "$what" "$work/in" --partition "$small"
  cat /dev/zero > "$disk/rest" 2> /dev/null
  check "$what: $(free_bytes) bytes are left" test "$(free_bytes)" -eq 0
  reads_back "$what" "$work/in" "$acked" --partition "$small"
  kept=$got
}
# freed_and_goes_on WHAT: the beginning is gone, the rest is right, and records are taken again without a restart
freed_and_goes_on() {
  local what=$1 start
  takes_again "$what: it takes records again, without a restart" "$work/one" --partition "$small"
  start=$("$KQ" offsets --topic lines --partitions "$small" --time earliest | cut -d: -f3)
  check "$what: the first $start of $kept lines are gone, $(free_bytes) bytes are free" test "$start" -gt 0 -a "$start" -le "$kept"
  { tail -n +"$((start + 1))" "$work/in" | head -n "$((kept - start))"; cat "$work/one"; } > "$work/left"
  reads_back "$what" "$work/left" "$((kept - start + 1))" --partition "$small"
  end_node KILL
  start_node || bad "the node starts after kill -9"
  reads_back "$what, after kill -9" "$work/left" "$((kept - start + 1))" --partition "$small"
  end_node TERM
  check "$what: kq inspect --verify finds no damage" "$KQ" inspect "$disk/data" --verify
}

claim_retention() {
  lines 200000 200000 > "$work/one"
  fully_full "retention" log.retention.bytes=4MiB log.retention.check.interval.ms=20s || return
  freed_and_goes_on "retention"
}

claim_delete() {
  lines 200000 200000 > "$work/one"
  fully_full "delete" || return
  echo "{\"partitions\":[{\"topic\":\"lines\",\"partition\":$small,\"offset\":$((kept / 2))}],\"version\":1}" > "$work/half.json"
  check "delete: kq records --delete takes half of it" "$KQ" records --delete --offset-json-file "$work/half.json"
  freed_and_goes_on "delete"
}

all=(reserve enospc retention delete)
run_claims "$@"
finish
