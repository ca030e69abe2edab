/**
 * Reading partitions: streams of data within a credit, long polls, offsets by time. Knows no word
 * of gRPC. Entry types: {@link io.kq.broker.fetch.PartitionReads}, {@link
 * io.kq.broker.stream.CreditedSession} (one reader's stream), {@link io.kq.broker.fetch.FetchSink}
 * (where the edge takes the data).
 *
 * <p>Threads: a session runs on whichever thread has something for it, one at a time; what may have
 * to come from the disk is read on a few background threads. May call {@code broker.partition},
 * {@code broker.stream}, {@code log}, {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.fetch;

import org.jspecify.annotations.NullMarked;
