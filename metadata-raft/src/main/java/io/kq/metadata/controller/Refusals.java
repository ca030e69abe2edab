package io.kq.metadata.controller;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;

/** Refusals that are the controller's own and no operation's. */
final class Refusals {

    private Refusals() {}

    static RejectedException notController() {
        return new RejectedException(
                ErrorCode.NOT_CONTROLLER, "this node is not the active controller");
    }

    static RejectedException stalled() {
        return new RejectedException(
                ErrorCode.QUORUM_LOST,
                "the controller waits for a majority of the metadata voters to answer");
    }

    static RejectedException tooLarge() {
        return new RejectedException(
                ErrorCode.INVALID_ARGUMENT,
                "the operation needs more than "
                        + Batch.BYTES_ALONE_MAX
                        + " bytes of metadata; make it smaller");
    }
}
