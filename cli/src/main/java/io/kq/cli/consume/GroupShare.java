package io.kq.cli.consume;

import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.client.KqGroupConsumer;
import io.kq.client.admin.TopicDescription;
import io.kq.client.group.Subscription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The share of a group's member: the coordinator says what it is. One thread. */
final class GroupShare implements ReadPartitions {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Session session;
    private final KqGroupConsumer consumer;
    private final @Nullable String topic;
    private final @Nullable Pattern include;
    private Set<TopicPartition> atTheStart = Set.of();

    GroupShare(
            Session session,
            KqGroupConsumer consumer,
            @Nullable String topic,
            @Nullable Pattern include) {
        this.session = session;
        this.consumer = consumer;
        this.topic = topic;
        this.include = include;
    }

    /** A group may wait for a topic; a person who typed a name that is not there would not know. */
    @Override
    public void start() {
        atTheStart = new HashSet<>();
        for (TopicDescription found : session.await(session.admin().listTopics())) {
            Pattern pattern = include;
            boolean wanted =
                    pattern == null
                            ? found.name().equals(topic)
                            : pattern.matcher(found.name()).matches();
            if (wanted) {
                IntStream.range(0, found.partitions().size())
                        .forEach(i -> atTheStart.add(new TopicPartition(found.name(), i)));
            }
        }
        String name = topic;
        if (name != null && atTheStart.isEmpty()) {
            throw Explanation.noTopic(
                    session, name, "kq topics --create --topic " + name + " --partitions 3");
        }
        Pattern pattern = include;
        consumer.subscribe(
                pattern == null
                        ? Subscription.topics(String.valueOf(name))
                        : Subscription.pattern(pattern.pattern()));
    }

    @Override
    public Set<TopicPartition> partitions() {
        return consumer.assignment();
    }

    @Override
    public Set<TopicPartition> atTheStart() {
        return atTheStart;
    }

    @Override
    public boolean hasPattern() {
        return include != null;
    }

    @Override
    public Optional<Duration> refreshEvery() {
        return topic == null ? Optional.empty() : Optional.of(LOOK_EVERY);
    }

    /** Partitions come by themselves; that the topic is gone is not said by the group. */
    @Override
    public boolean refresh() {
        String name = topic;
        if (name != null && consumer.assignment().isEmpty() && isGone(name)) {
            throw new RejectedException(
                            ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.")
                    .with("name", name);
        }
        return false;
    }

    private boolean isGone(String name) {
        try {
            return session.await(session.admin().describeTopic(name)).partitions().isEmpty();
        } catch (RejectedException e) {
            return e.code() == ErrorCode.TOPIC_NOT_FOUND;
        }
    }

    @Override
    public boolean commits() {
        return true;
    }

    @Override
    public Optional<String> trouble() {
        return consumer.trouble().map(why -> why.getMessage() + " [" + why.code() + "]");
    }
}
