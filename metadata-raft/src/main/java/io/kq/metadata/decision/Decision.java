package io.kq.metadata.decision;

import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What an operation was decided to be.
 *
 * @param records its whole effect; empty: it changes nothing
 * @param finished false: there is more than fits into one batch; the operation is decided again
 *     once these records are applied, and answered when it is finished
 */
public record Decision<R>(List<MetadataRecord> records, R reply, boolean finished) {

    public Decision {
        records = List.copyOf(records);
    }

    public static <R> Decision<R> of(List<MetadataRecord> records, R reply) {
        return new Decision<>(records, reply, true);
    }

    public static <R> Decision<R> nothing(R reply) {
        return new Decision<>(List.of(), reply, true);
    }

    public Decision<R> and(MetadataRecord record) {
        List<MetadataRecord> more = new ArrayList<>(records);
        more.add(record);
        return new Decision<>(more, reply, finished);
    }

    /**
     * Decides one operation. Pure but for the ids it takes from the turn.
     *
     * <p>A refusal is a {@link io.kq.protocol.RejectedException}.
     */
    @FunctionalInterface
    public interface Decider<R> {
        Decision<R> decide(MetadataImage image, Turn turn);
    }
}
