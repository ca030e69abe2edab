# shellcheck shell=bash
# The rows of disks and clocks; sourced by run.sh after rows.sh.

row torn-tail "kill -9 of a leader, the last bytes of its logs are lost, then a start"
row_torn_tail() {
  leader_that_is_no_controller || return 1
  local log segment size
  fault "$victim" "kill -9 of node $victim, whose logs lose their last bytes"
  end KILL "$victim"
  sleep "$HOLD"
  for log in $(logs "$victim"); do
    segment=$(last_segment "$log")
    size=$(bytes_of "$segment")
    chance 1 400
    ((size > chosen)) || continue
    truncate -s "$((size - chosen))" "$segment"
    (($(bytes_of "$segment") < size)) && bit "$segment lost $chosen of $size bytes"
  done
  restart "$victim" || return 1
  healed "node $victim runs again"
}

row garbage-tail "kill -9 of a leader, garbage stands at the end of its logs, then a start"
row_garbage_tail() {
  leader_that_is_no_controller || return 1
  local log segment size
  fault "$victim" "kill -9 of node $victim, whose logs end with garbage"
  end KILL "$victim"
  sleep "$HOLD"
  for log in $(logs "$victim"); do
    segment=$(last_segment "$log")
    size=$(bytes_of "$segment")
    chance 1 4096
    head -c "$chosen" /dev/urandom >> "$segment"
    (($(bytes_of "$segment") > size)) && bit "$segment got $chosen bytes of garbage"
  done
  restart "$victim" || return 1
  healed "node $victim runs again"
}

row bit-flip-crash "kill -9 of a leader, a bit of each of its logs is flipped, then a start"
row_bit_flip_crash() { flip_down KILL; }

row bit-flip-stop "SIGTERM of a leader, a bit of each of its logs is flipped; it starts, leads again, and its data are read"
row_bit_flip_stop() { flip_down TERM; }

# flip_down SIGNAL: after a kill the bits are met by recovery, after a stop by the first reader of the leader that it is again
flip_down() {
  leader_that_is_no_controller || return 1
  sleep 5
  fault "$victim" "SIG$1 of node $victim, and a bit of each log that it led is flipped"
  local led=() p
  for p in 0 1 2 3; do ask leader "$p"; [[ $answer != "$victim" ]] || led+=("$p"); done
  end "$1" "$victim"
  flip_logs "$victim" "${led[@]}"
  sleep "$HOLD"
  restart "$victim" || return 1
  ask in-sync 3 60 || { say "      not in sync again: $answer"; return 1; }
  ask elect
  say "      $answer elections of preferred leaders"
  sleep "$((HOLD + 4))"
  ask state
  say "      $answer; quarantined: $(node_count "$victim" '[Qq]uarantine'), cut by recovery: $(node_count "$victim" 'Cut torn tail')"
  healed "nothing to undo: the node does it itself"
}

flip_logs() { # flip_logs NODE PARTITION...: a bit in the first half of each of these replicas
  local node=$1 log segment size position
  shift
  for log in $(logs "$node"); do
    [[ " $* " == *" ${log##*-} "* ]] || continue
    segment=$(first_segment "$log")
    size=$(bytes_of "$segment")
    chance 0 $((size / 2))
    position=$chosen
    chance 0 7
    flip "$segment" "$position" "$chosen" && bit "bit $chosen of byte $position of $segment"
    say "      bit $chosen of byte $position of partition ${log##*-}"
  done
}

row index-lost "kill -9 of a leader, its RocksDB is deleted, then a start"
row_index_lost() {
  leader_that_is_no_controller || return 1
  fault "$victim" "kill -9 of node $victim, whose index is deleted"
  end KILL "$victim"
  sleep "$HOLD"
  rm -r "$(data "$victim")/index" && bit "it is gone"
  restart "$victim" || return 1
  healed "node $victim runs again"
}

row disk-lost "kill -9 of a broker, all its data are lost, then a start"
before_disk_lost() {
  NODES=4
  driver_options=(--assign 3,0,1:0,1,3:1,3,2:2,0,3)
}
row_disk_lost() { victim=3 && lose_disk; }

row voter-disk-lost "kill -9 of a broker that is also a voter, all its data are lost: it comes back as a broker only"
row_voter_disk_lost() {
  leader_that_is_no_controller || return 1
  lose_disk || return 1
  grep -q VOTER_DISK_LOST "$work/node-$victim/err" "$work/node-$victim/out" || { say "      it does not say VOTER_DISK_LOST"; return 1; }
}

