package io.kq.broker.stream;

/**
 * Where the data of one subscription come from: the partition here, or another node. Called by the
 * session's drain only, one call at a time; whoever has something new wakes the session.
 */
public interface CreditedSource {

    /**
     * Sends the next piece: at most {@code creditBytes} if it can be cut there, at least one batch
     * or record.
     *
     * @return the bytes it takes off the credit, 0 if nothing could be sent now
     * @throws io.kq.protocol.RejectedException the subscription is over
     */
    long sendNext(long creditBytes);

    /** Whether a call of {@link #sendNext} may have something to do now. */
    boolean hasNext();

    /**
     * Whether it holds an unpacked batch that is not sent out yet. The session goes on with it
     * first, so that there is never more than one per stream.
     */
    boolean isMidBatch();

    /**
     * Whether that batch is so large that it is sent on without credit: unpacking it anew for each
     * small credit would cost more than the reader could ever be worth.
     */
    default boolean isMidLargeBatch() {
        return false;
    }

    /** The transport takes no more for now: gives up what is large and can be read again. */
    default void pause() {}

    /** Gives up what it holds. Idempotent. */
    void close();
}
