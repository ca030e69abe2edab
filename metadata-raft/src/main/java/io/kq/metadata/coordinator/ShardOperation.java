package io.kq.metadata.coordinator;

import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import java.util.List;

/**
 * Something that a coordinator is asked to do: decides what is to be written, on what is committed
 * and what was decided before it in the same turn. Pure.
 *
 * @param <R> what the asker is told once it is applied
 */
@FunctionalInterface
public interface ShardOperation<R> {

    /**
     * Decides it.
     *
     * @param nowMillis wall clock, the same for all of a turn
     * @throws io.kq.protocol.RejectedException refused: nothing is written
     */
    Decided<R> decide(ShardImage image, long nowMillis);

    /**
     * What it was decided to be.
     *
     * @param records its whole effect; empty: it changes nothing
     */
    record Decided<R>(List<ShardRecord> records, R reply) {
        public Decided {
            records = List.copyOf(records);
        }
    }
}
