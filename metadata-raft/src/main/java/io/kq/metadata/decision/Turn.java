package io.kq.metadata.decision;

import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.BrokerLoads;
import io.kq.runtime.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * What all operations of one turn of the controller share: the time, chance, and the batch that
 * they go into. Loop thread only.
 */
public final class Turn {

    private final long nowMillis;
    private final long batchSequence;
    private final RandomSource random;
    private @Nullable BrokerLoads loads;

    /**
     * @param loads of the committed image, or null: counted when first needed
     */
    public Turn(
            long nowMillis, long batchSequence, RandomSource random, @Nullable BrokerLoads loads) {
        this.nowMillis = nowMillis;
        this.batchSequence = batchSequence;
        this.random = random;
        this.loads = loads;
    }

    /** Wall clock, sampled once. */
    public long nowMillis() {
        return nowMillis;
    }

    /** Of the batch that this turn makes: above all that were before. */
    public long batchSequence() {
        return batchSequence;
    }

    public RandomSource random() {
        return random;
    }

    /** Loads with all that this turn decided so far. */
    public BrokerLoads loads(MetadataImage image) {
        BrokerLoads counted = loads;
        if (counted == null) {
            counted = BrokerLoads.of(image);
            loads = counted;
        }
        return counted;
    }

    /** For the next turn, if this one's batch is what changed the topics in between. */
    public @Nullable BrokerLoads loadsSoFar() {
        return loads;
    }

    /** A topic went, or a decided one was put back: count again. */
    public void forgetLoads() {
        loads = null;
    }
}
