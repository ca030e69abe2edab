# shellcheck shell=bash
# Some real nodes, each in a network namespace of its own on a bridge where that can be, and a workload in the root namespace; sourced by
# run.sh after common.sh. Needs `root`, `work`. Ends no process but those it started.
NODES="${NODES:-3}"
net="kqf$$"   # bridge, and the beginning of all names
subnet=""     # 10.199.N, or 127.199.N without namespaces
pids=()       # by node; empty: it does not run
driver_pid=""
answer=""     # the workload's last one

address() { echo "$subnet.$((10 + $1))"; } # where a node is reached
bound() { [[ -z "$missing" ]] && address "$1" || echo "$subnet.$((110 + $1))"; } # where it listens: behind its proxy
ns() { echo "$net-$1"; }
inside() { local node=$1; shift; ip netns exec "$(ns "$node")" "$@"; } # inside NODE COMMAND...
data() { echo "$work/disk-$1/data"; }

# choose_network: leaves in $missing what is not there for namespaces; nothing: each node gets one. Else the nodes are processes
# on loopback addresses of their own, and rows that cut, slow or lose on the network do not count.
missing=""
choose_network() {
  local tool
  missing=""
  if [[ $(id -u) -ne 0 ]]; then
    missing="root"
    return
  fi
  if ! command -v nft > /dev/null && command -v apt-get > /dev/null; then
    say "nft is missing: apt-get install nftables"
    apt-get install -y -q nftables > "$work/apt.out" 2>&1
  fi
  for tool in ip nft nsenter; do command -v "$tool" > /dev/null || missing="$missing $tool"; done
  [[ -n "$missing" ]] || { ip netns add "$net-try" 2> /dev/null && ip netns del "$net-try"; } || missing="the right to make namespaces"
  missing="${missing# }"
}

make_network() {
  local n node
  if [[ -n "$missing" ]]; then
    for n in $(shuf -i 1-250 -n 50); do
      subnet="127.199.$n"
      client_reaches 0 || return 0
    done
    return 1
  fi
  for n in $(shuf -i 1-250 -n 50); do
    ip -o address | grep -q " 10\.199\.$n\." || { subnet="10.199.$n"; break; }
  done
  ip link add "$net" type bridge && ip address add "$subnet.1/24" dev "$net" && ip link set "$net" up || return 1
  for ((node = 0; node < NODES; node++)); do
    ip netns add "$(ns "$node")" \
      && ip link add "$net-$node" type veth peer name eth0 netns "$(ns "$node")" \
      && ip link set "$net-$node" master "$net" up \
      && inside "$node" ip address add "$(address "$node")/24" dev eth0 \
      && inside "$node" ip link set eth0 up && inside "$node" ip link set lo up || return 1
  done
}
remove_network() { # what is not there is not missed
  local node
  [[ -z "$missing" ]] || return 0
  for ((node = 0; node < 8; node++)); do
    ip netns del "$(ns "$node")" 2> /dev/null
    ip link del "$net-$node" 2> /dev/null
  done
  ip link del "$net" 2> /dev/null
}

write_node_config() { # write_node_config NODE [KEY=VALUE...]
  local node=$1 peers="" i
  shift
  for i in 0 1 2; do peers="$peers${peers:+,}$i@$(address "$i"):9094"; done
  mkdir -p "$work/node-$node" "$work/disk-$node"
  {
    echo "node.id=$node"
    echo "data.dirs=$(data "$node")"
    echo "listeners=$(bound "$node"):9092"
    echo "node.listener=$(bound "$node"):9094"
    echo "metadata.listener=$(bound "$node"):9093"
    [[ -z "$missing" ]] || printf '%s\n' "advertised.listeners=$(address "$node"):9092" "advertised.node.listener=$(address "$node"):9094"
    echo "metadata.peers=$peers"
    echo "security.insecure=true"
    echo "log.segment.bytes=1MiB"
    printf '%s\n' "$@"
  } > "$work/node-$node/kq.properties"
}

