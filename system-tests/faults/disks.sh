# shellcheck shell=bash
# What is done to the files of a node; sourced by run.sh after loop-disk.sh.
disk_of=() # by node: `tmpfs MIB` or `loop MIB`; else its directory is on the disk of this machine

# of_node NODE FUNCTION...: one of those of loop-disk.sh, for the disk of that node
of_node() {
  local node=$1 home=$work
  shift
  local work="$home/loop-$node" disk="$home/disk-$node"
  mkdir -p "$work"
  "$@"
}
make_disks() {
  local node kind mib
  for ((node = 0; node < NODES; node++)); do
    mkdir -p "$work/disk-$node"
    read -r kind mib <<< "${disk_of[node]:-}"
    case $kind in
      tmpfs) mount -t tmpfs -o "size=${mib}m" "$net" "$work/disk-$node" || return 1 ;;
      loop) of_node "$node" make_disk "$mib" || return 1 ;;
    esac
  done
}
remove_disks() {
  local node
  [[ -n "$work" ]] || return 0
  for ((node = 0; node < NODES; node++)); do of_node "$node" unmount_disk; done
}

# logs NODE: the directories of its replicas of the topic
logs() { grep -l '^topic.name=faults$' "$(data "$1")"/partitions/*/partition.properties 2> /dev/null | xargs -r -n 1 dirname; }
last_segment() { find "$1" -name '*.log' | sort | tail -n 1; }
first_segment() { find "$1" -name '*.log' | sort | head -n 1; }
bytes_of() { stat -c %s "$1"; }

FLIP='
import sys
with open(sys.argv[1], "r+b", buffering=0) as f:
    f.seek(int(sys.argv[2]))
    old = f.read(1)[0]
    f.seek(int(sys.argv[2]))
    f.write(bytes([old ^ (1 << int(sys.argv[3]))]))
    f.seek(int(sys.argv[2]))
    sys.exit(0 if f.read(1)[0] != old else 1)
'
flip() { python3 -c "$FLIP" "$@"; } # flip FILE POSITION BIT: false if the byte did not change

# A cgroup of version 1 limits what everything writes to one loop device, this script and the kernel's own threads too.
throttle_file=/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device
device_of() { findmnt -n -o MAJ:MIN --target "$work/disk-$1" | tr -d ' '; }
throttled=()
throttle() { # throttle NODE WRITES: a second
  [[ -w $throttle_file && -n "${disk_of[$1]:-}" ]] || return 1
  throttled[$1]=$(device_of "$1")
  echo "${throttled[$1]} $2" > "$throttle_file"
}
heal_disk() { # heal_disk NODE
  [[ -n "${throttled[$1]:-}" ]] || return 0
  echo "${throttled[$1]} 0" > "$throttle_file"
  throttled[$1]=""
}
sync_ms() { # sync_ms NODE: how long eight small writes take on its disk, each synced
  local began
  began=$(date +%s%N)
  dd if=/dev/zero of="$work/disk-$1/probe" bs=4k count=8 oflag=dsync 2> /dev/null
  rm -f "$work/disk-$1/probe"
  echo $((($(date +%s%N) - began) / 1000000))
}
