package io.kq.cli.consume;

import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Which partitions a run reads, and how they come and go. One thread. */
interface ReadPartitions {

    /** Begins to read them. */
    void start();

    /** Those that are read now. */
    Set<TopicPartition> partitions();

    /** Those that end a run which was asked to read what there is. */
    Set<TopicPartition> atTheStart();

    /** Whether topics can come and go while this is read. */
    boolean hasPattern();

    /** How often {@link #refresh} is worth a look; empty: never. */
    Optional<Duration> refreshEvery();

    /**
     * Follows what came and went.
     *
     * @return whether anything changed
     * @throws io.kq.protocol.RejectedException TOPIC_NOT_FOUND if the one topic is gone
     */
    boolean refresh();

    /**
     * Whether what was given counts as done with the next poll: then it must be printed by then.
     */
    boolean commits();

    /** Why nothing is read though it is tried; empty: all is well. */
    Optional<String> trouble();
}
