/**
 * Offset, time, producer and epoch indexes in RocksDB with the tail in memory: rebuildable, never
 * the truth. The only room with RocksDB. May call protocol, runtime.
 */
@NullMarked
package io.kq.log.index;

import org.jspecify.annotations.NullMarked;
