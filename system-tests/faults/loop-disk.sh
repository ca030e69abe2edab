# shellcheck shell=bash
# An ext4 of its own in a file, whose power can be cut; sourced after common.sh. Needs `work` to be set, and root.
disk="$work/disk"

# The ioctl EXT4_IOC_SHUTDOWN: every later write and fsync fails, and what was not synced is gone once it is unmounted.
EXT4_SHUTDOWN='
import fcntl, os, struct, sys
EXT4_IOC_SHUTDOWN = 0x8004587D
NOLOGFLUSH = 2
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), EXT4_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
'

make_disk() { # make_disk MIB: empty and mounted at $disk
  mkdir -p "$disk" && truncate -s "${1}M" "$work/disk.img" && mkfs.ext4 -q -F "$work/disk.img" && mount_disk
}
mount_disk() { mount -o loop "$work/disk.img" "$disk"; }
# The loop device goes with it: while anybody else still has the disk mounted, a new mount would show the old, dead one.
unmount_disk() {
  local i
  for i in $(seq 1 100); do
    grep -qsF " $disk " /proc/mounts && umount "$disk" 2> /dev/null
    grep -qsF " $disk " /proc/mounts || [[ -n "$(losetup -j "$work/disk.img" 2> /dev/null)" ]] || return 0
    sleep 0.1
  done
  return 1
}
cut_power() { python3 -c "$EXT4_SHUTDOWN" "$disk"; }
repair_disk() { e2fsck -fy "$work/disk.img" > "$work/e2fsck.out" 2>&1; (($? < 4)); }

require_loop_disk() { # ends the script where there can be none
  if [[ $(id -u) -ne 0 ]] || ! command -v mkfs.ext4 python3 > /dev/null || ! make_disk 16 2> /dev/null; then
    say "skipped: an ext4 in a file has to be mounted, which needs root, mkfs.ext4, python3 and loop devices"
    exit 0
  fi
  unmount_disk
}
