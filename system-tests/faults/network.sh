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
  [[ -z "$missing" ]] || { release "$1"; return; }
  inside "$1" nft delete table inet kqf 2> /dev/null
  inside "$1" tc qdisc del dev eth0 root 2> /dev/null
  return 0
}

deaf_to() { # deaf_to NODE ADDRESS: what comes from there is dropped
  if [[ -n "$missing" ]]; then hold "$(named "$2")" "$1"; else rule "$1" input ip saddr "$2" drop; fi
}

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
  [[ -z "$missing" ]] || { nothing_held; return; }
  inside "$1" timeout 1 bash -c "exec 3<> /dev/tcp/$(address "$2")/9094" 2> /dev/null
}
client_reaches() {
  [[ -z "$proxy_pid" ]] || { nothing_held; return; }
  timeout 1 bash -c "exec 3<> /dev/tcp/$(address "$1")/9092" 2> /dev/null
}

undo_faults() { # whatever a row has left; run also when it was broken off
  local node
  [[ -z "$driver_pid" ]] || kill -CONT "$driver_pid" 2> /dev/null
  for ((node = 0; node < NODES; node++)); do
    [[ -z "${pids[node]:-}" ]] || kill -CONT "${pids[node]}" 2> /dev/null
    end_delay "$node"
    heal_disk "$node"
    [[ -z "$missing" && ! -e "/run/netns/$(ns "$node")" ]] || heal_network "$node"
  done
}

# A kernel without netem: packets for other nodes go into a tun device, wait in this process, in order, and leave by eth0.
DELAY='
import collections, fcntl, os, random, select, socket, struct, sys, time
name, least, more = sys.argv[1], float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x0001 | 0x1000))  # TUNSETIFF, IFF_TUN | IFF_NO_PI
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
out.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
print("ready", flush=True)
waiting, last = collections.deque(), 0.0
while True:
    now = time.monotonic()
    while waiting and waiting[0][0] <= now:
        packet = waiting.popleft()[1]
        try:
            out.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))
        except OSError:
            pass  # lost, as on a network
    if select.select([tun], [], [], max(0.0, waiting[0][0] - now) if waiting else None)[0]:
        packet = os.read(tun, 65536)
        if packet[0] >> 4 == 4:
            last = max(last, time.monotonic() + least + random.random() * more)
            waiting.append((last, packet))
'
delay_pids=()
delay() { # delay NODE MS MORE: what it sends to other nodes takes so long, and up to MORE by chance
  local node=$1 i
  nsenter "--net=/run/netns/$(ns "$node")" python3 -c "$DELAY" kqdelay "$2" "$3" > "$work/delay-$node.out" 2> "$work/delay-$node.err" 5>&- 6<&- &
  delay_pids[node]=$!
  for ((i = 0; i < 50; i++)); do [[ -s "$work/delay-$node.out" ]] && break; sleep 0.1; done
  inside "$node" sh -c 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > "$f"; done' 2> /dev/null
  inside "$node" ip link set kqdelay up \
    && inside "$node" ip route add "$subnet.8/29" dev kqdelay src "$(address "$node")"
}
end_delay() { # end_delay NODE: the device and its route go with the process
  [[ -n "${delay_pids[$1]:-}" ]] || return 0
  kill "${delay_pids[$1]}" 2> /dev/null
  wait "${delay_pids[$1]}" 2> /dev/null
  delay_pids[$1]=""
}
connect_ms() { # connect_ms NODE OTHER: how long a connection to the other's node port takes
  inside "$1" python3 -c 'import socket, sys, time
began = time.monotonic()
socket.create_connection((sys.argv[1], 9094), 5).close()
print(int((time.monotonic() - began) * 1000))' "$(address "$2")"
}
