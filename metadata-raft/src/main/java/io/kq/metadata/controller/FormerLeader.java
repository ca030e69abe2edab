package io.kq.metadata.controller;

import java.time.Duration;

/**
 * Who led the quorum before this node does.
 *
 * @param nodeId the last one that this node knew of; -1: none
 * @param silence for how long at least it had not been heard: nobody stands for election before
 */
public record FormerLeader(int nodeId, Duration silence) {

    /** Nobody is known to have led. */
    public static final FormerLeader NONE = new FormerLeader(-1, Duration.ZERO);
}
