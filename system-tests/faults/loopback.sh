# shellcheck shell=bash
# Where there can be no network namespaces: nodes on loopback addresses, each with a proxy in front of its client port and its
# node port, which holds back what one side says to the other; sourced by run.sh after network.sh. What voters say to each
# other on the Raft port is not held back: rows that need that do not count here.
PROXY='
import os, socket, sys, threading, time
rules_file, held_file, pids_file = sys.argv[1:4]
blocked, held = set(), [0]
lock = threading.Lock()

def look():
    written = -1
    while True:
        try:
            with open(rules_file) as f:
                now = {tuple(line.split()) for line in f if line.strip()}
        except OSError:
            now = set()
        blocked.symmetric_difference_update(blocked ^ now)
        if held[0] != written:
            written = held[0]
            with open(held_file + ".new", "w") as f:
                f.write(str(written))
            os.replace(held_file + ".new", held_file)
        time.sleep(0.05)

def await_link(key):
    if key in blocked:
        with lock:
            held[0] += 1
        while key in blocked:
            time.sleep(0.05)

def kernel(address):
    return "%08X:%04X" % (int.from_bytes(socket.inet_aton(address[0]), sys.byteorder), address[1])

def who(peer):  # the node whose process has the other end of a connection, else a client
    ends = ["/proc/net/tcp", "/proc/net/tcp6"]
    for table in ends:
        with open(table) as f:
            for line in f:
                word = line.split()
                if word[1].endswith(kernel(peer)):
                    link = "socket:[%s]" % word[9]
                    with open(pids_file) as pids:
                        for node, pid in (l.split() for l in pids if l.strip()):
                            folder = "/proc/%s/fd" % pid
                            try:
                                for fd in os.listdir(folder):
                                    try:
                                        if os.readlink(folder + "/" + fd) == link:
                                            return node
                                    except OSError:
                                        pass
                            except OSError:
                                pass
    return "client"

def pump(source, sink, key):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            await_link(key)
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

def serve(caller, peer, target, node):
    name = who(peer)
    await_link((name, node))
    try:
        callee = socket.create_connection(target)
    except OSError:
        caller.close()
        return
    for end in (caller, callee):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=pump, args=(callee, caller, (node, name)), daemon=True).start()
    pump(caller, callee, (name, node))

def accept(listener, target, node):
    while True:
        caller, peer = listener.accept()
        threading.Thread(target=serve, args=(caller, peer, target, node), daemon=True).start()

for word in sys.argv[4:]:
    node, here, there, port = word.split("=")
    listener = socket.create_server((here, int(port)), backlog=128)
    threading.Thread(target=accept, args=(listener, (there, int(port)), node), daemon=True).start()
print("ready", flush=True)
look()
'
proxy_pid=""
start_proxies() {
  local node i words=()
  for ((node = 0; node < NODES; node++)); do
    words+=("$node=$(address "$node")=$(bound "$node")=9092" "$node=$(address "$node")=$(bound "$node")=9094")
  done
  : > "$work/rules"
  : > "$work/pids"
  echo 0 > "$work/held"
  python3 -c "$PROXY" "$work/rules" "$work/held" "$work/pids" "${words[@]}" > "$work/proxy.out" 2> "$work/proxy.err" 5>&- 6<&- &
  proxy_pid=$!
  for ((i = 0; i < 50; i++)); do [[ -s "$work/proxy.out" ]] && return; sleep 0.1; done
  say "the proxies do not start: $(tail -n 1 "$work/proxy.err")"
  return 1
}
end_proxies() {
  [[ -n "$proxy_pid" ]] || return 0
  kill "$proxy_pid" 2> /dev/null
  wait "$proxy_pid" 2> /dev/null
  proxy_pid=""
}
tell_proxies() { # which process is which node
  local node
  for node in "${!pids[@]}"; do [[ -z "${pids[node]}" ]] || echo "$node ${pids[node]}"; done > "$work/pids"
}

named() { # named ADDRESS: the node that has it, else the clients
  local node
  for ((node = 0; node < NODES; node++)); do [[ $1 != "$(address "$node")" ]] || { echo "$node"; return; }; done
  echo client
}
hold() { echo "$1 $2" >> "$work/rules"; } # hold FROM TO: what it says is held back
release() { # release NODE: it hears everybody
  [[ -e "$work/rules" ]] || return 0
  grep -v " $1\$" "$work/rules" > "$work/rules.new"
  mv "$work/rules.new" "$work/rules"
}
nothing_held() { # for a second and a half, in which somebody says something
  local before
  before=$(cat "$work/held")
  sleep 1.5
  [[ $(cat "$work/held") == "$before" ]]
}
