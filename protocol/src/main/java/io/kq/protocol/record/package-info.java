/**
 * Kafka's RecordBatch v2 (magic 2), byte for byte: the only bytes that are both wire and disk.
 * Entry types: {@link io.kq.protocol.record.RecordBatchHeader} (61 bytes, all a broker looks at),
 * {@link io.kq.protocol.record.BatchBytes} (a batch in buffers that someone else owns). Values and
 * single-owner builders; no threads, no I/O. May call {@code runtime} and the words of {@code
 * io.kq.protocol}.
 */
@NullMarked
package io.kq.protocol.record;

import org.jspecify.annotations.NullMarked;
