package io.kq.metadata.controller;

/** What the active controller knows of one incarnation of a broker. Loop thread only. */
final class BrokerSession {

    private final int brokerId;
    private final long brokerEpoch;

    /**
     * What the broker must have applied before it is unfenced: the image when the session began.
     */
    private final long requiredIndex;

    private long lastContactNanos;
    private boolean wantsShutdown;

    /** A transition is in the queue or in flight: none is made twice. */
    private boolean transition;

    BrokerSession(int brokerId, long brokerEpoch, long requiredIndex, long nowNanos) {
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
        this.requiredIndex = requiredIndex;
        this.lastContactNanos = nowNanos;
    }

    int brokerId() {
        return brokerId;
    }

    long brokerEpoch() {
        return brokerEpoch;
    }

    void heard(long nowNanos) {
        lastContactNanos = nowNanos;
    }

    void heartbeat(boolean shutdown, long nowNanos) {
        lastContactNanos = nowNanos;
        wantsShutdown |= shutdown;
    }

    boolean heardSince(long nanos) {
        return lastContactNanos - nanos > 0;
    }

    boolean isExpired(long nowNanos, long sessionNanos) {
        return nowNanos - lastContactNanos >= sessionNanos;
    }

    boolean wantsShutdown() {
        return wantsShutdown;
    }

    boolean mayBeUnfenced(long appliedIndex) {
        return !wantsShutdown && appliedIndex >= requiredIndex;
    }

    boolean isInTransition() {
        return transition;
    }

    /** False: one is under way. */
    boolean beginTransition() {
        if (transition) {
            return false;
        }
        transition = true;
        return true;
    }

    void endTransition() {
        transition = false;
    }
}
