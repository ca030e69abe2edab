package io.kq.broker.partition;

import io.kq.log.LogConfig;
import io.kq.metadata.image.TopicImage;

/** What a topic's configs mean for its partitions, over the cluster's defaults. */
final class TopicSettings {

    private TopicSettings() {}

    static LogConfig logConfig(TopicImage topic, LogConfig defaults) {
        return defaults;
    }

    static int minimumIsr(TopicImage topic) {
        return 1;
    }
}
