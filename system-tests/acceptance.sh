#!/usr/bin/env bash
# What a user does, done by a script with the real launcher and real processes: pipes real text through kq and back, kills nodes
# with -9 while it flows, lets Python and the trucks in. Prints one line per claim and ends with their count.
#
#   system-tests/acceptance.sh [pipe|kill|voter|leader|trucks|python|bad ...]      (default: all)
#
# Env: KQ (the launcher, default ./kq of this checkout), PORT_BASE (default: free ports), KEEP=1 keeps the data.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=claims.sh
source "$root/system-tests/claims.sh"
work="$(mktemp -d "${TMPDIR:-/tmp}/kq-acceptance.XXXXXX")"
dev_pid=""

start_dev() { # start_dev DATA BROKERS: leaves BOOT and dev_pid
  local data=$1 brokers=$2
  base="${PORT_BASE:-$(free_base 40)}"
  "$KQ" dev --data "$data" --brokers "$brokers" --port-base "$base" > "$work/dev.out" 2> "$work/dev.err" &
  dev_pid=$!
  local i
  for i in $(seq 1 1200); do
    grep -q ' ready ' "$work/dev.out" && break
    kill -0 "$dev_pid" 2> /dev/null || { say "kq dev ended: $(cat "$work/dev.err")"; exit 1; }
    sleep 0.1
  done
  BOOT="127.0.0.1:$base"
  local n
  for n in $(seq 1 $((brokers - 1))); do BOOT="$BOOT,127.0.0.1:$((base + 10 * n))"; done
  export KQ_BOOTSTRAP_SERVER="$BOOT"
}
stop_dev() {
  [[ -n "$dev_pid" ]] || return 0
  kill -TERM "$dev_pid" 2> /dev/null
  wait "$dev_pid" 2> /dev/null
  dev_pid=""
}
trap 'stop_dev; [[ -n "${KEEP:-}" ]] || rm -rf "$work"' EXIT

node_pid() { # node_pid DATA ID: the process of one node, found by its own data directory
  pgrep -f -- "io.kq.broker.BrokerMain.*$1/node-$2/" | head -n 1
}
restart_node() { # restart_node DATA ID: the same node by hand, as `kq server start` does it
  "$KQ" server start --config "$1/node-$2/kq.properties" > "$work/node-$2.out" 2> "$work/node-$2.err" &
  extra_pids+=("$!")
}
extra_pids=()

