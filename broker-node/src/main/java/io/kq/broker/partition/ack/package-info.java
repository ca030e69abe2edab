/**
 * Who waits for what: the askers of appends for their acknowledgements, in order and with
 * deadlines, and partitions with {@code flush=fsync} for their disk. Guarded or called by a
 * partition's leader or follower; decides nothing. May call {@code log}, {@code protocol}, {@code
 * runtime}.
 */
@NullMarked
package io.kq.broker.partition.ack;

import org.jspecify.annotations.NullMarked;
