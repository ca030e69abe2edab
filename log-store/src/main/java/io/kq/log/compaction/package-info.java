/**
 * What compaction removes and when, as pure choices. Entry types: {@link
 * io.kq.log.compaction.CompactionPolicy} (when, and which segments), {@link
 * io.kq.log.compaction.RecordChoice} (which records), {@link io.kq.log.compaction.KeyOffsets} (the
 * last offset of each key). Any thread, never blocks by itself; time is passed in. May call
 * protocol.
 */
@NullMarked
package io.kq.log.compaction;

import org.jspecify.annotations.NullMarked;
