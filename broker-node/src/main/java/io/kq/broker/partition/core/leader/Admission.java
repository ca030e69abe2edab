package io.kq.broker.partition.core.leader;

/** Whether a leader takes a write (rules 27, 28 and 2). */
public enum Admission {
    TAKEN,
    /** The epoch is over. */
    NOT_LEADING,
    /** There are fewer committed members of the ISR than asked for. */
    NOT_ENOUGH_REPLICAS,
    /**
     * No controller has answered for a session's length: others may lead meanwhile, and nobody but
     * the leader would have what it takes.
     */
    CONTROLLER_LOST;

    /**
     * Judges a write.
     *
     * @param waitsForAll it is acknowledged by all of the ISR or not at all: then a leader that was
     *     replaced without knowing finds out in time
     */
    public static Admission of(LeaderState state, boolean waitsForAll) {
        if (state.resigned()) {
            return NOT_LEADING;
        }
        if (!state.isr().isEnough()) {
            return NOT_ENOUGH_REPLICAS;
        }
        return state.controllerLost() && !waitsForAll ? CONTROLLER_LOST : TAKEN;
    }
}
