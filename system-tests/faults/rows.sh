# shellcheck shell=bash
# The rows: each does something to the cluster, shows that it bit, and undoes it; sourced by run.sh.
declare -A about of_network
all=()
row() { all+=("$1"); about[$1]=$2; } # row NAME WHAT
network_row() { row "$@"; of_network[$1]=1; } # one that needs namespaces: a proxy cannot do that to the network
driver_options=()
before_row() { # before_row ROW: what it wants to be different from the start is in before_ROW
  driver_options=()
  node_settings=()
  node_command=()
  disk_of=()
  jvm_more=""
  sync_size=3
  doctor=""
  NODES=3
  if declare -F "before_${1//-/_}" > /dev/null; then "before_${1//-/_}"; fi
}

# leader_that_is_no_controller: leaves in $victim the leader of a partition that does not lead the metadata, in $partition
# one that it leads.
leader_that_is_no_controller() {
  local controller p
  ask metadata-leader
  controller=$answer
  for p in 0 1 2 3; do
    ask leader "$p"
    victim=$answer partition=$p
    [[ $victim == "$controller" || $victim == -1 ]] || return 0
  done
  say "      no leader but the controller: $controller"
  return 1
}
any_follower() { # leaves in $victim a node that follows in partition 0
  ask leader 0
  victim=$(others "$answer" | head -n 1)
}
controller() { ask metadata-leader && victim=$answer && [[ $victim != -1 ]]; }

kill_and_restart() { # kill_and_restart WHAT: $victim
  fault "$victim" "kill -9 of node $victim, $1"
  end KILL "$victim"
  is_gone "$victim" && bit "its process is gone"
  sleep "$HOLD"
  restart "$victim" || return 1
  healed "node $victim runs again"
}

row kill-leader "kill -9 of a partition leader"
row_kill_leader() { leader_that_is_no_controller && kill_and_restart "a partition leader"; }

row kill-follower "kill -9 of a follower"
row_kill_follower() { any_follower && kill_and_restart "a follower of partition 0"; }

row kill-controller "kill -9 of the node that leads the metadata quorum"
row_kill_controller() { controller && kill_and_restart "the metadata leader"; }

row stop-leader "SIGTERM of a partition leader, then a start"
row_stop_leader() {
  leader_that_is_no_controller || return 1
  stop_and_start "$victim" 2
}
stop_and_start() { # stop_and_start NODE SECONDS: as an operator does it
  fault "$1" "SIGTERM of node $1"
  end TERM "$1"
  is_gone "$1" && bit "its process is gone"
  sleep "$2"
  restart "$1" || return 1
  healed "node $1 runs again"
}

row rolling-restart "SIGTERM and start of all nodes, one after the other, waiting for full ISRs between"
row_rolling_restart() {
  local node
  for node in 0 1 2; do
    stop_and_start "$node" 0 && ask in-sync 3 60 && ask writes 30 || { say "      after node $node: $answer"; return 1; }
    sleep 2
  done
}

row pause-leader "SIGSTOP of a partition leader for 10 s"
row_pause_leader() { leader_that_is_no_controller && pause 10; }

row pause-controller "SIGSTOP of the metadata leader for 10 s"
row_pause_controller() { controller && pause 10; }

is_stopped() { # is_stopped PID: all its threads have to notice
  local i
  for ((i = 0; i < 50; i++)); do grep -q '^State:.*stopped' "/proc/$1/status" && return; sleep 0.1; done
  return 1
}
pause() { # pause SECONDS: $victim
  fault "$victim" "SIGSTOP of node $victim"
  signal STOP "$victim"
  is_stopped "${pids[victim]}" && bit "its state is stopped"
  sleep "$1"
  signal CONT "$victim"
  healed "SIGCONT"
}

# bit_unless COMMAND...: marks the bite if the command fails
bit_unless() { "$@" || bit "fails: $*"; }

row partition-leader "a partition leader and the others do not hear each other"
row_partition_leader() { leader_that_is_no_controller && partition_of; }

network_row partition-controller "the metadata leader and the others do not hear each other"
row_partition_controller() { controller && partition_of; }

partition_of() { # $victim
  local rest
  rest="$(others "$victim")"
  fault "$victim" "node $victim and the others do not hear each other"
  # shellcheck disable=SC2086 # several nodes
  cut_off "$victim" $rest
  bit_unless reaches "$victim" "${rest%%$'\n'*}"
  sleep "$((HOLD + 4))"
  undo_faults
  healed "the rules are gone"
}

row deaf-leader "a partition leader does not hear the others, they hear it"
row_deaf_leader() {
  leader_that_is_no_controller || return 1
  local other
  fault "$victim" "node $victim does not hear the others"
  for other in $(others "$victim"); do deaf_to "$victim" "$(address "$other")"; done
  bit_unless reaches "$other" "$victim"
  sleep "$((HOLD + 4))"
  undo_faults
  healed "the rules are gone"
}