jvm_more="" # JVM options of the next start
node_command=() # NODE stands for the node's number: what the launchers of all nodes are started by
start_node_of() { # start_node_of NODE [COMMAND...]: the command stands before the launcher
  local node=$1 enter=()
  shift
  [[ -n "$missing" ]] || enter=(nsenter "--net=/run/netns/$(ns "$node")")
  # Each of these becomes the next one, so that the process started here is the node. Not `ip netns exec`: it would give
  # the node mounts of its own, which keep a disk mounted that is unmounted outside.
  KQ_HEAP_OPTS=-Xmx256m KQ_JVM_OPTS="-XX:TieredStopAtLevel=1 $jvm_more" env "${enter[@]}" \
    "${node_command[@]//NODE/$node}" "$@" \
    "$KQ" server start --config "$work/node-$node/kq.properties" \
    >> "$work/node-$node/out" 2>> "$work/node-$node/err" 5>&- 6<&- < /dev/null &
  pids[node]=$!
  [[ -z "$missing" ]] || tell_proxies
}
await_ready() { # await_ready NODE: it has said once more that it is ready
  local node=$1 i
  for ((i = 0; i < 600; i++)); do
    (($(grep -c ' ready ' "$work/node-$node/out") > ${readies[node]:-0})) && break
    kill -0 "${pids[node]}" 2> /dev/null || { say "node $node ended: $(tail -n 3 "$work/node-$node/err")"; return 1; }
    sleep 0.1
  done
  readies[node]=$(grep -c ' ready ' "$work/node-$node/out")
  ((i < 600)) || { say "node $node is not ready within a minute"; return 1; }
}
readies=()
restart() { # restart NODE [COMMAND...]
  start_node_of "$@" && await_ready "$1"
}
end() { # end SIGNAL NODE: and waits for its end
  [[ -n "${pids[$2]:-}" ]] || return 0
  kill "-$1" "${pids[$2]}" 2> /dev/null
  wait "${pids[$2]}" 2> /dev/null
  pids[$2]=""
}
signal() { kill "-$1" "${pids[$2]}"; } # signal SIGNAL NODE
is_gone() { [[ -z "${pids[$1]:-}" ]] || ! kill -0 "${pids[$1]}" 2> /dev/null; }
others() { # others NODE: all but this one
  local node
  for ((node = 0; node < NODES; node++)); do [[ $node == "$1" ]] || echo "$node"; done
}
node_count() { grep -c "$2" "$work/node-$1/err"; } # node_count NODE PATTERN: lines of its log

class_path() { # of the workload and the checker: this module's classes and the client's jars, of the distribution $home
  echo "$root/system-tests/target/classes:$(sed "s|@lib@|$home/lib|g" "$home/lib/cli.classpath")"
}
# The JVM of the workload and of the checker; its class is the next word.
java_command() { JAVA=("${KQ_JAVA_HOME:+$KQ_JAVA_HOME/bin/}java" -Xmx384m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(class_path)"); }

start_driver() { # start_driver OPTION VALUE...: a workload, its history in $work/history.jsonl
  local node all=""
  for ((node = 0; node < NODES; node++)); do all="$all${all:+,}$(address "$node"):9092"; done
  mkfifo "$work/ask" "$work/told" || return 1
  "${JAVA[@]}" io.kq.system.driver.DriverMain "$work/history.jsonl" "$all" "$@" \
    < "$work/ask" > "$work/told" 2>> "$work/driver.err" &
  driver_pid=$!
  exec 5> "$work/ask" 6< "$work/told"
  read -r -t 120 answer <&6 && [[ $answer == ready* ]] || { say "the workload does not begin: $(tail -n 3 "$work/driver.err")"; return 1; }
}
ask() { # ask WORD...: tells the workload something and leaves its answer in $answer; false: `no` or an error
  echo "$*" >&5
  read -r -t 240 answer <&6 || { answer="no answer"; return 1; }
  [[ $answer != no* && $answer != error* ]]
}
end_driver() {
  [[ -n "$driver_pid" ]] || return 0
  exec 5>&- 6<&-
  local i
  for ((i = 0; i < 100; i++)); do kill -0 "$driver_pid" 2> /dev/null || break; sleep 0.1; done
  kill -KILL "$driver_pid" 2> /dev/null
  wait "$driver_pid" 2> /dev/null
  driver_pid=""
}

start_cluster() { # start_cluster [DRIVER OPTION...]: nodes, then the workload
  local node
  make_network || { say "the network cannot be made"; return 1; }
  make_disks || { say "the disks cannot be made"; return 1; }
  [[ -z "$missing" ]] || start_proxies || return 1
  for ((node = 0; node < NODES; node++)); do
    write_node_config "$node" "${node_settings[@]}"
    readies[node]=0
    start_node_of "$node" || return 1
  done
  for ((node = 0; node < NODES; node++)); do await_ready "$node" || return 1; done
  start_driver "$@"
}
node_settings=()

# dump_all: stops all nodes and writes down what each has on its disk
dump_all() {
  local node
  for ((node = 0; node < NODES; node++)); do [[ -n "${pids[node]:-}" ]] && kill -TERM "${pids[node]}" 2> /dev/null; done
  for ((node = 0; node < NODES; node++)); do
    [[ -n "${pids[node]:-}" ]] && wait "${pids[node]}" 2> /dev/null
    pids[node]=""
    "$KQ" inspect "$(data "$node")" --topic faults --records -o jsonl > "$work/dump-$node.jsonl" 2> "$work/inspect-$node.err" \
      || say "      kq inspect of node $node: $(head -n 1 "$work/inspect-$node.err")"
  done
}

end_cluster() { # also after a row that did not get far
  local node
  end_driver
  for ((node = 0; node < NODES; node++)); do
    [[ -n "${pids[node]:-}" ]] && kill -CONT "${pids[node]}" 2> /dev/null
    end KILL "$node"
  done
  end_proxies
  remove_disks
  remove_network
}
