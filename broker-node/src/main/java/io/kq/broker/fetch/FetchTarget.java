package io.kq.broker.fetch;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks for.
 *
 * @param id the reader's own name for it
 * @param offset of the first record wanted
 * @param bytesMax largest data part of one answer; a single larger batch is sent whole
 * @param topicId null: any
 */
public record FetchTarget(
        int id,
        String topic,
        int partition,
        long offset,
        Form form,
        int bytesMax,
        @Nullable UUID topicId) {

    /** How the records are handed out. */
    public enum Form {
        /** One by one. */
        PLAIN,
        /** Whole batches as they are stored. */
        PACKED
    }

    /** The same from another offset. */
    public FetchTarget at(long next) {
        return new FetchTarget(id, topic, partition, next, form, bytesMax, topicId);
    }
}