row mute-leader "the others do not hear a partition leader, it hears them"
row_mute_leader() {
  leader_that_is_no_controller || return 1
  local other
  fault "$victim" "the others do not hear node $victim"
  for other in $(others "$victim"); do deaf_to "$other" "$(address "$victim")"; done
  bit_unless reaches "$victim" "$other"
  sleep "$((HOLD + 4))"
  undo_faults
  healed "the rules are gone"
}

network_row elr "a leader is cut from its followers but not from the controller, then killed: they take over cleanly"
row_elr() {
  leader_that_is_no_controller || return 1
  fault "$victim" "nobody reaches the node port of node $victim, which reaches the others"
  rule "$victim" input tcp dport 9094 drop
  bit_unless reaches "$(others "$victim" | head -n 1)" "$victim"
  ask isr "$partition" 1 60 || { say "      the ISR does not shrink to the leader: $answer"; return 1; }
  say "      $answer: the ISR is the leader alone"
  sleep 3
  ask state
  say "      $answer"
  fault "$victim" "then kill -9"
  end KILL "$victim"
  is_gone "$victim" && bit "its process is gone"
  ask other-leader "$partition" "$victim" 30 || { say "      nobody takes over: $answer"; return 1; }
  ask state
  say "      $answer"
  sleep 3
  undo_faults
  restart "$victim" || return 1
  healed "node $victim runs again, the rules are gone"
}

row pair-cut "a partition leader and a follower do not hear each other, the metadata leader hears both"
row_pair_cut() {
  local leads follower
  leader_that_is_no_controller || return 1
  leads=$victim
  controller || return 1
  follower=$((3 - leads - victim))
  victim=$leads
  fault "$leads" "nodes $leads and $follower do not hear each other"
  cut_off "$leads" "$follower"
  bit_unless reaches "$leads" "$follower"
  sleep "$((HOLD + 4))"
  ask state
  say "      $answer"
  undo_faults
  healed "the rules are gone"
}
row client-cut "clients do not reach a partition leader, nodes do"
row_client_cut() {
  leader_that_is_no_controller || return 1
  fault "$victim" "clients do not reach node $victim"
  deaf_to "$victim" "$subnet.1"
  bit_unless client_reaches "$victim"
  sleep "$HOLD"
  undo_faults
  healed "the rules are gone"
}

network_row loss "each node loses 1 to 30 % of the packets that it sends to others"
row_loss() {
  local node dropped=0
  chance 1 30
  fault -1 "$chosen % of the packets between nodes are lost"
  for ((node = 0; node < NODES; node++)); do
    rule "$node" output ip daddr "$subnet.8/29" numgen random mod 100 "<" "$chosen" counter drop
  done
  sleep "$((HOLD + 4))"
  for ((node = 0; node < NODES; node++)); do
    dropped=$((dropped + $(inside "$node" nft list chain inet kqf output | grep -o 'packets [0-9]*' | cut -d' ' -f2)))
  done
  ((dropped > 0)) && bit "$dropped packets dropped"
  say "      $dropped packets dropped"
  undo_faults
  healed "the rules are gone"
}

network_row slow-leader "what a partition leader sends is limited to 512 kbit/s"
row_slow_leader() { leader_that_is_no_controller && slow_link; }

network_row slow-follower "what a follower sends is limited to 512 kbit/s"
row_slow_follower() { any_follower && slow_link; }

slow_link() { # $victim
  fault "$victim" "512 kbit/s for what node $victim sends"
  inside "$victim" tc qdisc add dev eth0 root tbf rate 512kbit burst 16kb latency 500ms
  sleep "$((HOLD + 4))"
  local held
  held=$(inside "$victim" tc -s qdisc show dev eth0 | grep -o 'overlimits [0-9]*' | cut -d' ' -f2)
  say "      held back $held times"
  ((held > 0)) && bit "held back $held times"
  undo_faults
  healed "no limit"
}

row flapping "the link of a partition leader to the others is off and on, a second each, ten times"
row_flapping() {
  leader_that_is_no_controller || return 1
  local i bits=0 rest
  rest="$(others "$victim")"
  fault "$victim" "the link of node $victim is off and on"
  for i in 1 2 3 4 5 6 7 8 9 10; do
    # shellcheck disable=SC2086 # several nodes
    cut_off "$victim" $rest
    reaches "$victim" "${rest%%$'\n'*}" || bits=$((bits + 1)) # takes the second
    undo_faults
    sleep 1
  done
  ((bits == 10)) && bit "no connection in ten seconds of ten"
  healed "on"
  ask state
  say "      $answer"
}