lose_disk() { # $victim
  fault "$victim" "kill -9 of node $victim, whose data are lost"
  end KILL "$victim"
  rm -r "$(data "$victim")" && bit "they are gone"
  sleep "$HOLD"
  restart "$victim" || return 1
  healed "node $victim runs again"
}

row slow-disk-follower "the disk of a node that only follows takes 20 writes a second (flush=fsync)"
before_slow_disk_follower() {
  disk_of[2]="loop 400"
  driver_options=(--config flush=fsync --assign 0,1,2:1,0,2:0,2,1:1,2,0)
}
row_slow_disk_follower() { victim=2 && slow_disk; }

row slow-disk-leader "the disk of a node that leads some partitions takes 20 writes a second (flush=fsync)"
before_slow_disk_leader() {
  disk_of[2]="loop 400"
  driver_options=(--config flush=fsync --assign 0,1,2:1,2,0:2,0,1:2,1,0)
}
row_slow_disk_leader() { victim=2 && slow_disk; }

slow_disk() { # $victim
  local before after
  before=$(sync_ms "$victim")
  fault "$victim" "the disk of node $victim takes 20 writes a second"
  throttle "$victim" 20 || { say "      no blkio throttle (cgroup v1) for its loop device"; return 1; }
  after=$(sync_ms "$victim")
  say "      eight synced writes take $after ms, before: $before ms"
  ((after > before + 300)) && bit "eight synced writes take $after ms, before: $before ms"
  sleep "$((HOLD + 9))"
  ask state
  say "      $answer"
  undo_faults
  say "      afterwards $(sync_ms "$victim") ms"
  healed "no throttle"
}

row disk-full "the disk of a leader is filled, and freed again"
before_disk_full() { disk_of[1]="tmpfs 300"; }
row_disk_full() {
  victim=1
  fault "$victim" "the disk of node $victim is full"
  dd if=/dev/zero of="$work/disk-1/filler" bs=16k 2> /dev/null
  (($(df --output=avail -B1 "$work/disk-1" | tail -n 1) < 65536)) && bit "nothing is left"
  sleep "$((HOLD + 4))"
  ask state
  say "      $answer; told: $(node_count 1 DISK_FULL\\\|full)"
  rm "$work/disk-1/filler"
  healed "there is room again"
}

# power_off NODE: its disk keeps what was synced, its process is gone; power_on NODE: the machine has booted
power_off() {
  touch "$work/disk-$1/unsynced" && echo "nobody synced this" > "$work/disk-$1/unsynced"
  of_node "$1" cut_power || return 1
  ! touch "$work/disk-$1/after" 2> /dev/null && bit "the disk of node $1 takes nothing any more"
  end KILL "$1"
}
power_on() {
  of_node "$1" unmount_disk && of_node "$1" mount_disk || return 1
  # Unless a sync of the node's own took it along: with flush=fsync there are many.
  [[ ! -s "$work/disk-$1/unsynced" ]] && bit "what was not synced on node $1 is gone"
  jvm_more="-Dkq.boot.id=$(cat /proc/sys/kernel/random/uuid)"
  start_node_of "$1"
  jvm_more=""
}

row power-cut "the power of a leader is cut (flush=os): what it had not synced is gone"
before_power_cut() { disk_of=("loop 400" "loop 400" "loop 400"); }
row_power_cut() {
  leader_that_is_no_controller || return 1
  fault "$victim" "the power of node $victim is cut"
  power_off "$victim" || return 1
  sleep "$HOLD"
  power_on "$victim" && await_ready "$victim" || return 1
  healed "node $victim runs again"
  say "      found at its start: $(node_count "$victim" 'Recovered log\|Cut torn tail\|No whole checkpoint')"
}

row power-cut-short "the power of a leader is cut and back at once (flush=os), before its session ends"
before_power_cut_short() { before_power_cut; }
row_power_cut_short() {
  leader_that_is_no_controller || return 1
  fault "$victim" "the power of node $victim is cut for a moment"
  power_off "$victim" && power_on "$victim" && await_ready "$victim" || return 1
  healed "node $victim runs again"
}

