/**
 * Producer sequences of one partition: pure checks and state, and its snapshot on disk. Entry
 * types: {@link io.kq.log.producer.ProducerTable}, {@link io.kq.log.producer.ProducerSnapshot}. The
 * table belongs to whoever holds its log's lock; snapshots are values. May call protocol,
 * log.layout, runtime.io.
 */
@NullMarked
package io.kq.log.producer;

import org.jspecify.annotations.NullMarked;
