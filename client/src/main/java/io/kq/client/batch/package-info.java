/**
 * The producer's inside: records become batches, batches are numbered and sent in order. Entry
 * type: {@link io.kq.client.batch.Accumulator}. Threads that send meet the client's loop in one
 * place, the lock of a {@code PartitionQueue}; all else lives on the loop. May call {@code
 * io.kq.client.metadata}, {@code protocol}, {@code runtime}; streams and ids come in through the
 * ports {@link io.kq.client.batch.ProduceLinks} and {@link io.kq.client.batch.ProducerIds}.
 */
@NullMarked
package io.kq.client.batch;

import org.jspecify.annotations.NullMarked;