input() { # the file lists of a Debian machine, or this checkout's file names elsewhere
  if compgen -G '/var/lib/dpkg/info/*.list' > /dev/null; then cat /var/lib/dpkg/info/*.list; else find "$root"; fi
}
keyed() { awk -F/ '{print (NF > 1 ? $2 : $0) "\t" $0}'; }
sum() { sha256sum | cut -c1-64; }
per_key() { sort -s -t $'\t' -k1,1; }

claim_pipe() {
  start_dev "$work/pipe" 1
  "$KQ" topics --create --topic lines --partitions 1 > /dev/null
  input > "$work/in"
  check "kq produce takes $(wc -l < "$work/in") lines" "$KQ" produce --topic lines < "$work/in"
  "$KQ" consume --topic lines --from-beginning --max-messages "$(wc -l < "$work/in")" > "$work/out" 2> /dev/null
  say "      in  $(sum < "$work/in")"
  say "      out $(sum < "$work/out")"
  check "the same bytes come back" cmp -s "$work/in" "$work/out"
  stop_dev
}

claim_kill() {
  start_dev "$work/kill" 1
  "$KQ" topics --create --topic lines --partitions 1 > /dev/null
  input > "$work/in"
  "$KQ" produce --topic lines < <(pv_slow "$work/in") 2> "$work/produce.err" &
  local producer=$! victim
  sleep "$(awk -v s=$RANDOM 'BEGIN{print 1 + 2 * s / 32767}')"
  victim=$(node_pid "$work/kill" 0)
  kill -9 "$victim" && ok "node $victim killed with -9 while the producer writes"
  extra_pids=()
  restart_node "$work/kill" 0
  wait "$producer"
  local code=$?
  check "the producer that went on running got every line acknowledged ($(tail -n 1 "$work/produce.err"))" test "$code" -eq 0
  "$KQ" consume --topic lines --from-beginning --max-messages "$(wc -l < "$work/in")" --timeout-ms 20000 > "$work/out" 2> /dev/null
  say "      in  $(sum < "$work/in")"
  say "      out $(sum < "$work/out")"
  check "every line once and in order" cmp -s "$work/in" "$work/out"
  kill -TERM "${extra_pids[@]}" 2> /dev/null
  wait "${extra_pids[@]}" 2> /dev/null
  stop_dev
}
pv_slow() { # the file over about five seconds, so that a kill lands in the middle
  awk -v pause=2000 '{print} NR % pause == 0 {fflush(); system("sleep 0.02")}' "$1"
}

three_nodes() { # three_nodes NAME VICTIM_SELECTOR
  local name=$1 selector=$2
  start_dev "$work/$name" 3
  "$KQ" topics --create --topic keyed --replica-assignment 0,1,0,1,0,1 > /dev/null || bad "explicit assignment"
  input | keyed > "$work/in"
  local i victim=2 pid
  if [[ $selector == leader ]]; then
    for i in $(seq 1 30); do # the quorum's leader is moved off until node 2 has it
      "$KQ" cluster status 2> /dev/null | grep -q 'METADATA leader 2' && break
      local leader
      leader=$("$KQ" cluster status 2> /dev/null | sed -n 's/.*METADATA leader \([0-9]*\).*/\1/p')
      [[ -n "$leader" && "$leader" != 2 ]] && bounce "$work/$name" "$leader"
      sleep 1
    done
    check "node 2 leads the metadata quorum" bash -c "'$KQ' cluster status | grep -q 'METADATA leader 2'"
  fi
  "$KQ" produce --topic keyed --property parse.key=true --property $'key.separator=\t' < <(pv_slow "$work/in") 2> "$work/produce.err" &
  local producer=$!
  sleep 2
  pid=$(node_pid "$work/$name" $victim)
  kill -9 "$pid" && ok "node 2 (voter, $selector) killed with -9"
  restart_node "$work/$name" $victim
  wait "$producer"
  local code=$?
  check "every line was acknowledged ($(grep -v '  next:' "$work/produce.err" | tail -n 1))" test "$code" -eq 0
  "$KQ" consume --topic keyed --from-beginning --max-messages "$(wc -l < "$work/in")" --timeout-ms 20000 \
    --property print.key=true --property $'key.separator=\t' > "$work/out" 2> /dev/null
  say "      in  $(sort "$work/in" | sum) (sorted)"
  say "      out $(sort "$work/out" | sum) (sorted)"
  check "the same multiset" test "$(sort "$work/in" | sum)" = "$(sort "$work/out" | sum)"
  check "the same order per key" test "$(per_key < "$work/in" | sum)" = "$(per_key < "$work/out" | sum)"
  kill -TERM "${extra_pids[@]}" 2> /dev/null
  wait "${extra_pids[@]}" 2> /dev/null
  extra_pids=()
  stop_dev
}
bounce() { # stops one node in good order and starts it again, so that another one leads
  local pid
  pid=$(node_pid "$1" "$2")
  kill -TERM "$pid"
  while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
  restart_node "$1" "$2"
  sleep 3
}
claim_voter() { three_nodes voter any; }
claim_leader() { three_nodes leader leader; }

claim_trucks() {
  start_dev "$work/trucks" 1
  check "each truck's positions keep their order" "$root/examples/run.sh" TrucksGps "$BOOT" 20 500
  stop_dev
}
claim_python() {
  start_dev "$work/python" 1
  check "Python from the .proto files alone" "$root/examples/python/run.sh" "$BOOT" from_python
  stop_dev
}

