# shellcheck shell=bash
# The rows of files that are lost or older than they were; sourced by run.sh after disk-rows.sh.

row old-backup "the data of a stopped broker are replaced by an older copy of them, then a start"
before_old_backup() { before_disk_lost; }
row_old_backup() { victim=3 && put_back .; }

row index-old "the RocksDB of a broker that was killed is replaced by an older copy of itself, then a start"
row_index_old() { leader_that_is_no_controller && put_back index KILL; }

# put_back WHAT [SIGNAL]: a part of the data of $victim becomes again what it was at an earlier clean stop
put_back() {
  local what=$1 how=${2:-TERM} old new
  end TERM "$victim"
  cp -a "$(data "$victim")/$what" "$work/backup" || return 1
  restart "$victim" && settle "$sync_size" || return 1
  ask elect
  sleep "$HOLD"
  fault "$victim" "SIG$how of node $victim, then $what of its data is put back as it was before"
  end "$how" "$victim"
  old=$(digest "$work/backup") new=$(digest "$(data "$victim")/$what")
  [[ $old != "$new" ]] && bit "it was $new and is $old"
  find "$(data "$victim")/$what" -mindepth 1 -delete && cp -a "$work/backup/." "$(data "$victim")/$what" || return 1
  sleep 2
  restart "$victim" || return 1
  sleep "$HOLD"
  ask state
  say "      $answer"
  healed "nothing to undo: the node does it itself"
}
digest() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum) | sha256sum | cut -c 1-12; } # of a directory

row segment-gone-crash "kill -9 of a leader, a segment below the high watermark of each log is deleted, then a start"
before_segment_gone_crash() { driver_options=(--config segment.bytes=65536); }
row_segment_gone_crash() { lose_segments KILL; }

row segment-gone-stop "SIGTERM of a leader, a segment below the high watermark of each log is deleted, then a start"
before_segment_gone_stop() { before_segment_gone_crash; }
row_segment_gone_stop() { lose_segments TERM; }

# lose_segments SIGNAL: the second segment of each log of a leader; it starts, leads again, and its data are read
lose_segments() {
  local log segment
  leader_that_is_no_controller || return 1
  sleep "$((HOLD + 6))"
  fault "$victim" "SIG$1 of node $victim, and the second segment of each of its logs is deleted"
  end "$1" "$victim"
  for log in $(logs "$victim"); do
    (($(find "$log" -name '*.log' | wc -l) > 2)) || continue
    segment=$(find "$log" -name '*.log' | sort | sed -n 2p)
    rm "$segment" && bit "$segment is gone"
    say "      partition ${log##*-}: $(basename "$segment") is gone"
  done
  restart "$victim" || return 1
  ask in-sync 3 60 || { say "      not in sync again: $answer"; return 1; }
  ask elect
  sleep "$((HOLD + 4))"
  ask state
  say "      $answer; quarantined: $(node_count "$victim" '[Qq]uarantine')"
  healed "nothing to undo: the node does it itself"
}
