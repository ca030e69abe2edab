package io.kq.metadata.controller;

import io.kq.metadata.image.TopicImage;

/** What a topic's settings say about its replicas. Pure. */
final class TopicReplication {

    private static final String MIN_ISR = "min.insync.replicas";

    private TopicReplication() {}

    /**
     * The smallest ISR that commits. Unless set: 2 of three and more replicas, 1 below, so that one
     * broker may be down without a topic standing still.
     */
    static int minIsr(TopicImage topic) {
        String set = topic.configs().get(MIN_ISR);
        if (set == null) {
            return topic.replicationFactor() >= 3 ? 2 : 1;
        }
        return Integer.parseInt(set);
    }
}
