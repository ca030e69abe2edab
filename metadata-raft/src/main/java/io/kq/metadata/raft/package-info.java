/**
 * The adapter to Apache Ratis: log, state machine, snapshots. The only room with Ratis, its terms
 * and indexes. May call record, image, publish, codec.
 */
@NullMarked
package io.kq.metadata.raft;

import org.jspecify.annotations.NullMarked;
