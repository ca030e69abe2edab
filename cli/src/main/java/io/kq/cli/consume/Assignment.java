package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Position;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions are read: those of one topic, which may get more, or of all topics that match,
 * where topics come and go. One thread.
 */
final class Assignment implements ReadPartitions {

    /**
     * What was asked for: a topic or a pattern.
     *
     * @param partition only this one
     * @param position where partitions that are there at the start are read from
     */
    record Wanted(
            @Nullable String topic,
            @Nullable Pattern include,
            @Nullable Integer partition,
            Position position) {}

    private static final Duration TOPICS_EVERY = Duration.ofSeconds(5);
    private static final Duration PARTITIONS_EVERY = Duration.ofSeconds(1);

    private final Session session;
    private final KqConsumer consumer;
    private final Wanted wanted;
    private Set<TopicPartition> assigned = Set.of();

    Assignment(Session session, KqConsumer consumer, Wanted wanted) {
        this.session = session;
        this.consumer = consumer;
        this.wanted = wanted;
    }

    /** Assigns what there is now. */
    @Override
    public void start() {
        Map<TopicPartition, Position> positions = new HashMap<>();
        String topic = wanted.topic();
        List<TopicPartition> found = topic == null ? matching() : partitionsOf(topic);
        found.forEach(partition -> positions.put(partition, wanted.position()));
        assign(positions);
    }

    @Override
    public Set<TopicPartition> partitions() {
        return assigned;
    }

    @Override
    public Set<TopicPartition> atTheStart() {
        return assigned;
    }

    @Override
    public boolean commits() {
        return false;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    private void assign(Map<TopicPartition, Position> positions) {
        consumer.assign(positions);
        assigned = Set.copyOf(positions.keySet());
    }

    private List<TopicPartition> partitionsOf(String topic) {
        List<TopicPartition> all;
        try {
            all = consumer.partitionsOf(topic);
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                throw Explanation.noTopic(
                        session,
                        e,
                        topic,
                        "kq topics --create --topic " + topic + " --partitions 3");
            }
            throw e;
        }
        Integer only = wanted.partition();
        if (only == null) {
            return all;
        }
        TopicPartition partition = new TopicPartition(topic, only);
        if (!all.contains(partition)) {
            throw CommandFailure.of(
                            ErrorCode.PARTITION_NOT_FOUND,
                            "Topic '" + topic + "' has no partition " + only + ".")
                    .withDetail("partitions 0 to " + (all.size() - 1) + " exist")
                    .next("leave --partition out to read all of them");
        }
        return List.of(partition);
    }

    private List<TopicPartition> matching() {
        Pattern include = wanted.include();
        if (include == null) {
            return List.of();
        }
        return session.await(session.admin().listTopics()).stream()
                .filter(topic -> include.matcher(topic.name()).matches())
                .flatMap(Assignment::partitions)
                .toList();
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return IntStream.range(0, topic.partitions().size())
                .mapToObj(index -> new TopicPartition(topic.name(), index));
    }

    @Override
    public boolean hasPattern() {
        return wanted.include() != null;
    }

    /** How often it is worth a look; what one topic has is known without asking anybody. */
    @Override
    public Optional<Duration> refreshEvery() {
        if (hasPattern()) {
            return Optional.of(TOPICS_EVERY);
        }
        return wanted.partition() == null ? Optional.of(PARTITIONS_EVERY) : Optional.empty();
    }

    /**
     * Follows partitions and topics that came (from their beginning: nobody has read them) and
     * topics that went.
     *
     * @return whether anything changed
     * @throws RejectedException TOPIC_NOT_FOUND if the one topic is gone
     */
    @Override
    public boolean refresh() {
        String topic = wanted.topic();
        Set<TopicPartition> now =
                new HashSet<>(topic == null ? matching() : consumer.partitionsOf(topic));
        if (now.equals(assigned)) {
            return false;
        }
        Map<TopicPartition, Position> positions = new HashMap<>();
        for (TopicPartition partition : now) {
            positions.put(
                    partition,
                    assigned.contains(partition)
                            ? Position.offset(consumer.position(partition))
                            : Position.EARLIEST);
        }
        assign(positions);
        return true;
    }
}
