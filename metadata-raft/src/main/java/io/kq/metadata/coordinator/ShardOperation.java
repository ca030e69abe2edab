package io.kq.metadata.coordinator;

import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord;
import java.util.List;
import java.util.function.Function;

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
     * Whether it may be decided before changes of members that were asked for earlier in the same
     * turn: then those stay one change.
     */
    default boolean standsBeside() {
        return false;
    }

    /** The same, decided beside changes of members. */
    static <R> ShardOperation<R> beside(ShardOperation<R> operation) {
        return new ShardOperation<>() {
            @Override
            public Decided<R> decide(ShardImage image, long nowMillis) {
                return operation.decide(image, nowMillis);
            }

            @Override
            public boolean standsBeside() {
                return true;
            }
        };
    }

    /**
     * What it was decided to be.
     *
     * @param records its whole effect; empty: it changes nothing
     * @param confirmed answered only when an entry was committed after it was asked: without one a
     *     coordinator that was replaced and does not know it would tell of what is not so any more
     */
    record Decided<R>(List<ShardRecord> records, R reply, boolean confirmed) {
        public Decided {
            records = List.copyOf(records);
        }

        public Decided(List<ShardRecord> records, R reply) {
            this(records, reply, false);
        }
    }

    /** Reads what is committed, and is sure that it is. */
    static <R> ShardOperation<R> read(Function<ShardImage, R> question) {
        return (image, nowMillis) -> new Decided<>(List.of(), question.apply(image), true);
    }
}
