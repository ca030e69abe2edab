/**
 * Where batches are: the newest entries in memory, all in RocksDB; and where leader epochs start.
 * Rebuildable, never the truth: an entry counts only if the batch it names is found where it says.
 * Entry types: {@link io.kq.log.index.PartitionIndex} (of one partition), {@link
 * io.kq.log.index.IndexStore} (of a directory). Entries are added under the lock of the log,
 * written to RocksDB by a background thread, looked up by any. The only room with RocksDB. May call
 * segment, layout, protocol, runtime.
 */
@NullMarked
package io.kq.log.index;

import org.jspecify.annotations.NullMarked;
