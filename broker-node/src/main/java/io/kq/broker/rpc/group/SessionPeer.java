package io.kq.broker.rpc.group;

import io.kq.v1.SessionRequest;

/** Whoever a member speaks with over its stream. On the call's thread. */
interface SessionPeer {

    void take(SessionRequest message);

    /** Whether it can take more now; if not, it says so later. */
    boolean isReady();

    /** The client reads again. */
    void onClientReady();

    /** The client says nothing more: the call ends. */
    void onHalfClosed();

    /** The client is gone. */
    void onGone();
}
