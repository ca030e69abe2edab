/**
 * One pass of compaction: reads a dirty range, writes segments anew and hands them over. Entry
 * types: {@link io.kq.log.compaction.pass.CompactionPass}, {@link
 * io.kq.log.compaction.pass.CompactedLog}. One thread, blocking. May call log.compaction,
 * log.segment, log.layout, log.io, log.recovery, protocol.
 */
@NullMarked
package io.kq.log.compaction.pass;

import org.jspecify.annotations.NullMarked;