row power-cut-all "the power of all nodes is cut (flush=fsync)"
before_power_cut_all() {
  before_power_cut
  driver_options=(--config flush=fsync)
}
row_power_cut_all() {
  local node
  fault -1 "the power of all nodes is cut"
  for node in 0 1 2; do power_off "$node" || return 1; done
  for node in 0 1 2; do power_on "$node" || return 1; done
  for node in 0 1 2; do await_ready "$node" || return 1; done
  healed "all nodes run again"
}

row kill-all "kill -9 of all nodes at once, then a start"
row_kill_all() {
  local node
  fault -1 "kill -9 of all nodes"
  for node in 0 1 2; do signal KILL "$node"; done
  for node in 0 1 2; do end KILL "$node"; done
  is_gone 0 && is_gone 1 && is_gone 2 && bit "their processes are gone"
  for node in 0 1 2; do start_node_of "$node"; done
  for node in 0 1 2; do await_ready "$node" || return 1; done
  healed "all nodes run again"
}

row clock-jump "the clock of the metadata leader jumps 2 h forward, 4 h back and to what it was"
before_clock_jump() {
  local library node
  library=$(find /usr/lib -name libfaketimeMT.so.1 2> /dev/null | head -n 1)
  if [[ -z "$library" ]] && command -v apt-get > /dev/null; then
    say "libfaketime is missing: apt-get install libfaketime"
    apt-get install -y -q libfaketime > "$work/apt.out" 2>&1
    library=$(find /usr/lib -name libfaketimeMT.so.1 2> /dev/null | head -n 1)
  fi
  for node in 0 1 2; do echo "+0h" > "$work/clock-$node"; done
  node_command=(env "LD_PRELOAD=$library" "FAKETIME_TIMESTAMP_FILE=$work/clock-NODE" FAKETIME_NO_CACHE=1
    FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 FAKETIME_FORCE_MONOTONIC_FIX=0)
}
row_clock_jump() { controller && jump_clock; }
jump_clock() { # $victim
  local jump
  for jump in +2 -2 +0; do
    fault "$victim" "the clock of node $victim is at $jump h"
    echo "${jump}h" > "$work/clock-$victim"
    [[ "$(hour_of "$victim")" == "$(date +%H -d "$jump hours")" ]] \
      && bit "the JVM says $(hour_of "$victim") h"
    sleep 4
  done
  healed "the clock is right"
}
row clock-leader "the clock of a partition leader jumps 2 h forward, 4 h back and to what it was"
before_clock_leader() { before_clock_jump; }
row_clock_leader() { leader_that_is_no_controller && jump_clock; }

hour_of() { # the hour of the day by the clock of a node's JVM
  jcmd "${pids[$1]}" VM.uptime -date 2> /dev/null | grep -oE 'T[0-9]{2}|[0-9]{2}:[0-9]{2}:[0-9]{2}' | head -n 1 | grep -oE '[0-9]{2}' | head -n 1
}

network_row swarm "five rounds of faults that chance chooses, some of them two at a time"
row_swarm() {
  local round node other kind
  for round in 1 2 3 4 5; do
    chance 0 2
    node=$chosen other=$(((chosen + 1) % 3))
    chance 1 5
    kind=$chosen
    fault "$node" "round $round: kind $kind, node $node"
    case $kind in
      1)
        end KILL "$node" && is_gone "$node" && bit "gone"
        sleep 3
        restart "$node" || return 1
        ;;
      2)
        signal STOP "$node" && bit "stopped"
        chance 1 5
        sleep "$chosen"
        signal CONT "$node"
        ;;
      3)
        # shellcheck disable=SC2046 # several nodes
        cut_off "$node" $(others "$node")
        bit_unless reaches "$node" "$other"
        chance 2 6
        sleep "$chosen"
        ;;
      4)
        rule "$node" output ip daddr "$subnet.8/29" numgen random mod 100 "<" 20 drop
        end KILL "$other" && is_gone "$other" && bit "20 % loss at node $node, node $other gone"
        sleep 3
        restart "$other" || return 1
        ;;
      5)
        signal STOP "$other"
        end KILL "$node" && is_gone "$node" && bit "node $other stopped, node $node gone"
        sleep 2
        signal CONT "$other"
        restart "$node" || return 1
        ;;
    esac
    undo_faults
    healed "round $round"
    ask writes 60 || { say "      not written after round $round: $answer"; return 1; }
    chance 3 5 # time for each kind of answer
    sleep "$chosen"
  done
}