row doctored "kill -9 of a leader; then one value of the last reading is changed, and the checker must find it"
before_doctored() { doctor=change_a_value; }
row_doctored() { row_kill_leader; }
change_a_value() {
  local line
  line=$(grep -n '"r":"final".*"v":\["' "$work/history.jsonl" | tail -n 1 | cut -d: -f1)
  sed -i "${line}s/\"v\":\[\"[^\"]*\"/\"v\":[\"0-99999999\"/" "$work/history.jsonl"
}

row two-killed "kill -9 of two of three nodes: nothing is acknowledged; one comes back, and then the other"
row_two_killed() {
  leader_that_is_no_controller || return 1
  local second before began code topic=refused
  new_topic "$topic" || return 1
  second=$(((victim + 1) % 3))
  fault "$victim" "kill -9 of nodes $victim and $second"
  signal KILL "$victim"
  end KILL "$second"
  end KILL "$victim"
  is_gone "$victim" && is_gone "$second" && bit "their processes are gone"
  sleep 1 # what was on its way
  ask counts && before=${answer%% *}
  began=$SECONDS
  echo refused | timeout 60 "$KQ" produce -b "$(address "$(((victim + 2) % 3))"):9092" --request-timeout 5s -t "$topic" \
    --producer-property delivery.timeout.ms=8000 > "$work/refused.out" 2>&1
  code=$?
  say "      a write without a majority: exit $code after $((SECONDS - began)) s: $(head -n 1 "$work/refused.out")"
  ((code != 0 && code != 124)) || { say "      it is acknowledged or hangs"; return 1; }
  sleep "$HOLD"
  ask counts
  [[ ${answer%% *} == "$before" ]] || { say "      acknowledged without a second replica: $before, then $answer"; return 1; }
  restart "$second" && ask writes 60 || { say "      not written with two nodes: $answer"; return 1; }
  healed "node $second runs again, and the cluster is written"
  sleep 2
  restart "$victim"
}

new_topic() { # new_topic NAME: one partition, three replicas
  "$KQ" topics -b "$(address 0):9092" --create --topic "$1" --partitions 1 --replication-factor 3 > "$work/topic.out" 2>&1 \
    || { say "      $(head -n 1 "$work/topic.out")"; return 1; }
}

row pause-client "SIGSTOP of the writing clients for longer than they may take for a record, then SIGCONT"
row_pause_client() {
  local topic=paused pid feeder code n
  new_topic "$topic" || return 1
  mkfifo "$work/lines" || return 1
  (for ((n = 1; n <= 4000; n++)); do echo "$n"; ((n % 10)) || sleep 0.01; done) > "$work/lines" &
  feeder=$!
  "$KQ" produce -b "$(address 0):9092,$(address 1):9092" -t "$topic" --producer-property delivery.timeout.ms=10000 \
    --producer-property request.timeout.ms=4000 < "$work/lines" > "$work/paused.out" 2>&1 &
  pid=$!
  for ((n = 0; n < 200; n++)); do (($(end_of "$topic") > 0)) && break; sleep 0.1; done
  fault -1 "SIGSTOP of two clients for 45 s"
  kill -STOP "$pid" "$driver_pid"
  is_stopped "$pid" && is_stopped "$driver_pid" && bit_later="both stopped"
  sleep 45
  kill -CONT "$pid" "$driver_pid"
  [[ -z ${bit_later:-} ]] || bit "$bit_later"
  healed "SIGCONT"
  wait "$feeder"
  wait "$pid"
  code=$?
  "$KQ" consume -q -b "$(address 0):9092" -t "$topic" --from-beginning --until-end > "$work/paused.read" 2> "$work/paused.err"
  n=$(wc -l < "$work/paused.read")
  say "      kq produce: exit $code, $n records read: $(head -n 1 "$work/paused.out")"
  sort -n -u "$work/paused.read" | cmp -s - "$work/paused.read" || { say "      doubled or out of order"; return 1; }
  ((code != 0 || n == 4000)) || { say "      acknowledged and lost: $n of 4000"; return 1; }
}
end_of() { "$KQ" offsets -t "$1" -b "$(address 0):9092" 2> /dev/null | sed -n 's/^[^:]*:0:\([0-9]*\)$/\1/p' | grep . || echo 0; }

network_row delay "what nodes send each other takes 50 ms, and up to 50 more by chance"
row_delay() {
  local node before after
  before=$(connect_ms 0 1)
  fault -1 "50 to 100 ms between nodes"
  for ((node = 0; node < NODES; node++)); do delay "$node" 50 50 || { say "      no delay: $(cat "$work/delay-$node.err")"; return 1; }; done
  after=$(connect_ms 0 1)
  say "      a connection takes $after ms, before: $before ms"
  ((after > before + 90)) && bit "a connection takes $after ms, before: $before ms"
  sleep "$((HOLD + 4))"
  undo_faults
  say "      afterwards $(connect_ms 0 1) ms"
  healed "no delay"
}
