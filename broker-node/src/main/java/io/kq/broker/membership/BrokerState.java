package io.kq.broker.membership;

/** Where a broker is in its life. */
public enum BrokerState {
    /**
     * No session with an active controller. It may still lead what it led: nobody said otherwise.
     */
    NO_SESSION,
    /** Registered, but not yet trusted to lead: it has not applied what the controller has. */
    FENCED,
    /** Takes part. */
    ACTIVE,
    /** Asked to hand over in good order before it stops. */
    DRAINING,
    /** Left: nothing is sent any more. */
    STOPPED
}
