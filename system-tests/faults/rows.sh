# shellcheck shell=bash
# The rows: each does something to the cluster, shows that it bit, and undoes it; sourced by run.sh.
declare -A about
all=()
row() { all+=("$1"); about[$1]=$2; } # row NAME WHAT
driver_options=()
before_row() { # what a row wants to be different from the start
  driver_options=()
  node_settings=()
  NODES=3
  sync_size=3
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
