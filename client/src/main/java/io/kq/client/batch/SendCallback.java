package io.kq.client.batch;

import io.kq.protocol.RejectedException;

/** Told once what became of a record. On the client's loop, or within the call that took it. */
public interface SendCallback {

    /**
     * The record is taken.
     *
     * @param offset -1 if the broker was not asked to say
     */
    void onAcknowledged(int partition, long offset);

    /** The record is not taken; or, if {@code why} is not definite, perhaps it is. */
    void onFailed(RejectedException why);
}