# refused WHAT EXIT PATTERN COMMAND...: ends with EXIT within 5 s, says PATTERN in its first line and no stack trace
refused() {
  local what=$1 exit_expected=$2 pattern=$3 began ended code
  shift 3
  began=$(date +%s%N)
  "$@" > "$work/bad.out" 2> "$work/bad.err" < "${STDIN:-/dev/null}"
  code=$?
  ended=$(( ($(date +%s%N) - began) / 1000000 ))
  say "      $(head -n 1 "$work/bad.err")"
  check "$what: exit $exit_expected (was $code), says '$pattern', in ${ended} ms" \
    bash -c '[[ $1 == "$2" && $3 -le 5500 ]] && grep -qE -- "$4" "$5" && ! grep -qP "^\tat " "$5" "$6"' _ \
    "$code" "$exit_expected" "$ended" "$pattern" "$work/bad.err" "$work/bad.out"
}
claim_bad() {
  local closed
  closed=$(free_base 40)
  refused "broker down" 5 'UNREACHABLE' "$KQ" topics --list -b "127.0.0.1:$closed"
  start_dev "$work/bad" 1
  "$KQ" topics --create --topic first_topic --partitions 3 > /dev/null 2>&1
  refused "wrong port (the quorum's)" 5 'UNREACHABLE|DEADLINE' "$KQ" topics --list -b "127.0.0.1:$((base + 1))"
  refused "unknown topic" 3 'TOPIC_NOT_FOUND' "$KQ" topics --describe --topic frist_topic
  check "did you mean" grep -q 'did you mean: first_topic' "$work/bad.err"
  echo x > "$work/one-line"
  STDIN="$work/one-line" refused "produce to an unknown topic" 3 'TOPIC_NOT_FOUND' "$KQ" produce --topic frist_topic
  refused "existing topic" 4 'already exists' "$KQ" topics --create --topic first_topic --partitions 3
  refused "more replicas than brokers" 4 'only 1 broker' "$KQ" topics --create --topic t3 --replication-factor 3
  refused "bad name" 1 'INVALID_TOPIC_NAME' "$KQ" topics --create --topic 'a b'
  refused "colliding name" 4 'TOPIC_NAME_COLLISION' "$KQ" topics --create --topic first.topic
  refused "bad config value" 1 'INVALID_CONFIG' "$KQ" topics --create --topic c1 --config retention.ms=soon
  refused "unknown config" 1 'UNKNOWN_CONFIG' "$KQ" topics --create --topic c1 --config retenton.ms=1
  refused "unknown option" 2 'nknown option' "$KQ" topics --lst
  refused "ZooKeeper" 2 'has no ZooKeeper' "$KQ" topics --zookeeper 127.0.0.1:2181 --list
  head -c 2000000 /dev/zero | tr '\0' x > "$work/huge"
  STDIN="$work/huge" refused "record over max.message.bytes" 1 'MESSAGE_TOO_LARGE' "$KQ" produce --topic first_topic
  printf 'a:1\nno separator\nb:2\n' > "$work/keyless"
  STDIN="$work/keyless" refused "an unreadable line" 1 'line 2' "$KQ" produce --topic first_topic --property parse.key=true --property key.separator=:
  refused "port taken" 1 'taken|in use' "$KQ" dev --data "$work/other" --port-base "$base"
  refused "data directory of a running node" 4 'ALREADY_RUNNING' "$KQ" dev --data "$work/bad" --port-base "$closed"
  sed -e "s#^data.dirs=.*#data.dirs=$work/bad/node-0#" "$work/bad/node-0/kq.properties" > "$work/typo.properties"
  echo 'log.segment.byts=1' >> "$work/typo.properties"
  refused "unknown setting" 2 'log.segment.bytes' "$KQ" server start --config "$work/typo.properties"
  KQ_CONF_LOG_SEGMENT_BYTS=1 refused "unknown setting in the environment" 2 'KQ_CONF_LOG_SEGMENT_BYTS|log.segment.bytes' \
    "$KQ" server start --config "$work/bad/node-0/kq.properties"
  stop_dev
}

all=(pipe kill voter leader trucks python bad)
run_claims "$@"
finish
