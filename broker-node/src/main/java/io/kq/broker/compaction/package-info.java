/**
 * Runs compaction over the partitions of a node. Entry type: {@link
 * io.kq.broker.compaction.LogCleaner}. One thread of its own. May call log, protocol, runtime.
 */
@NullMarked
package io.kq.broker.compaction;

import org.jspecify.annotations.NullMarked;
