# shellcheck shell=bash
# Faults of the network between nodes, by nft and tc inside their namespaces; sourced by run.sh after cluster.sh.

# The rules live in a table of their own in the namespace of the node that they hold for.
rule() { # rule NODE CHAIN RULE...: adds one; CHAIN is input or output
  local node=$1 chain=$2
  shift 2
  inside "$node" nft add table inet kqf
  inside "$node" nft add chain inet kqf "$chain" "{ type filter hook $chain priority 0; }"
  inside "$node" nft add rule inet kqf "$chain" "$@"
}
heal_network() { # heal_network NODE: no rules, no shaping
  inside "$1" nft delete table inet kqf 2> /dev/null
  inside "$1" tc qdisc del dev eth0 root 2> /dev/null
  return 0
}

deaf_to() { rule "$1" input ip saddr "$2" drop; } # deaf_to NODE ADDRESS: what comes from there is dropped

# cut_off NODE OTHER...: neither hears the other
cut_off() {
  local node=$1 other
  shift
  for other in "$@"; do
    deaf_to "$node" "$(address "$other")"
    deaf_to "$other" "$(address "$node")"
  done
}

reaches() { # reaches NODE OTHER: a connection to the other's node port is made
  inside "$1" timeout 1 bash -c "exec 3<> /dev/tcp/$(address "$2")/9094" 2> /dev/null
}
client_reaches() { timeout 1 bash -c "exec 3<> /dev/tcp/$(address "$1")/9092" 2> /dev/null; }

undo_faults() { # whatever a row has left; run also when it was broken off
  local node
  for ((node = 0; node < NODES; node++)); do
    [[ -z "${pids[node]:-}" ]] || kill -CONT "${pids[node]}" 2> /dev/null
    [[ ! -e "/run/netns/$(ns "$node")" ]] || heal_network "$node"
  done
}
