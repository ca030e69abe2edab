package io.kq.log.producer;

import java.util.Map;

/**
 * What was known of producers when the log ended at an offset. A value.
 *
 * @param offset exclusive: batches below it are accounted for
 * @param forgetful some producer may have been forgotten
 * @param producers by producer id
 */
public record ProducerSnapshot(long offset, boolean forgetful, Map<Long, ProducerState> producers) {

    public ProducerSnapshot {
        producers = Map.copyOf(producers);
    }
}
