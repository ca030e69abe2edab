package io.kq.client.batch;

import io.kq.client.metadata.TopicView;

/**
 * A topic as the threads that send see it: where to put a record. Replaced as a whole when the
 * topic grows.
 */
final class TopicQueues {

    private final TopicView topic;
    private final PartitionQueue[] queues;
    private final RoundRobin roundRobin;

    TopicQueues(TopicView topic, PartitionQueue[] queues, RoundRobin roundRobin) {
        this.topic = topic;
        this.queues = queues;
        this.roundRobin = roundRobin;
    }

    TopicView topic() {
        return topic;
    }

    PartitionQueue[] queues() {
        return queues;
    }

    RoundRobin roundRobin() {
        return roundRobin;
    }
}
