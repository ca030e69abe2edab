# shellcheck shell=bash
# What the fault scripts share; sourced by them. Needs `root` and `work` to be set. Ends no process but those it started.
# shellcheck source=../claims.sh
source "$root/system-tests/claims.sh"
node_pid=""

write_config() { # write_config DATA_DIRS [KEY=VALUE...]: $work/kq.properties of one node; leaves BOOT
  local base dirs=$1
  shift
  base="${PORT_BASE:-$(free_base 4)}"
  {
    echo "node.id=0"
    echo "data.dirs=$dirs"
    echo "listeners=127.0.0.1:$base"
    echo "metadata.listener=127.0.0.1:$((base + 1))"
    echo "node.listener=127.0.0.1:$((base + 2))"
    echo "admin.listener=127.0.0.1:$((base + 3))"
    printf '%s\n' "$@"
  } > "$work/kq.properties"
  BOOT="127.0.0.1:$base"
  export KQ_BOOTSTRAP_SERVER="$BOOT"
}

start_node() { # starts the node of $work/kq.properties; returns when it answers
  "$KQ" server start --config "$work/kq.properties" >> "$work/node.out" 2>> "$work/node.err" &
  node_pid=$!
  local i
  for i in $(seq 1 300); do
    kill -0 "$node_pid" 2> /dev/null || { say "the node ended: $(tail -n 5 "$work/node.err")"; return 1; }
    "$KQ" cluster status > /dev/null 2>&1 && return
    sleep 0.1
  done
  say "the node does not answer"
  return 1
}
end_node() { # end_node SIGNAL
  [[ -n "$node_pid" ]] || return 0
  kill "-$1" "$node_pid" 2> /dev/null
  wait "$node_pid" 2> /dev/null
  node_pid=""
}
node_lives() { kill -0 "$node_pid" 2> /dev/null; }
