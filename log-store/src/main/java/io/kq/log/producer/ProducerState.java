package io.kq.log.producer;

import java.util.ArrayList;
import java.util.List;

/**
 * What a partition knows of one producer.
 *
 * @param epoch of its current incarnation
 * @param lastBatches of that incarnation, oldest first, at least one and at most {@link
 *     #BATCHES_MAX}
 * @param lastAppendMillis when it last appended, by this node's wall clock
 */
public record ProducerState(short epoch, List<SequencedBatch> lastBatches, long lastAppendMillis) {

    /** As many as a producer may have in flight: a retry of any of them is recognized (KIP-98). */
    public static final int BATCHES_MAX = 5;

    public ProducerState {
        lastBatches = List.copyOf(lastBatches);
        if (lastBatches.isEmpty() || lastBatches.size() > BATCHES_MAX) {
            throw new IllegalArgumentException("1 to 5 batches, not " + lastBatches.size());
        }
    }

    /** The newest batch. */
    public SequencedBatch last() {
        return lastBatches.get(lastBatches.size() - 1);
    }

    /** With one more batch of the same epoch. */
    ProducerState plus(SequencedBatch batch, long nowMillis) {
        List<SequencedBatch> batches = new ArrayList<>(BATCHES_MAX);
        int kept = Math.min(lastBatches.size(), BATCHES_MAX - 1);
        batches.addAll(lastBatches.subList(lastBatches.size() - kept, lastBatches.size()));
        batches.add(batch);
        return new ProducerState(epoch, batches, nowMillis);
    }
}
